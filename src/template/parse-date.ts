import {
  dayPeriodNames,
  eraNames,
  monthNames,
  shortMonthNames,
  shortWeekdayNames,
  weekdayNames,
} from './calendar-names.ts';
import { readInteger } from './parse-integer.ts';
import { startsWithIgnoringCase } from './parse-reading.ts';
import type { Century, Reading } from './parse-reading.ts';
import { parseZoneLetters } from './parse-zone.ts';
import type { PatternLetter } from './pattern-letters.ts';
import type { PatternPiece } from './read-pattern.ts';
import { addYears, createFields, resolveFields, setField } from './resolve-fields.ts';
import type { Field } from './resolve-fields.ts';
import type { Zone } from './resolve-zone.ts';

/** What a text said, and how many of its characters the pattern took: what follows them was ignored. */
export interface ParsedDate {
  readonly epochMs: number;
  readonly consumed: number;
}

/** Reads text by the pieces of a pattern as Java's lenient parser does: a prefix is enough, numbers may overflow. */
export function parsePieces(
  pieces: readonly PatternPiece[],
  text: string,
  zone: Zone,
  nowMs: number,
): ParsedDate | undefined {
  const reading: Reading = {
    text,
    fields: createFields(),
    century: centuryBefore(nowMs),
    zone,
    isYearAmbiguous: false,
  };
  let at: number | undefined = 0;
  for (const [index, piece] of pieces.entries()) {
    at =
      piece.kind === 'literal'
        ? skipLiteral(text, at, piece.text)
        : parseLetters(reading, at, piece.letter, piece.count, isNumber(pieces[index + 1]));
    if (at === undefined) return undefined;
  }
  return { epochMs: resolveReading(reading), consumed: at };
}

/** Reads a whole number of units since 1970. */
export function parseEpoch(text: string, unitMs: number): ParsedDate | undefined {
  const digits = /^\s*[+-]?\d{1,16}/.exec(text)?.[0];
  return digits === undefined ? undefined : { epochMs: Number(digits) * unitMs, consumed: digits.length };
}

function centuryBefore(nowMs: number): Century {
  const start = new Date(nowMs);
  start.setUTCFullYear(start.getUTCFullYear() - 80);
  return { startMs: start.getTime(), startYear: start.getUTCFullYear() };
}

function resolveReading({ fields, zone, isYearAmbiguous, century }: Reading): number {
  const epochMs = resolveFields(fields, zone);
  if (!isYearAmbiguous || epochMs >= century.startMs) return epochMs;
  addYears(fields, 100);
  return resolveFields(fields, zone);
}

function isNumber(piece: PatternPiece | undefined): boolean {
  return piece?.kind === 'letters' && isNumberRun(piece.letter, piece.count);
}

function isNumberRun(letter: PatternLetter, count: number): boolean {
  return numberFields[letter] !== undefined || ((letter === 'M' || letter === 'L') && count <= 2);
}

function skipLiteral(text: string, start: number, literal: string): number | undefined {
  return text.startsWith(literal, start) ? start + literal.length : undefined;
}

/** Returns where the run's text ends, or undefined when the text does not fit. */
function parseLetters(
  reading: Reading,
  start: number,
  letter: PatternLetter,
  count: number,
  isBeforeNumber: boolean,
): number | undefined {
  const { text } = reading;
  let at = start;
  while (text.charAt(at) === ' ' || text.charAt(at) === '\t') at += 1;
  if (at >= text.length) return undefined;
  if (isNumberRun(letter, count)) {
    // Two numbers without anything between them can only be told apart by their widths.
    const limit = isBeforeNumber ? start + count : text.length;
    if (limit > text.length) return undefined;
    return parseNumber(reading, at, limit, letter, count);
  }
  if (letter === 'z' || letter === 'Z' || letter === 'X')
    return parseZoneLetters(reading, start, at, letter, count);
  return parseName(reading, start, letter);
}

const numberFields: Partial<Record<PatternLetter, Field>> = {
  y: 'year',
  Y: 'weekYear',
  d: 'dayOfMonth',
  H: 'hourOfDay',
  k: 'hourOfDay',
  K: 'hour',
  h: 'hour',
  m: 'minute',
  s: 'second',
  S: 'millisecond',
  D: 'dayOfYear',
  F: 'weekdayInMonth',
  w: 'weekOfYear',
  W: 'weekOfMonth',
  u: 'weekday',
};

function parseNumber(
  reading: Reading,
  at: number,
  limit: number,
  letter: PatternLetter,
  count: number,
): number | undefined {
  const number = readInteger(reading.text, at, limit);
  if (number === undefined) return undefined;
  const { value, end } = number;
  const { fields } = reading;
  const field = numberFields[letter];
  if (field === undefined) setField(fields, 'month', value - 1);
  else if (letter === 'y' || letter === 'Y')
    setField(fields, field, completeYear(reading, at, end, value, count));
  else if ((letter === 'k' && value === 24) || (letter === 'h' && value === 12)) setField(fields, field, 0);
  else if (letter === 'u') setField(fields, field, toJavaWeekday(value));
  else setField(fields, field, value);
  return end;
}

/** `yy` takes exactly two digits as a year of the century window, and any other number as it is. */
function completeYear(reading: Reading, at: number, end: number, value: number, count: number): number {
  if (count > 2 || end - at !== 2 || !/^\d\d$/.test(reading.text.slice(at, end))) return value;
  const { startYear } = reading.century;
  const ambiguous = startYear % 100;
  reading.isYearAmbiguous = value === ambiguous;
  return value + Math.trunc(startYear / 100) * 100 + (value < ambiguous ? 100 : 0);
}

/** 1 (Monday) to 7 becomes 2 to 7 and 1; anything else is left for the week arithmetic. */
function toJavaWeekday(value: number): number {
  if (value < 1 || value > 7) return value;
  return value === 7 ? 1 : value + 1;
}

interface NamedValue {
  readonly name: string;
  readonly value: number;
}

const named = (names: readonly string[], first = 0): readonly NamedValue[] =>
  names.map((name, index) => ({ name: name.toLowerCase(), value: index + first }));

const monthValues = [...named(monthNames), ...named(shortMonthNames)];
const longerNames: Partial<
  Record<PatternLetter, { readonly field: Field; readonly values: readonly NamedValue[] }>
> = {
  G: { field: 'era', values: [...named(['Before Christ', 'Anno Domini']), ...named(eraNames)] },
  M: { field: 'month', values: monthValues },
  L: { field: 'month', values: monthValues },
  E: { field: 'weekday', values: [...named(weekdayNames, 1), ...named(shortWeekdayNames, 1)] },
  a: { field: 'dayPeriod', values: named(dayPeriodNames) },
};

/**
 * Names are found in any case, and long ones before short ones, whatever the number of letters. Blanks before a name,
 * unlike those before a number, do not count as skipped: Java refuses them.
 */
function parseName(reading: Reading, start: number, letter: PatternLetter): number | undefined {
  const names = longerNames[letter];
  if (names === undefined) return undefined;
  const found = names.values.find(({ name }) => startsWithIgnoringCase(reading.text, start, name));
  if (found === undefined) return undefined;
  setField(reading.fields, names.field, found.value);
  return start + found.name.length;
}
