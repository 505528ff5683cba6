import { excerpt } from './excerpt.ts';
import { isMatchAt, matchAt } from './match-at.ts';
import { readCall, readTypedLiteral } from './read-provider-syntax.ts';
import type { Span } from './template-part.ts';
import type { WhereOperator, WhereValue } from './where-clause.ts';
import { afterValue, junctionWord, originalRange, skipBlanks, takeWord } from './where-scan.ts';
import type { Scan } from './where-scan.ts';
import { originalOffset } from './where-tokens.ts';

/** Reads the value or values that an operator takes; `place` is the operator, to be named when they are missing. */
export function readValues(
  scan: Scan,
  operator: WhereOperator | undefined,
  place: Span,
): readonly WhereValue[] {
  if (operator === 'IS NULL' || operator === 'IS NOT NULL') return [];
  skipBlanks(scan);
  if (operator === 'IN' && scan.text.charAt(scan.at) === '(') return readList(scan);
  const value = readValue(scan);
  if (value !== undefined) return isBetween(place) ? [value, ...readUpperBound(scan)] : [value];
  const message = `"${place.text}" has no value: expected a value in single quotes, or a number`;
  scan.faults.push({ code: 'missing-value', message, start: place.start, end: place.end });
  return [];
}

/** No operator of the platform's, but what stands behind its `and` is a value all the same. */
function isBetween({ text }: Span): boolean {
  return /^between$/i.test(text);
}

function readUpperBound(scan: Scan): readonly WhereValue[] {
  if (!takeWord(scan, /and\b/iy)) return [];
  skipBlanks(scan);
  const value = readValue(scan);
  return value === undefined ? [] : [value];
}

function readList(scan: Scan): readonly WhereValue[] {
  const open = scan.at;
  const values: WhereValue[] = [];
  do {
    scan.at += 1;
    skipBlanks(scan);
    const value = readValue(scan, true);
    if (value !== undefined) values.push(value);
    skipBlanks(scan);
  } while (scan.text.charAt(scan.at) === ',');
  if (scan.text.charAt(scan.at) === ')') {
    scan.at += 1;
  } else {
    const insertAt = originalOffset(scan.readable, scan.at);
    const message = 'the list is not closed: expected ")"';
    scan.faults.push({
      code: 'unclosed-parenthesis',
      message,
      ...originalRange(scan, open, open + 1),
      insertAt,
    });
  }
  return values;
}

/** Between the quotes of a word processor, which are no quotes here: blanks and commas are in it all the same. */
const curlyValue = /[‘’‚‛“”„´′][^‘’‚‛“”„´′'"&]*[‘’‛“”´′](?=\s*(?:$|[),])|\s+(?:and|or)\b)/iy;
const bareValue = /[^\s()',`"&]+/y;

function readValue(scan: Scan, isInList = false): WhereValue | undefined {
  const quote = scan.text.charAt(scan.at);
  if (quote === "'" || quote === '"' || quote === '`') return readQuotedValue(scan, quote, isInList);
  if (isMatchAt(junctionWord, scan.text, scan.at)) return undefined;
  const from = scan.at;
  const quoted = readTypedLiteral(scan);
  if (quoted !== undefined) return makeValue(scan, from, scan.at, true, quoted + 1, scan.at - 1);
  if (readCall(scan)) return makeValue(scan, from, scan.at, false, from, scan.at);
  const found = matchAt(curlyValue, scan.text, from) ?? matchAt(bareValue, scan.text, from);
  if (found === undefined) return undefined;
  scan.at = from + found.length;
  return makeValue(scan, from, scan.at, false, from, scan.at);
}

function readQuotedValue(scan: Scan, quote: string, isInList: boolean): WhereValue {
  const from = scan.at;
  const { close, isClosed, next } = findValueEnd(scan, from, quote, isInList);
  scan.at = next;
  if (!isClosed) addUnclosedQuote(scan, from, close, quote);
  return makeValue(scan, from, isClosed ? close + 1 : close, true, from + 1, close);
}

interface ValueEnd {
  /** Where the closing quote is, or should be. */
  readonly close: number;
  readonly isClosed: boolean;
  readonly next: number;
}

/** What ends with an operator and a name before it can only be the beginning of the next condition. */
const nextCondition = /(?<!\s)\s+(?:and|or)\s+[\w.`<>@$[\]-]+\s*(?:[=!<>]+|like|in\s*\(?)\s*$/i;

/**
 * Finds the closing quote. The next quote is not always the one: `''` is a quote within a value, or a closing quote
 * typed twice; and when the closing quote was forgotten, the next quote is the opening one of the next condition.
 */
function findValueEnd(scan: Scan, from: number, quote: string, isInList: boolean): ValueEnd {
  const { text } = scan;
  let close = text.indexOf(quote, from + 1);
  while (close !== -1) {
    const isDoubled = text.charAt(close + 1) === quote;
    if (!isDoubled) break;
    if (isMatchAt(afterValue, text, close + 2)) {
      addDoubledQuote(scan, close + 1);
      return { close, isClosed: true, next: close + 2 };
    }
    close = text.indexOf(quote, close + 2);
  }
  if (close === -1) {
    const end = text.trimEnd().length - (isInList && text.trimEnd().endsWith(')') ? 1 : 0);
    const cut = findForgottenEnd(text.slice(from + 1, end));
    const to = cut === undefined ? end : from + 1 + cut;
    return { close: to, isClosed: false, next: to };
  }
  const swallowed = nextCondition.exec(text.slice(from + 1, close));
  if (swallowed === null) return { close, isClosed: true, next: close + 1 };
  const end = from + 1 + swallowed.index;
  return { close: end, isClosed: false, next: end };
}

/** A value that runs to the end may hold further conditions without quotes: `'2026 and page=2`. */
function findForgottenEnd(rest: string): number | undefined {
  const found = /(?<!\s)\s+(?:and|or)\s+[\w.`-]+\s*[=!<>]/i.exec(rest);
  return found?.index;
}

function addDoubledQuote(scan: Scan, at: number): void {
  const message = 'the value has two closing quotes: remove one';
  scan.faults.push({ code: 'doubled-quote', message, ...originalRange(scan, at, at + 1) });
}

function addUnclosedQuote(scan: Scan, from: number, close: number, quote: string): void {
  const range = originalRange(scan, from, close);
  const text = scan.source.slice(range.start, range.end);
  const message = `the value ${excerpt(text)} has no closing quote: expected ${quote} at its end`;
  scan.faults.push({ code: 'unclosed-quote', message, ...range, quote, insertAt: range.end });
}

function makeValue(
  scan: Scan,
  from: number,
  to: number,
  isQuoted: boolean,
  innerFrom: number,
  innerTo: number,
): WhereValue {
  const range = originalRange(scan, from, to);
  const inner = originalRange(scan, innerFrom, innerTo);
  const templates = scan.templates.filter(({ start, end }) => start < range.end && end > range.start);
  const text = scan.source.slice(range.start, range.end);
  return { text, value: scan.source.slice(inner.start, inner.end), isQuoted, templates, ...range };
}
