import { excerpt } from './excerpt.ts';
import { isMatchAt, matchAt } from './match-at.ts';
import { afterValue, originalRange } from './where-scan.ts';
import type { Scan } from './where-scan.ts';

/*
 * OData, SQL and the scripts of providers have more than the platform's query language. Some connectors hand the clause on
 * as it is, so that it is read over here, and told once.
 */

const typeOfLiteral = /(?:datetimeoffset|datetime|timestamp|duration|date|time|guid|binary)(?=')/iy;

/** `datetime'2026-11-25'`: reads it and gives where its text in quotes begins, in `scan.text`. */
export function readTypedLiteral(scan: Scan): number | undefined {
  const from = scan.at;
  const type = matchAt(typeOfLiteral, scan.text, from);
  if (type === undefined) return undefined;
  const quote = from + type.length;
  const close = scan.text.indexOf("'", quote + 1);
  // Else an opening quote was forgotten, and this is that of the next value.
  if (close === -1 || !isMatchAt(afterValue, scan.text, close + 1)) return undefined;
  scan.at = close + 1;
  add(scan, from, scan.at, 'is a literal', 'the text in single quotes alone');
  return quote;
}

const nameOfFunction = /[a-z_][\w.:]*(?=\()/iy;

/** `DateTime(2026, 11, 25)`: reads over it; false when there is none, or it does not end. */
export function readCall(scan: Scan): boolean {
  const from = scan.at;
  const name = matchAt(nameOfFunction, scan.text, from);
  const end = name === undefined ? undefined : endOfArguments(scan.text, from + name.length);
  if (end === undefined) return false;
  scan.at = end;
  add(scan, from, end, 'is a function', 'a name or a value');
  return true;
}

/** A call that is longer is none, and to look further for its end at each name would take minutes. */
const longestCall = 1000;

/** Behind the parenthesis that closes the one at `open`; those in quotes do not count. */
function endOfArguments(text: string, open: number): number | undefined {
  let depth = 0;
  const last = Math.min(text.length, open + longestCall);
  for (let at = open; at < last; at += 1) {
    const character = text.charAt(at);
    if (character === "'") {
      while (at + 1 < last && text.charAt(at + 1) !== "'") at += 1;
      at += 1;
    } else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return undefined;
}

const insteadOf: Readonly<Record<string, string>> = {
  order: 'the parameter orderBy',
  limit: 'the parameter pageSize',
  group: 'none',
};

/** `order by updated`, where the conditions are over; `from` and `to` count in `scan.text`. */
export function addSuffix(scan: Scan, from: number, to: number): boolean {
  const word = matchAt(/(?:order|group)(?=\s+by\b)|limit(?=\s+\d)/iy, scan.text, from)?.toLowerCase();
  if (word === undefined) return false;
  add(scan, from, to, 'is a part', insteadOf[word] ?? 'none');
  return true;
}

function add(scan: Scan, from: number, to: number, what: string, expected: string): void {
  const range = originalRange(scan, from, to);
  const last = scan.faults.at(-1);
  const isOfOperator =
    last?.code === 'unknown-operator' && scan.source.slice(last.end, range.start).trim() === '';
  if (isOfOperator) {
    // A condition that is foreign already is told so; another operator alone would not mend it.
    scan.faults[scan.faults.length - 1] = { ...last, suggestion: undefined };
    return;
  }
  const text = excerpt(scan.source.slice(range.start, range.end));
  const message = `"${text}" ${what} of the provider's own language: expected ${expected}`;
  scan.faults.push({ code: 'provider-syntax', message, ...range });
}
