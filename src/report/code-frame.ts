import type { LineIndex } from '../input/line-index.ts';
import type { Problem, Range } from '../problem/problem.ts';
import type { Paint } from './paint.ts';

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
  const text = lines.lineText(from.line).replaceAll('\t', ' ');
  const first = from.column - 1;
  const last = to.line === from.line ? Math.max(to.column - 1, first + 1) : Math.max(text.length, first + 1);
  const view = cropLine(text, first, last, Math.max(width - gutter - 4, 40));
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

/** Long lines are cut on both sides so that the marked part stays in view. */
function cropLine(text: string, first: number, last: number, width: number): CroppedLine {
  if (text.length <= width) {
    return { before: text.slice(0, first), marked: text.slice(first, last), after: text.slice(last) };
  }
  const markedEnd = Math.min(last, first + width - 10);
  const room = width - (markedEnd - first);
  const from = Math.max(0, Math.min(first - Math.ceil(room * 0.7), text.length - width));
  const to = Math.min(text.length, from + width);
  const before = text.slice(from, first);
  return {
    before: from > 0 ? `…${before.slice(1)}` : before,
    marked: text.slice(first, markedEnd),
    after:
      to < text.length ? `${text.slice(markedEnd, Math.max(to - 1, markedEnd))}…` : text.slice(markedEnd, to),
  };
}

/** Columns on a terminal: wide characters take two, combining marks none. */
function displayWidth(text: string): number {
  // Nearly every text is plain, and the expressions below are slow to compile.
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) {
    if (/\p{Mark}|\u200D|\uFE0F/u.test(character)) continue;
    width +=
      /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Extended_Pictographic}/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}
