import type { Entry, Leaf } from '../../model/model.ts';
import { compilePattern, type CompiledPattern } from '../../template/compile-pattern.ts';
import { datePatternsOf, isBlank, yearlyOffsets, type DatePattern } from '../date-patterns.ts';
import { findMistakenLetters } from '../mistaken-letters.ts';
import { misreadDatesOf } from '../sage-dates.ts';
import { pollUrlOf } from '../poll-url.ts';
import type { Rule, RuleReport } from '../rule.ts';

export default {
  id: 'date-format-mismatch',
  severity: 'warning',
  summary: 'dates of one entry that cannot all be right: other units, other zones, day and month swapped',
  why: 'The URL asks by a date, and the records answer with one; both are of the same system. Where the URL writes a clock of one zone and the records are read in another, or the URL counts seconds and the records milliseconds, one of the two is off, and records fall into the gap. Patterns that only look different, such as `Z` in quotes and `XXX`, are left alone.',
  examples: [
    {
      bad: 'bills:\n  url: "/hubs/finance/bills?where=changed>\'${gmtDate:yyyy-MM-dd HH:mm:ss}\'"\n  idField: id\n  datesConfiguration:\n    updatedDateField: changed\n    updatedDateFormat: yyyy-MM-dd HH:mm:ss\n    updatedDateTimezone: America/Denver\n',
      says: ['the URL asks by a clock in GMT, and the records are read in America/Denver: expected one zone'],
      good: 'bills:\n  url: "/hubs/finance/bills?where=changed>\'${dateTimeZone:America/Denver:yyyy-MM-dd HH:mm:ss}\'"\n  idField: id\n  datesConfiguration:\n    updatedDateField: changed\n    updatedDateFormat: yyyy-MM-dd HH:mm:ss\n    updatedDateTimezone: America/Denver\n',
    },
    {
      bad: "bills:\n  url: /hubs/finance/bills?where=changed>'${epoch:s}'\n  idField: id\n  datesConfiguration:\n    updatedDateField: changed\n    updatedDateFormat: milliseconds\n",
      says: [
        'the URL asks for "changed" in seconds, and the records have it in milliseconds: expected one unit',
      ],
      good: "bills:\n  url: /hubs/finance/bills?where=changed>'${epoch:ms}'\n  idField: id\n  datesConfiguration:\n    updatedDateField: changed\n    updatedDateFormat: milliseconds\n",
    },
    {
      bad: "bills:\n  url: /hubs/finance/bills?where=changed>'${gmtDate:MM/dd/yyyy}'\n  idField: id\n  datesConfiguration:\n    updatedDateField: changed\n    updatedDateFormat: dd/MM/yyyy\n",
      says: [
        'the URL writes the month before the day, and the records the day before the month: expected one order',
      ],
      good: "bills:\n  url: /hubs/finance/bills?where=changed>'${gmtDate:dd/MM/yyyy}'\n  idField: id\n  datesConfiguration:\n    updatedDateField: changed\n    updatedDateFormat: dd/MM/yyyy\n",
    },
    {
      bad: "bills:\n  url: /hubs/finance/bills\n  idField: id\n  datesConfiguration:\n    updatedDateField: changed\n    updatedDateFormat: yyyy-MM-dd'T'HH:mm:ssXXX\n    createdDateField: created\n    createdDateFormat: yyyy-MM-dd'T'HH:mm:ssZ\n",
      says: [
        `"yyyy-MM-dd'T'HH:mm:ssZ" for the created date is not "yyyy-MM-dd'T'HH:mm:ssXXX" for the updated date`,
      ],
      good: "bills:\n  url: /hubs/finance/bills\n  idField: id\n  datesConfiguration:\n    updatedDateField: changed\n    updatedDateFormat: yyyy-MM-dd'T'HH:mm:ssXXX\n    createdDateField: created\n    createdDateFormat: yyyy-MM-dd'T'HH:mm:ssXXX\n",
    },
  ],
  *checkEntries({ poller, elementKey }) {
    for (const entry of poller?.entries ?? []) {
      if (entry.url !== undefined) yield* checkBounds(entry, entry.url);
      if (entry.url !== undefined && entry.dates !== undefined) yield* checkUrl(entry, entry.url);
      // Which of the two is right is known of Sage.
      if (elementKey?.value !== 'sageone' || misreadDatesOf(entry).length === 0) yield* checkRecord(entry);
    }
  },
} satisfies Rule;

/** Two clocks in one URL, and neither says which zone it is in. */
function* checkBounds(entry: Entry, url: Leaf<string>): Iterable<RuleReport> {
  const [first, ...others] = datePatternsOf(entry).filter(
    (pattern) => pattern.template !== undefined && pattern.mark === undefined && hasClock(pattern),
  );
  const other = others.find(({ zone }) => zone?.isKnown !== false && zone?.name !== first?.zone?.name);
  if (first?.template === undefined || other?.template === undefined || first.zone?.isKnown === false) return;
  const isSame = offsetsOf(first).join() === offsetsOf(other).join();
  const [here, there] = [first, other].map(clockOf);
  yield {
    leaf: url,
    span: other.template,
    ...(isSame && { severity: 'info' }),
    message: `one URL writes the clock in ${here} and the clock in ${there}: expected one zone`,
    help: isSame
      ? 'They are the same only as long as the servers run on UTC. gmtDate is UTC everywhere.'
      : 'Neither says its zone, so the provider reads both alike, and one of them is off by hours.',
    related: [{ range: url.rangeOf(first.template.start, first.template.end), message: 'the other one' }],
  };
}

function offsetsOf({ zone }: DatePattern): readonly number[] {
  return zone === undefined ? [0, 0] : yearlyOffsets(zone);
}

function clockOf({ zone }: DatePattern): string {
  return zone === undefined ? 'the zone of the server (UTC)' : zone.name;
}

function* checkUrl(entry: Entry, url: Leaf<string>): Iterable<RuleReport> {
  const unit = unitMismatch(entry, url);
  if (unit !== undefined) yield unit;
  const format = entry.dates?.updatedDateFormat;
  const patterns = datePatternsOf(entry);
  const record = patterns.find(({ leaf, template }) => template === undefined && leaf === format);
  const asked = patterns.find(({ template }) => template !== undefined);
  if (record === undefined || asked === undefined) return;
  const difference =
    orderMismatch(asked, record) ??
    (isBlank(entry.dates?.updatedDateTimezone) ? undefined : zoneMismatch(asked, record));
  if (difference === undefined) return;
  const related = [{ range: record.leaf.range, message: 'how the records are read' }];
  yield { leaf: url, span: asked.template ?? asked.span, related, ...difference };
}

/** Only where the URL names the very field of the records: a parameter of its own may well take another unit. */
function unitMismatch({ dates }: Entry, url: Leaf<string>): RuleReport | undefined {
  const format = dates?.updatedDateFormat;
  const field = dates?.updatedDateField?.value;
  const recordUnit = { milliseconds: 'milliseconds', timestamp: 'seconds' }[format?.value ?? ''];
  const condition = pollUrlOf(url).where?.conditions.find(({ name }) => name.name === field);
  const template = condition?.values[0]?.templates[0];
  const urlUnit = template?.unit && { ms: 'milliseconds', s: 'seconds', us: 'microseconds' }[template.unit];
  if (format === undefined || recordUnit === undefined || urlUnit === undefined || recordUnit === urlUnit)
    return undefined;
  if (template === undefined || template.faults.length > 0) return undefined;
  return {
    leaf: url,
    span: template,
    message: `the URL asks for "${field}" in ${urlUnit}, and the records have it in ${recordUnit}: expected one unit`,
    help: 'A time in the wrong unit is in 1970 or in the far future, so the filter lets everything through, or nothing.',
    related: [{ range: format.range, message: `here it is in ${recordUnit}` }],
  };
}

type Difference = Pick<RuleReport, 'message' | 'help'>;

function orderMismatch(asked: DatePattern, record: DatePattern): Difference | undefined {
  // As nearly always: one hand has written both.
  if (asked.compiled === record.compiled) return undefined;
  const [inUrl, inRecord] = [orderOf(asked.compiled), orderOf(record.compiled)];
  if (inUrl === undefined || inRecord === undefined || inUrl === inRecord) return undefined;
  return {
    message: `the URL writes the ${inUrl}, and the records the ${inRecord}: expected one order`,
    help: 'Up to the twelfth of a month both readings are valid dates, and one of them is wrong.',
  };
}

/** Undefined where a name, or the year in front, leaves no doubt. */
function orderOf({ pieces }: CompiledPattern): string | undefined {
  const letters = pieces.flatMap((piece) => (piece.kind === 'letters' ? [piece] : []));
  const month = letters.findIndex(({ letter, count }) => (letter === 'M' || letter === 'L') && count < 3);
  const day = letters.findIndex(({ letter }) => letter === 'd');
  const year = letters.findIndex(({ letter }) => letter === 'y');
  if (month === -1 || day === -1 || year < month || year < day) return undefined;
  return month < day ? 'month before the day' : 'day before the month';
}

/** A clock without its zone, on both sides. The platform's own zone is UTC unless someone says otherwise. */
function zoneMismatch(asked: DatePattern, record: DatePattern): Difference | undefined {
  if (asked.mark !== undefined || record.mark !== undefined || !hasClock(asked) || !hasClock(record))
    return undefined;
  if (record.zone?.isKnown !== true || asked.zone?.isKnown === false) return undefined;
  if (yearlyOffsets(record.zone).join() === offsetsOf(asked).join()) return undefined;
  return {
    message: `the URL asks by a clock in ${clockOf(asked)}, and the records are read in ${record.zone.name}: expected one zone`,
    help: 'Neither says its zone, so the provider reads both alike, and one of them is off by hours.',
  };
}

function hasClock({ compiled }: DatePattern): boolean {
  return compiled.pieces.some((piece) => piece.kind === 'letters' && /[HhKk]/.test(piece.letter));
}

/** The two dates of one record usually come from one hand. */
function* checkRecord({ dates }: Entry): Iterable<RuleReport> {
  const updated = dates?.updatedDateFormat;
  const created = dates?.createdDateFormat;
  if (updated === undefined || created === undefined || updated.value.trim() === created.value.trim()) return;
  if (![updated, created].every(isFaultless)) return;
  yield {
    leaf: created,
    severity: 'info',
    message: `"${created.value}" for the created date is not "${updated.value}" for the updated date`,
    help: 'Both dates of a record are usually written alike. Look at a record of the provider, and see whether one of the two is right for both.',
    related: [{ range: updated.range, message: 'the updated date' }],
  };
}

/** Whatever else is wrong with a pattern explains the difference. */
function isFaultless({ value }: Leaf<string>): boolean {
  const result = compilePattern(value);
  if (value.trim() === '' || !result.ok) return false;
  const isDate = result.pattern.keyword !== undefined || result.pieces.some(({ kind }) => kind === 'letters');
  return isDate && findMistakenLetters(result.pieces, { reads: true }).length === 0;
}
