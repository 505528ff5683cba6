import type { Entry } from '../../model/model.ts';
import { pollUrlOf } from '../poll-url.ts';
import type { Rule, RuleReport } from '../rule.ts';

const mostRecords = 200;

export default {
  id: 'page-size-limit',
  severity: 'warning',
  summary: 'a page larger than Sage gives',
  why: 'Sage gives at most 200 records a page, and does not say what it does when asked for more. `sagecfg run` asks for 200 then.',
  fixable: true,
  examples: [
    {
      bad: 'element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers:\n      url: /hubs/finance/customers\n      pageSize: 1000\n',
      says: ['a page of 1000 records: Sage gives at most 200'],
      good: 'element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers:\n      url: /hubs/finance/customers\n      pageSize: 200\n',
    },
    {
      bad: 'element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers:\n      url: /hubs/finance/customers?pageSize=500\n',
      says: ['a page of 500 records: Sage gives at most 200'],
      good: 'element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers:\n      url: /hubs/finance/customers?pageSize=200\n',
    },
  ],
  *checkEntries({ elementKey, text, poller }) {
    if (elementKey?.value !== 'sageone') return;
    for (const entry of poller?.entries ?? []) yield* checkEntry(entry, text);
  },
} satisfies Rule;

const help = 'Nobody knows what Sage does when it is asked for more: take 200, or leave it out.';

function* checkEntry({ url, pageSize }: Entry, text: string): Iterable<RuleReport> {
  if (pageSize !== undefined && pageSize.value > mostRecords) {
    // The number may stand in quotes, which stay.
    const { start, end } = pageSize.range;
    const written = text.slice(start, end);
    const edits = [
      { range: pageSize.range, text: written.replace(String(pageSize.value), String(mostRecords)) },
    ];
    const isPlain = written.includes(String(pageSize.value));
    yield {
      leaf: pageSize,
      message: `a page of ${pageSize.value} records: Sage gives at most ${mostRecords}`,
      help,
      ...(isPlain && { fix: { safe: true, title: `write ${mostRecords}`, edits } }),
    };
  }
  const parameter = url && pollUrlOf(url).parameters.find(({ name }) => name.text === 'pageSize');
  const size = parameter?.value;
  if (url === undefined || size === undefined || !(Number(size.text) > mostRecords)) return;
  yield {
    leaf: url,
    span: size,
    message: `a page of ${size.text} records: Sage gives at most ${mostRecords}`,
    help,
    fix: {
      safe: true,
      title: `write ${mostRecords}`,
      edits: [url.editOf(size.start, size.end, String(mostRecords))],
    },
  };
}
