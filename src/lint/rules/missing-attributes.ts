import { didYouMean } from '../../problem/did-you-mean.ts';
import type { Entry, Leaf } from '../../model/model.ts';
import { pollUrlOf } from '../poll-url.ts';
import { meantDateField } from '../sage-fields.ts';
import type { Rule, RuleReport } from '../rule.ts';

export default {
  id: 'missing-attributes',
  severity: 'error',
  summary: 'a Sage list without the date fields that the entry reads',
  why: "Sage's lists give id, name and path of a record and nothing else, unless the request asks for more with `attributes`. Without the dates nothing tells new records from changed ones, and every record is reported again at each poll.",
  fixable: true,
  examples: [
    {
      bad: `element: {key: sageone}\nconfiguration:\n  oauth.api.key: \${env:ID}\n  oauth.api.secret: \${env:SECRET}\n  oauth.callback.url: https://app.example.com\n  event.poller.configuration:\n    customers:\n      url: "/hubs/finance/customers?where=lastModifiedDate>='\${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'"\n      idField: id\n      datesConfiguration: {updatedDateField: updated_at, createdDateField: created_at}\n`,
      says: [
        'the list will not hold "updated_at" and "created_at": expected attributes=\'created_at,updated_at\'',
      ],
      good: `element: {key: sageone}\nconfiguration:\n  oauth.api.key: \${env:ID}\n  oauth.api.secret: \${env:SECRET}\n  oauth.callback.url: https://app.example.com\n  event.poller.configuration:\n    customers:\n      url: "/hubs/finance/customers?where=lastModifiedDate>='\${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}' and attributes='created_at,updated_at'"\n      idField: id\n      datesConfiguration: {updatedDateField: updated_at, createdDateField: created_at}\n`,
    },
    {
      bad: `element: {key: sageone}\nconfiguration:\n  oauth.api.key: \${env:ID}\n  oauth.api.secret: \${env:SECRET}\n  oauth.callback.url: https://app.example.com\n  event.poller.configuration:\n    customers:\n      url: "/hubs/finance/customers?where=attributes='created_at'"\n      idField: id\n      datesConfiguration: {updatedDateField: updated_at, createdDateField: created_at}\n`,
      says: ['the list will not hold "updated_at": expected attributes=\'created_at,updated_at\''],
      good: `element: {key: sageone}\nconfiguration:\n  oauth.api.key: \${env:ID}\n  oauth.api.secret: \${env:SECRET}\n  oauth.callback.url: https://app.example.com\n  event.poller.configuration:\n    customers:\n      url: "/hubs/finance/customers?where=attributes='created_at,updated_at'"\n      idField: id\n      datesConfiguration: {updatedDateField: updated_at, createdDateField: created_at}\n`,
    },
    {
      bad: `element: {key: sageone}\nconfiguration:\n  oauth.api.key: \${env:ID}\n  oauth.api.secret: \${env:SECRET}\n  oauth.callback.url: https://app.example.com\n  event.poller.configuration:\n    customers:\n      url: "/hubs/finance/customers?where=attributes='created_at,udpated_at'"\n      idField: id\n      datesConfiguration: {updatedDateField: updated_at, createdDateField: created_at}\n`,
      says: ['the list will not hold "updated_at": expected attributes=\'created_at,updated_at\''],
      good: `element: {key: sageone}\nconfiguration:\n  oauth.api.key: \${env:ID}\n  oauth.api.secret: \${env:SECRET}\n  oauth.callback.url: https://app.example.com\n  event.poller.configuration:\n    customers:\n      url: "/hubs/finance/customers?where=attributes='created_at,updated_at'"\n      idField: id\n      datesConfiguration: {updatedDateField: updated_at, createdDateField: created_at}\n`,
    },
  ],
  *checkEntries({ elementKey, poller }) {
    if (elementKey?.value !== 'sageone') return;
    for (const entry of poller?.entries ?? [])
      if (entry.url !== undefined) yield* checkEntry(entry, entry.url);
  },
} satisfies Rule;

const quotes = /^['‘’‚‛“”„´`′]|['‘’‛“”´`′]$/g;

/** What a list gives unasked. */
const givenUnasked = new Set(['id', 'displayed_as', '$path']);

function* checkEntry(entry: Entry, url: Leaf<string>): Iterable<RuleReport> {
  const parsed = pollUrlOf(url);
  // With a broken URL nobody can tell what it asks for.
  if (parsed.faults.length > 0) return;
  // Asked for under a name that is nearly this one: that is `unsupported-sage-query`.
  if (parsed.where?.conditions.some(({ name }) => didYouMean(name.name, ['attributes']) !== undefined))
    return;
  const wanted = wantedFields(entry);
  const condition = parsed.where?.conditions.find(({ name }) => name.name === 'attributes');
  const parameter = parsed.parameters.find(({ name }) => name.text.trim() === 'attributes');
  // Curly quotes are `typographic-quote`.
  const asked = (condition?.values[0]?.value ?? parameter?.value?.text ?? '').replaceAll(quotes, '');
  const names = asked.split(',').map((name) => name.trim());
  const missing = wanted.filter((name) => !names.includes(name));
  if (missing.length === 0 || names.includes('all')) return;

  // One that is asked for under a misspelt name is that name mended, not one more.
  const misspelt = new Set(names.filter((name) => missing.some((field) => meantDateField(name) === field)));
  const all = [...names.filter((name) => name !== '' && !misspelt.has(name)), ...missing].sort().join(',');
  const value = condition?.values[0];
  const fix =
    misspelt.size > 0
      ? rewrite(url, value, all)
      : fixOf(url, value, parsed.where, missing, all, parameter !== undefined);
  yield {
    leaf: url,
    ...(condition && { span: condition }),
    message: `the list will not hold ${missing.map((name) => JSON.stringify(name)).join(' and ')}: expected attributes='${all}'`,
    help: 'Sage gives only id, name and path of a record unless attributes asks for more. Without its dates each record is reported again at every poll.',
    ...(fix && { fix }),
  };
}

/** The first segment of each date field; deeper ones come with it. */
function wantedFields({ dates }: Entry): string[] {
  const fields = [dates?.updatedDateField?.value, dates?.createdDateField?.value];
  const roots = fields.map((field) => field?.split('.')[0] ?? '').filter((root) => /^\w+$/.test(root));
  // A misspelt one is not to be asked for: `misspelt-record-field` says what was meant.
  return [...new Set(roots)].filter((root) => !givenUnasked.has(root) && meantDateField(root) === undefined);
}

function rewrite(
  url: Leaf<string>,
  value: { readonly start: number; readonly end: number; readonly isQuoted: boolean } | undefined,
  all: string,
): RuleReport['fix'] {
  if (value?.isQuoted !== true) return undefined;
  const edits = [url.editOf(value.start + 1, value.end - 1, all)];
  return { safe: false, title: `write ${all}`, edits };
}

function fixOf(
  url: Leaf<string>,
  value: { readonly end: number; readonly isQuoted: boolean } | undefined,
  where: { readonly end: number } | undefined,
  missing: readonly string[],
  all: string,
  isParameter: boolean,
): RuleReport['fix'] {
  const title = `ask for ${missing.join(' and ')}`;
  if (value?.isQuoted === true) {
    return { safe: true, title, edits: [url.editOf(value.end - 1, value.end - 1, `,${missing.join(',')}`)] };
  }
  if (value !== undefined || isParameter || where === undefined) return undefined;
  return { safe: true, title, edits: [url.editOf(where.end, where.end, ` and attributes='${all}'`)] };
}
