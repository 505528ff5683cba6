import type { Range } from '../problem/problem.ts';

/**
 * The text of a where clause as its reader sees it: templates are blotted out, because their quotes, blanks and colons
 * are not the clause's own, and percent-encoded delimiters are decoded. Every character knows where it came from.
 */
export interface ReadableText {
  readonly text: string;
  /** The offset in the original of each character, and of the end. */
  readonly offsets: readonly number[] | undefined;
  readonly start: number;
}

/** Stands for every character of a template. A private-use character: no URL has one. */
const blot = '\uE000';

const encodedDelimiter = /%(?:20|2[1278379cC]|3[cCdDeE]|60)/g;

/** Prepares `source.slice(start, end)`; `opaque` are the ranges of the whole source to blot out, in order. */
export function makeReadable(
  source: string,
  start: number,
  end: number,
  opaque: readonly Range[],
): ReadableText {
  const blotted = blotRanges(source, start, end, opaque);
  encodedDelimiter.lastIndex = 0;
  if (!encodedDelimiter.test(blotted)) return { text: blotted, offsets: undefined, start };
  const offsets: number[] = [];
  let text = '';
  for (let at = 0; at < blotted.length; at += 1) {
    offsets.push(start + at);
    const escape = blotted.slice(at, at + 3);
    encodedDelimiter.lastIndex = 0;
    const isEscape = escape.startsWith('%') && encodedDelimiter.test(escape);
    text += isEscape ? decodeURIComponent(escape) : blotted.charAt(at);
    if (isEscape) at += 2;
  }
  offsets.push(end);
  return { text, offsets, start };
}

/** Where a character of the readable text stands in the original. */
export function originalOffset({ offsets, start }: ReadableText, at: number): number {
  return offsets === undefined ? start + at : (offsets[at] ?? start);
}

/** A part of a text in which every opaque range is replaced by as many blots as it has characters. */
export function blotRanges(source: string, start: number, end: number, opaque: readonly Range[]): string {
  let text = '';
  let at = start;
  for (const range of opaque) {
    const from = Math.max(at, range.start);
    const to = Math.min(end, range.end);
    if (to <= from) continue;
    text += source.slice(at, from) + blot.repeat(to - from);
    at = to;
  }
  return text + source.slice(at, end);
}
