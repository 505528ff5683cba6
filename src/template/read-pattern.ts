import { didYouMean } from '../problem/did-you-mean.ts';
import { excerpt } from './excerpt.ts';
import type { FaultPlace } from './fault-place.ts';
import { describeOdd, oddCharacter, withoutOdd } from './odd-characters.ts';
import { describeLetters, isPatternLetter } from './pattern-letters.ts';
import type { PatternLetter } from './pattern-letters.ts';

/** A pattern longer than this (UTF-16 units) is refused. Real ones have under 40. */
export const maximumPatternLength = 1000;

/** A run of one letter (`yyyy`), or text that is written as it is. Offsets are those of the pattern. */
export type PatternPiece =
  | {
      readonly kind: 'letters';
      readonly letter: PatternLetter;
      readonly count: number;
      readonly source: string;
      readonly start: number;
      readonly end: number;
      /** What the run stands for, in plain words. */
      readonly meaning: string;
    }
  | {
      readonly kind: 'literal';
      /** The text written, without its quotes. */
      readonly text: string;
      readonly source: string;
      readonly start: number;
      readonly end: number;
      readonly meaning: string;
    };

/** Why Java refuses a pattern. Offsets are those of the pattern. */
export type PatternFault = FaultPlace &
  (
    | { readonly code: 'pattern-too-long' }
    /** A closing quote belongs at `insertAt`, or (undefined) the quote is the last character and should go. */
    | { readonly code: 'unterminated-quote'; readonly insertAt: number | undefined }
    /** Most of it is no pattern: prose, or a keyword with something around it. Covers the whole pattern. */
    | { readonly code: 'not-a-pattern'; readonly suggestion: string | undefined }
    | { readonly code: 'unknown-letter'; readonly letter: string; readonly suggestion: string | undefined }
    | { readonly code: 'too-many-letters'; readonly letter: string; readonly maximum: number }
  );

export interface PatternReading {
  readonly pieces: readonly PatternPiece[];
  readonly faults: readonly PatternFault[];
}

/** Splits a Java date pattern into its pieces. Total: what Java would refuse is a fault, and the rest is still read. */
export function readPattern(pattern: string): PatternReading {
  if (pattern.length > maximumPatternLength) return { pieces: [], faults: [tooLong(pattern)] };
  const { pieces, faults } = scanPattern(pattern);
  if (faults.length === 0) return { pieces, faults };
  const mended = withoutOdd(pattern);
  if (mended !== pattern && scanPattern(mended).faults.length === 0)
    return { pieces, faults: [oddQuotes(pattern, mended)] };
  const single = pattern.replaceAll(/''(\w+)''/g, "'$1'");
  if (single !== pattern && scanPattern(single).faults.length === 0)
    return { pieces, faults: [doubledQuotes(pattern, single)] };
  if (isProse(faults) || isForeign(pattern)) return { pieces, faults: [notAPattern(pattern)] };
  return { pieces, faults: pairQuotes(pattern, faults) };
}

/** Places looked at for a forgotten quote: a real pattern has one or two, and each costs a reading of the whole. */
const maximumRepairs = 5;

/**
 * One forgotten quote turns the pattern inside out behind it: text becomes letters and letters text. When one quote
 * put back before or behind the usual text makes the pattern sound, that is the one mistake.
 */
function pairQuotes(pattern: string, faults: readonly PatternFault[]): readonly PatternFault[] {
  if (!faults.some(({ code }) => code === 'unterminated-quote')) return faults;
  const places = [...pattern.matchAll(/(?<!')(?:T|at|'T(?=HH|hh))/g)];
  for (const { index, 0: text } of places.slice(0, maximumRepairs)) {
    const insertAt = text.startsWith("'") ? index + text.length : index;
    const mended = `${pattern.slice(0, insertAt)}'${pattern.slice(insertAt)}`;
    if (scanPattern(mended).faults.length > 0) continue;
    const message = `a quote is missing in "${excerpt(pattern)}": expected "${excerpt(mended)}"`;
    return [{ code: 'unterminated-quote', message, start: index, end: index + text.length, insertAt }];
  }
  return faults;
}

/** The pieces and every fault, each by itself. */
function scanPattern(pattern: string): PatternReading {
  const pieces: PatternPiece[] = [];
  const faults: PatternFault[] = [];
  let at = 0;
  while (at < pattern.length) {
    const run = /[A-Za-z]/.test(pattern.charAt(at))
      ? readLetters(pattern, at, faults)
      : readLiteral(pattern, at, faults);
    if (run.piece !== undefined) pieces.push(run.piece);
    at = run.end;
  }
  return { pieces, faults };
}

/** Prose has many letters that no pattern has, and they are one mistake. */
function isProse(faults: readonly PatternFault[]): boolean {
  return faults.filter(({ code }) => code === 'unknown-letter').length > 2;
}

/** A template, `%Y-%m-%d` as C has it, a date, a word, or the name of a standard. */
function isForeign(pattern: string): boolean {
  return (
    /\$\{|%[A-Za-z]|^\s*(?:ISO|RFC)|^\s*(?:date|time|date-?time|epoch|unix|utc|now|text)\s*$/i.test(
      pattern,
    ) || sampleDate.test(pattern)
  );
}

const sampleDate =
  /^\d{4}-\d\d-\d\d(?:(?<join>[T ])\d\d:\d\d:\d\d(?<fraction>\.\d{3})?(?<zone>Z|[+-]\d\d:?\d\d)?)?$/;

/** The pattern that reads a date like this one. */
function patternOf(sample: string): string | undefined {
  const { join, fraction, zone } = sampleDate.exec(sample)?.groups ?? {};
  if (join === undefined) return undefined;
  const offset = zone === undefined ? '' : /\d{4}/.test(zone) ? 'Z' : 'XXX';
  return `yyyy-MM-dd${join === 'T' ? "'T'" : ' '}HH:mm:ss${fraction === undefined ? '' : '.SSS'}${offset}`;
}

/** `gmtDate:yyyy-MM-dd`, with or without `${}`: the template of a URL around a pattern. */
function patternWithin(pattern: string): string | undefined {
  const inner = /^(?:\$\{)?(?:gmtDate|date|now):([^{}]+)\}?$/.exec(pattern)?.[1];
  return inner !== undefined && scanPattern(inner).faults.length === 0 ? inner : undefined;
}

function oddQuotes(pattern: string, mended: string): PatternFault {
  const { what, right } = describeOdd(oddCharacter.exec(pattern)?.[0] ?? '');
  const message = `${what} in a date pattern: expected ${right === '' ? 'none' : right}`;
  return { code: 'not-a-pattern', message, start: 0, end: pattern.length, suggestion: mended };
}

/** As YAML wants them within single quotes, and nobody else. */
function doubledQuotes(pattern: string, mended: string): PatternFault {
  const message = `the quotes of "${excerpt(pattern)}" are doubled: expected "${excerpt(mended)}"`;
  return { code: 'not-a-pattern', message, start: 0, end: pattern.length, suggestion: mended };
}

/** What people write when they mean a time since 1970. */
const keywordSuggestions: Readonly<Record<string, string>> = {
  milliseconds: 'milliseconds',
  millis: 'milliseconds',
  epochms: 'milliseconds',
  timestamp: 'timestamp',
  seconds: 'timestamp',
  epochseconds: 'timestamp',
  unixtime: 'timestamp',
  unix: 'timestamp',
  epochmillis: 'milliseconds',
  epochs: 'timestamp',
};

function notAPattern(pattern: string): PatternFault {
  const word = pattern.toLowerCase().replaceAll(/[^a-z]/g, '');
  const suggestion =
    keywordSuggestions[word] ??
    patternOf(pattern) ??
    patternWithin(pattern) ??
    (/^[a-z]+$/i.test(pattern) ? didYouMean(pattern, ['milliseconds', 'timestamp']) : undefined);
  const hint =
    suggestion === undefined
      ? `expected one such as yyyy-MM-dd${word === 'epoch' ? ', milliseconds, or timestamp for seconds' : ''}`
      : `did you mean "${suggestion}"?`;
  const message = `"${excerpt(pattern)}" is no date pattern: ${hint}`;
  return { code: 'not-a-pattern', message, start: 0, end: pattern.length, suggestion };
}

interface Run {
  readonly piece: PatternPiece | undefined;
  readonly end: number;
}

function readLetters(pattern: string, start: number, faults: PatternFault[]): Run {
  const letter = pattern.charAt(start);
  let end = start + 1;
  while (pattern.charAt(end) === letter) end += 1;
  const count = end - start;
  if (!isPatternLetter(letter)) {
    faults.push(unknownLetter(letter, start, end));
    return { piece: undefined, end };
  }
  if (letter === 'X' && count > 3) faults.push(tooManyLetters(letter, start, end));
  const source = pattern.slice(start, end);
  return {
    piece: { kind: 'letters', letter, count, source, start, end, meaning: describeLetters(letter, count) },
    end,
  };
}

/** Reads up to the next letter that is outside quotes. `''` is one quote, inside quotes and outside. */
function readLiteral(pattern: string, start: number, faults: PatternFault[]): Run {
  let text = '';
  let at = start;
  let quotedFrom: number | undefined;
  while (at < pattern.length) {
    const char = pattern.charAt(at);
    if (char === "'" && pattern.charAt(at + 1) === "'") {
      text += "'";
      at += 2;
    } else if (char === "'") {
      quotedFrom = quotedFrom === undefined ? at : undefined;
      at += 1;
    } else if (quotedFrom === undefined && /[A-Za-z]/.test(char)) {
      break;
    } else {
      text += char;
      at += 1;
    }
  }
  if (quotedFrom !== undefined) faults.push(unterminatedQuote(pattern, quotedFrom));
  const source = pattern.slice(start, at);
  const meaning = text === 'Z' ? 'the letter Z, whatever the zone' : 'written as it is';
  return { piece: { kind: 'literal', text, source, start, end: at, meaning }, end: at };
}

/** What people meant who know other libraries, or who left the quotes off. */
const letterSuggestions: Readonly<Record<string, string>> = {
  T: "'T'",
  x: 'X',
  A: 'a',
  t: "'T'",
  f: 'S',
  n: 'S',
  N: 'S',
  e: 'u',
  c: 'E',
  V: 'z',
  O: 'XXX',
  j: 'H',
  o: 'y',
  i: 'u',
  b: 'a',
  B: 'a',
};

function unknownLetter(letter: string, start: number, end: number): PatternFault {
  const suggestion = letterSuggestions[letter];
  const hint = suggestion === undefined ? `text must be in single quotes` : `did you mean "${suggestion}"?`;
  const message = `"${letter}" is no letter of a Java date pattern: ${hint}`;
  return { code: 'unknown-letter', message, start, end, letter, suggestion };
}

function tooManyLetters(letter: string, start: number, end: number): PatternFault {
  const message = `"${letter.repeat(Math.min(end - start, 8))}" is too long: Java has X, XX and XXX`;
  return { code: 'too-many-letters', message, start, end, letter, maximum: 3 };
}

function unterminatedQuote(pattern: string, start: number): PatternFault {
  const isLast = start === pattern.length - 1;
  const message = isLast
    ? `"${excerpt(pattern)}" ends with a quote that opens nothing: remove it`
    : `the quote at ${excerpt(pattern.slice(start))} is not closed: expected another '`;
  const insertAt = isLast ? undefined : pattern.length;
  return { code: 'unterminated-quote', message, start, end: pattern.length, insertAt };
}

function tooLong(pattern: string): PatternFault {
  const message = `the pattern has ${pattern.length} characters: expected at most ${maximumPatternLength}`;
  return { code: 'pattern-too-long', message, start: 0, end: pattern.length };
}
