import { matchAt } from './match-at.ts';
import type { TemplatePart } from './template-part.ts';
import type { WhereCondition, WhereFault } from './where-clause.ts';
import { originalOffset } from './where-tokens.ts';
import type { ReadableText } from './where-tokens.ts';

/** The state of one reading: a place in the readable text, and what was found. */
export interface Scan {
  readonly source: string;
  readonly readable: ReadableText;
  readonly text: string;
  readonly templates: readonly TemplatePart[];
  readonly conditions: WhereCondition[];
  readonly faults: WhereFault[];
  at: number;
}

/** The word of a junction, which can be neither name nor value. */
export const junctionWord = /(?:and|or)(?=\s|$)/iy;

/** What may stand behind a value. */
export const afterValue = /\s*(?:$|[),])|\s+(?:and|or)\b/iy;

/** Takes a word that stands next, over blanks; false when another does. */
export function takeWord(scan: Scan, pattern: RegExp): boolean {
  skipBlanks(scan);
  const found = matchAt(pattern, scan.text, scan.at);
  if (found === undefined) return false;
  scan.at += found.length;
  return true;
}

export function skipBlanks(scan: Scan): void {
  while (isBlank(scan.text.charAt(scan.at))) scan.at += 1;
}

export function isBlank(char: string): boolean {
  return char !== '' && char.trim() === '';
}

/** True when nothing but blanks is left. */
export function isAtEnd(scan: Scan): boolean {
  skipBlanks(scan);
  return scan.at >= scan.text.length;
}

/** The range of the original text that a range of the readable text stands for. */
export function originalRange(
  scan: Scan,
  from: number,
  to: number,
): { readonly start: number; readonly end: number } {
  return { start: originalOffset(scan.readable, from), end: originalOffset(scan.readable, to) };
}
