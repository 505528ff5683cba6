import type { LineIndex } from '../input/line-index.ts';
import type { Problem, Range } from '../problem/problem.ts';
import { displayWidth, fitEnd, fitStart } from './display-width.ts';
import type { Paint } from './paint.ts';
import { visibleText } from './visible-text.ts';

/** The line of a problem with its place marked, and below it the lines of the places that explain it. */
export function renderFrame(
  problem: Problem,
  name: string,
  lines: LineIndex,
  style: Paint,
  width: number,
): string[] {
  const related = problem.related ?? [];
  const places = [problem.range, ...related.map(({ range }) => range)].map(({ start }) =>
    lines.positionOf(start),
  );
  const gutter = Math.max(...places.map(({ line }) => String(line).length));
  const mark = style[problem.severity];
  const own = renderPlace(problem.range, lines, gutter, width, style, mark, '');
  const others = related.flatMap(({ range, message }) => {
    const { line, column } = lines.positionOf(range.start);
    const place = `${' '.repeat(gutter + 1)}${style.faint('-->')} ${name}:${line}:${column}`;
    return [place, ...renderPlace(range, lines, gutter, width, style, style.info, message)];
  });
  return [...own, ...others];
}

/** Of a long line only what may be shown is looked at: a file without line breaks has all its problems on one. */
function renderPlace(
  { start, end }: Range,
  lines: LineIndex,
  gutter: number,
  width: number,
  style: Paint,
  mark: (text: string) => string,
  label: string,
): string[] {
  const from = lines.positionOf(start);
  const to = lines.positionOf(end);
  const room = Math.max(width - gutter - 4, 20);
  const column = from.column - 1;
  const begin = Math.max(0, column - 4 * room);
  const text = visibleText(lines.lineText(from.line, begin, column + 4 * room));
  const first = column - begin;
  const last =
    to.line === from.line ? Math.max(to.column - 1 - begin, first + 1) : Math.max(text.length, first + 1);
  const view = cropLine(text, first, last, room);
  const empty = `${' '.repeat(gutter)} ${style.faint('|')}`;
  const carets = mark('^'.repeat(Math.max(displayWidth(view.marked), 1)));
  const below = `${empty} ${' '.repeat(displayWidth(view.before))}${carets}${label === '' ? '' : ` ${mark(label)}`}`;
  const number = style.faint(`${String(from.line).padStart(gutter)} |`);
  return [empty, `${number} ${view.before}${view.marked}${view.after}`.trimEnd(), below];
}

interface CroppedLine {
  readonly before: string;
  readonly marked: string;
  readonly after: string;
}

/** Long lines are cut on both sides so that the marked part stays in view; `width` counts columns of a terminal. */
function cropLine(text: string, first: number, last: number, width: number): CroppedLine {
  const [before, whole, after] = [text.slice(0, first), text.slice(first, last), text.slice(last)];
  if (displayWidth(text) <= width) return { before, marked: whole, after };
  const marked = fitStart(whole, width - 10);
  const room = width - displayWidth(marked);
  const behind = whole.slice(marked.length) + after;
  // What stands before explains more than what follows, but where little follows there is room for more.
  const left = cut(before, Math.max(Math.ceil(room * 0.7), room - displayWidth(behind)), 'start');
  return { before: left, marked, after: cut(behind, room - displayWidth(left), 'end') };
}

function cut(text: string, width: number, side: 'start' | 'end'): string {
  if (displayWidth(text) <= width) return text;
  return side === 'start' ? `…${fitEnd(text, width - 1)}` : `${fitStart(text, width - 1)}…`;
}
