import type { Entry } from '../../model/model.ts';
import { datePatternsOf, isBlank, isUtc, type DatePattern } from '../date-patterns.ts';
import type { Rule, RuleReport } from '../rule.ts';

export default {
  id: 'zoneless-date',
  severity: 'warning',
  summary: 'record dates of which nothing says in which time zone they are',
  why: 'A date such as `2026-11-23 10:00:00` is a different moment in each zone. Without `updatedDateTimezone` it is read as GMT. Where the provider means its own clock, every record looks hours older or newer than it is: the poller drops it as old, or delivers it at every poll. It is only an info where the URL sends the same kind of date in GMT, which suggests that the provider speaks GMT.',
  examples: [
    {
      bad: 'bills:\n  url: /hubs/finance/bills\n  idField: id\n  datesConfiguration:\n    updatedDateField: changed\n    updatedDateFormat: MM/dd/yyyy HH:mm:ss\n',
      says: ['"MM/dd/yyyy HH:mm:ss" has no zone and is read as GMT: expected updatedDateTimezone'],
      good: 'bills:\n  url: /hubs/finance/bills\n  idField: id\n  datesConfiguration:\n    updatedDateField: changed\n    updatedDateFormat: MM/dd/yyyy HH:mm:ss\n    updatedDateTimezone: GMT\n',
    },
    {
      bad: 'bills:\n  url: /hubs/finance/bills\n  idField: id\n  datesConfiguration:\n    updatedDateField: changed\n    updatedDateFormat: yyyy-MM-dd HH:mm:ss\n    createdDateField: created\n    createdDateFormat: yyyy-MM-dd HH:mm:ss\n',
      says: [
        '"yyyy-MM-dd HH:mm:ss" has no zone and is read as GMT: expected updatedDateTimezone and createdDateTimezone',
      ],
      good: 'bills:\n  url: /hubs/finance/bills\n  idField: id\n  datesConfiguration:\n    updatedDateField: changed\n    updatedDateFormat: yyyy-MM-dd HH:mm:ssXXX\n    createdDateField: created\n    createdDateFormat: yyyy-MM-dd HH:mm:ssXXX\n',
    },
  ],
  *checkEntries({ poller }) {
    for (const entry of poller?.entries ?? []) yield* checkEntry(entry);
  },
} satisfies Rule;

function* checkEntry(entry: Entry): Iterable<RuleReport> {
  const { dates } = entry;
  // With one of the two zones set, the other one is `single-timezone`.
  if (!isBlank(dates?.updatedDateTimezone) || !isBlank(dates?.createdDateTimezone)) return;
  const patterns = datePatternsOf(entry);
  const zoneless = patterns.filter((pattern) => pattern.template === undefined && isZoneless(pattern));
  const [first] = zoneless;
  if (first === undefined) return;
  const keys = zoneless.map(({ leaf }) =>
    leaf === dates?.updatedDateFormat ? 'updatedDateTimezone' : 'createdDateTimezone',
  );
  const isAskedInUtc = patterns.some(({ template, zone }) => template !== undefined && zone && isUtc(zone));
  yield {
    leaf: first.leaf,
    ...(isAskedInUtc && { severity: 'info' }),
    message: `"${first.leaf.value}" has no zone and is read as GMT: expected ${keys.join(' and ')}`,
    help: 'If the provider writes its own clock, records look hours too old and are dropped. Say which zone it is, even if it is GMT.',
  };
}

/** A clock without a zone. A day alone is a day everywhere. */
function isZoneless({ compiled, mark }: DatePattern): boolean {
  return (
    mark === undefined &&
    compiled.pieces.some((piece) => piece.kind === 'letters' && /[HhKk]/.test(piece.letter))
  );
}
