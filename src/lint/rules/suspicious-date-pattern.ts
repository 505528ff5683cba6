import { isAtLeast, type Fix, type Severity } from '../../problem/problem.ts';
import { datePatternsOf, type DatePattern } from '../date-patterns.ts';
import { describeOdd, oddCharacter } from '../../template/odd-characters.ts';
import { findMistakenLetters, type MistakenLetters } from '../mistaken-letters.ts';
import type { Rule, RuleReport } from '../rule.ts';

export default {
  id: 'suspicious-date-pattern',
  severity: 'error',
  summary: 'a letter in a date pattern that is legal, but means something else than it looks like',
  why: 'Capitals count in Java patterns: `MM` is the month and `mm` the minute, `dd` the day of the month and `DD` the day of the year, `yyyy` the year and `YYYY` the year of the week, which is the next one in the last days of December. `HH` counts to 23; `hh` counts to 12 and needs `a` (AM or PM) beside it. `SSS` is a whole number of milliseconds, so six of them do not make microseconds. Java takes all of these without a word and writes a wrong date.',
  fixable: true,
  examples: [
    {
      bad: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${gmtDate:yyyy-mm-dd}\'"\n',
      says: ['"mm" is the minute: expected "MM" for the month'],
      good: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${gmtDate:yyyy-MM-dd}\'"\n',
    },
    {
      bad: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${gmtDate:YYYY-MM-DD hh:MM:SS}\'"\n',
      says: [
        '"YYYY" is the year of the week: expected "yyyy"; "DD" is the day of the year: expected "dd"; "hh" counts to 12 and there is no AM or PM: expected "HH"; "MM" is the month: expected "mm" for the minute; "SS" is the millisecond: expected "ss" for the second',
      ],
      good: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${gmtDate:yyyy-MM-dd HH:mm:ss}\'"\n',
    },
    {
      bad: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${gmtDate:yyyy-MM-dd HH:mm:ss.SSSSSSXXX}\'"\n',
      says: ['"SSSSSS" is a whole number of milliseconds, not a fraction: expected "SSS"'],
      good: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${gmtDate:yyyy-MM-dd HH:mm:ss.SSSXXX}\'"\n',
    },
    {
      bad: "contacts:\n  url: /hubs/crm/contacts\n  idField: id\n  datesConfiguration:\n    updatedDateField: updated\n    updatedDateFormat: yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX\n",
      says: [
        '"SSSSSS" is a whole number of milliseconds, not a fraction: expected a pattern that ends with "ss"',
      ],
      good: "contacts:\n  url: /hubs/crm/contacts\n  idField: id\n  datesConfiguration:\n    updatedDateField: updated\n    updatedDateFormat: yyyy-MM-dd'T'HH:mm:ss\n    updatedDateTimezone: GMT\n",
    },
    {
      bad: "contacts:\n  url: /hubs/crm/contacts\n  idField: id\n  datesConfiguration:\n    updatedDateField: updated\n    updatedDateFormat: MM/dd/yyy'T'HH:mm:ssXXX\n",
      says: ['"yyy" is written with four digits all the same: expected "yyyy"'],
      good: "contacts:\n  url: /hubs/crm/contacts\n  idField: id\n  datesConfiguration:\n    updatedDateField: updated\n    updatedDateFormat: MM/dd/yyyy'T'HH:mm:ssXXX\n",
    },
    {
      bad: "contacts:\n  url: /hubs/crm/contacts\n  idField: id\n  datesConfiguration:\n    updatedDateField: updated\n    updatedDateFormat: '518862600'\n",
      says: ['"518862600" has no letter of a date: expected a pattern such as yyyy-MM-dd, or timestamp'],
      good: 'contacts:\n  url: /hubs/crm/contacts\n  idField: id\n  datesConfiguration:\n    updatedDateField: updated\n    updatedDateFormat: timestamp\n',
    },
    {
      bad: 'contacts:\n  url: /hubs/crm/contacts\n  idField: id\n  datesConfiguration:\n    updatedDateField: updated\n    updatedDateFormat: "yyyy-MM-dd HH:mm:ssXXX "\n',
      says: ['a blank at the edge of the date pattern: expected none'],
      good: 'contacts:\n  url: /hubs/crm/contacts\n  idField: id\n  datesConfiguration:\n    updatedDateField: updated\n    updatedDateFormat: "yyyy-MM-dd HH:mm:ssXXX"\n',
    },
    {
      bad: 'leads:\n  url: /hubs/crm/leads\n  idField: id\n  datesConfiguration: {updatedDateField: at, updatedDateFormat: ms}\n',
      says: ['"ms" has no year, so every date is one of 1970: did you mean "milliseconds"?'],
      good: 'leads:\n  url: /hubs/crm/leads\n  idField: id\n  datesConfiguration: {updatedDateField: at, updatedDateFormat: milliseconds}\n',
    },
    {
      bad: 'leads:\n  url: /hubs/crm/leads\n  idField: id\n  datesConfiguration: {updatedDateField: at, updatedDateFormat: "yyyy-MM-dd HH:mm:ss`Z`"}\n',
      says: ['a backtick in a date pattern: expected "\'"'],
      good: 'leads:\n  url: /hubs/crm/leads\n  idField: id\n  datesConfiguration: {updatedDateField: at, updatedDateFormat: "yyyy-MM-dd HH:mm:ss\'Z\'"}\n',
    },
  ],
  *checkEntries({ poller }) {
    for (const entry of poller?.entries ?? []) {
      for (const pattern of datePatternsOf(entry)) yield* checkPattern(pattern);
    }
  },
} satisfies Rule;

function* checkPattern(pattern: DatePattern): Iterable<RuleReport> {
  const { leaf, span, compiled } = pattern;
  if (compiled.pieces.every(({ kind }) => kind === 'literal')) {
    const text = leaf.value.slice(span.start, span.end);
    const message = `${JSON.stringify(text)} has no letter of a date: expected a pattern such as yyyy-MM-dd${pattern.template === undefined ? ', or timestamp' : ''}`;
    yield { leaf, span, message, help: 'It is the same text at every poll, whatever the time is.' };
    return;
  }
  // What else is said of such a pattern, of its zone or its precision, follows from it.
  const slip = withoutYear(pattern) ?? slipOf(pattern);
  if (slip !== undefined) {
    yield { ...slip, spoils: [leaf.pointer] };
    return;
  }
  const mistakes = findMistakenLetters(compiled.pieces, { reads: pattern.template === undefined });
  const [first] = mistakes;
  if (first === undefined) return;
  const severity = mistakes.reduce<Severity>((worst, mistake) => {
    return isAtLeast(mistake.severity, worst) ? mistake.severity : worst;
  }, 'info');
  const last = mistakes.at(-1) ?? first;
  const fix = fixOf(pattern, mistakes);
  yield {
    leaf,
    span: { start: span.start + first.run.start, end: span.start + last.run.end },
    severity,
    message: mistakes.map(({ run, says }) => `"${run.source}" ${says}`).join('; '),
    help: first.help,
    ...(isZone(mistakes) && { spoils: [leaf.pointer] }),
    ...(fix && { fix }),
  };
}

/** The letter that was meant for the zone: then it has none only because of that. */
function isZone(mistakes: readonly MistakenLetters[]): boolean {
  return mistakes.some(({ instead }) => instead === 'XXX');
}

/** What a record has to hold to the letter, and never does; in a URL it is a fault of the template. */
function slipOf({ leaf, span, template }: DatePattern): RuleReport | undefined {
  if (template !== undefined) return undefined;
  const text = leaf.value.slice(span.start, span.end);
  const found = /^ +| +$/.exec(text) ?? /[,;]$/.exec(text) ?? oddCharacter.exec(text);
  if (found === null) return undefined;
  const isEdge = /^[ ,;]/.test(found[0]);
  const place = { start: span.start + found.index, end: span.start + found.index + found[0].length };
  const odd = isEdge ? [found] : [...text.matchAll(new RegExp(oddCharacter, 'g'))];
  const rightOf = (character: string) => (isEdge ? '' : describeOdd(character).right);
  return {
    leaf,
    span: place,
    message: isEdge
      ? `${found[0].trim() === '' ? 'a blank' : `a "${found[0]}"`} at the edge of the date pattern: expected none`
      : describeSlip(found[0], rightOf(found[0])),
    help: 'Java wants every character of the pattern in the date, and then reads no date at all.',
    fix: {
      safe: true,
      title: isEdge ? 'remove it' : 'write what the keyboard has',
      edits: odd.map(({ index, 0: part }) =>
        leaf.editOf(span.start + index, span.start + index + part.length, rightOf(part)),
      ),
    },
  };
}

function describeSlip(character: string, right: string): string {
  const { what } = describeOdd(character);
  const expected = right === '' ? 'none' : right === ' ' ? 'a blank' : JSON.stringify(right);
  return what === 'a dash'
    ? `"${character}" is a dash of a word processor: expected "-"`
    : `${what} in a date pattern: expected ${expected}`;
}

/** Read by a pattern without a year, every date is one of 1970; `ms` is a pattern of minute and second. */
function withoutYear({ leaf, span, compiled, template }: DatePattern): RuleReport | undefined {
  if (template !== undefined) return undefined;
  if (compiled.pieces.some((piece) => piece.kind === 'letters' && /[yYu]/.test(piece.letter)))
    return undefined;
  const text = leaf.value.slice(span.start, span.end);
  const keyword = { ms: 'milliseconds', s: 'timestamp', S: 'milliseconds' }[text.trim()];
  return {
    leaf,
    span,
    severity: keyword === undefined ? 'warning' : 'error',
    message: `${JSON.stringify(text)} has no year, so every date is one of 1970: ${keyword === undefined ? 'expected one, such as yyyy-MM-dd' : `did you mean "${keyword}"?`}`,
    help: 'A record of 1970 is never newer than the last poll, and is dropped.',
    ...(keyword !== undefined && {
      fix: { safe: false, title: `write "${keyword}"`, edits: [leaf.editOf(span.start, span.end, keyword)] },
    }),
  };
}

function fixOf({ leaf, span }: DatePattern, mistakes: readonly MistakenLetters[]): Fix | undefined {
  const mended = mistakes.filter(({ instead }) => instead !== undefined);
  if (mended.length === 0) return undefined;
  return {
    safe: mended.length === mistakes.length && mended.every(({ isCertain }) => isCertain),
    title: `write ${mended.map(({ instead }) => `"${instead}"`).join(', ')}`,
    edits: mended.map(({ run, instead = '' }) =>
      leaf.editOf(span.start + run.start, span.start + run.end, instead),
    ),
  };
}
