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
  return comments.flatMap((comment) => parseDirective(text, comment, comments, lines));
}

const pattern = /^(?:#+|\/\/+|\/\*+)\s*(?<name>sagecfg-(?<kind>(?:disable|enable)[\w-]*))(?<rest>[^]*)$/;

function parseDirective(
  text: string,
  { range }: Comment,
  comments: readonly Comment[],
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
      lines: linesOf(kind, range, comments, lines),
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
  comments: readonly Comment[],
  lines: LineIndex,
): LineSpan {
  const from = lines.positionOf(start).line;
  const to = lines.positionOf(end).line;
  if (kind === 'disable-line') return { from, to };
  if (kind === 'disable-file') return { from: 1, to: lines.lineCount };
  if (kind !== 'disable-next-line') return { from, to: lines.lineCount };
  const next = nextLineWithContent(to + 1, comments, lines);
  return { from: next, to: next };
}

/** Several comments may stand above one line. */
function nextLineWithContent(from: number, comments: readonly Comment[], lines: LineIndex): number {
  for (let line = from; line <= lines.lineCount; line += 1) {
    const content = lines.lineText(line).search(/\S/);
    if (content === -1) continue;
    const offset = lines.lineStart(line) + content;
    if (!comments.some(({ range }) => range.start <= offset && offset < range.end)) return line;
  }
  return from;
}
