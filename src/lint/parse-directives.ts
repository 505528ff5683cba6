import { readComments, type Comment } from '../document/read-comments.ts';
import type { Syntax } from '../document/source-document.ts';
import { createLineIndex, type LineIndex } from '../input/line-index.ts';
import type { Range } from '../problem/problem.ts';

export const directiveKinds = [
  'disable-next-line',
  'disable-line',
  'disable-file',
  'disable',
  'enable',
] as const;

/** A comment that says which rules to leave out where: `# sagecfg-disable-line RULE[, RULE] -- reason`. */
export interface Directive {
  /** What is written after `sagecfg-`; any other word is a mistake that is worth a report. */
  readonly kind: string;
  readonly rules: readonly NamedRule[];
  readonly comment: Range;
  /** `sagecfg-` and the kind. */
  readonly range: Range;
  /** First and last line that it is about, from 1: its own, the next with content, or all from here on. */
  readonly lines: LineSpan;
}

export interface NamedRule {
  readonly id: string;
  readonly range: Range;
}

/** Lines from 1, both ends included. */
export interface LineSpan {
  readonly from: number;
  readonly to: number;
}

/** The comments of a text that are meant for us, in order. */
export function parseDirectives(text: string, syntax: Syntax): Directive[] {
  // Reading comments costs as much as reading the text, and nearly no text has one of these.
  if (!/sagecfg-(?:disable|enable)/.test(text)) return [];
  const comments = readComments(text, syntax);
  const lines = createLineIndex(text);
  const nextLine = nextLineWithContent(text, comments, lines);
  return comments.flatMap((comment) => parseDirective(text, comment, nextLine, lines));
}

const pattern = /^(?:#+|\/\/+|\/\*+)\s*(?<name>sagecfg-(?<kind>(?:disable|enable)[\w-]*))(?<rest>[^]*)$/;

function parseDirective(
  text: string,
  { range }: Comment,
  nextLine: (from: number) => number,
  lines: LineIndex,
): Directive[] {
  const source = text.slice(range.start, range.end);
  const { name, kind, rest } = pattern.exec(source)?.groups ?? {};
  if (name === undefined || kind === undefined || rest === undefined) return [];
  const start = range.start + source.indexOf(name);
  return [
    {
      kind,
      rules: parseRules(rest, start + name.length),
      comment: range,
      range: { start, end: start + name.length },
      lines: linesOf(kind, range, nextLine, lines),
    },
  ];
}

/** Names up to ` -- `, where the reason begins, with commas or blanks between them. */
function parseRules(rest: string, offset: number): NamedRule[] {
  const names = rest.replace(/\*\/$/, '').replace(/\s--(?:\s[^]*)?$/, '');
  return [...names.matchAll(/[^\s,]+/g)].map(({ 0: id, index }) => ({
    id,
    range: { start: offset + index, end: offset + index + id.length },
  }));
}

function linesOf(
  kind: string,
  { start, end }: Range,
  nextLine: (from: number) => number,
  lines: LineIndex,
): LineSpan {
  const from = lines.positionOf(start).line;
  const to = lines.positionOf(end).line;
  if (kind === 'disable-line') return { from, to };
  if (kind === 'disable-file') return { from: 1, to: lines.lineCount };
  if (kind !== 'disable-next-line') return { from, to: lines.lineCount };
  const next = nextLine(to + 1);
  return { from: next, to: next };
}

/** Several comments may stand above one line: the first line from `from` on that holds something else. */
function nextLineWithContent(
  text: string,
  comments: readonly Comment[],
  lines: LineIndex,
): (from: number) => number {
  const contentLines: number[] = [];
  let at = 0;
  for (const { range } of [...comments, { range: { start: text.length, end: text.length } }]) {
    for (const { index } of text.slice(at, range.start).matchAll(/\S[^\r\n]*/g)) {
      const { line } = lines.positionOf(at + index);
      if (contentLines.at(-1) !== line) contentLines.push(line);
    }
    at = range.end;
  }
  return (from) => contentLines[firstAtLeast(contentLines, from)] ?? from;
}

function firstAtLeast(ascending: readonly number[], least: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
