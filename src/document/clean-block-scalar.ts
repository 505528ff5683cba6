import {
  buildScalar,
  isLineEnd,
  isOddLine,
  lineEnd,
  refuse,
  skipBlanks,
  type CleanReader,
} from './clean-reader.ts';
import type { ScalarNode } from './node.ts';

/** Kind, how its end is kept and its indentation, in either order; a comment. */
const header =
  /(?<kind>[|>])(?:(?<chomping>[-+]?)(?<digit>[1-9]?)|(?<digitFirst>[1-9])(?<chompingLast>[-+]))(?: *| +#[^\n]*?)\r?\n/y;

/** A literal or folded block; `indent` is that of the collection around it. */
export function readBlockScalar(reader: CleanReader, indent: number): ScalarNode {
  const { text, at: start } = reader;
  header.lastIndex = start;
  const { kind, chomping, chompingLast, digit, digitFirst } = header.exec(text)?.groups ?? {};
  const given = Number(digit || digitFirst);
  const block = readLines(text, header.lastIndex, indent, given > 0 ? indent + given : undefined);
  if (kind === undefined || block === undefined) {
    refuse(reader);
    return buildScalar(reader, start, start, 'block', '');
  }
  reader.at = block.next;
  reader.lineStart = block.next;
  const content = kind === '>' ? folded(block.lines) : block.lines.join('\n');
  const isKept = (chomping || chompingLast) === '+';
  const ending = isKept ? '\n'.repeat(1 + block.blankLines) : chomping || chompingLast ? '' : '\n';
  return buildScalar(reader, start, isKept ? block.next : block.end, 'block', content + ending);
}

interface BlockLines {
  /** Without their indentation, from the first to the last that holds something. */
  readonly lines: readonly string[];
  /** Behind the last of them. */
  readonly end: number;
  /** How many blank lines follow. */
  readonly blankLines: number;
  /** Behind these. */
  readonly next: number;
}

/** Undefined where readers count differently: nothing but blank lines, blanks in those, no line break at the end. */
function readLines(
  text: string,
  from: number,
  indent: number,
  given: number | undefined,
): BlockLines | undefined {
  const lines: string[] = [];
  let width = given;
  let count = 0;
  let end = from;
  let at = from;
  while (at < text.length) {
    const first = skipBlanks(text, at);
    const close = lineEnd(text, first);
    const isBlank = isLineEnd(text.charCodeAt(first));
    if (isBlank && first > at) return undefined;
    if (!isBlank) {
      width ??= first - at;
      if (first - at < width || width <= indent) break;
      if (close === text.length || isOddLine(text, first)) return undefined;
    }
    lines.push(
      isBlank
        ? ''
        : text.slice(at + (width ?? 0), text.charCodeAt(close - 1) === carriageReturn ? close - 1 : close),
    );
    at = close + 1;
    if (isBlank) continue;
    count = lines.length;
    end = at;
  }
  if (count === 0) return undefined;
  return { lines: lines.slice(0, count), end, blankLines: lines.length - count, next: at };
}

/** One line break between two lines is a blank; those around lines that are further in, and those of blank lines, are kept. */
function folded(lines: readonly string[]): string {
  let result = '';
  let breaks = 0;
  let previous: string | undefined;
  for (const line of lines) {
    if (line === '') {
      breaks += 1;
      continue;
    }
    const isApart = line.startsWith(' ') || previous?.startsWith(' ') === true;
    if (previous !== undefined && isApart) breaks += 1;
    result += previous !== undefined && breaks === 0 ? ` ${line}` : '\n'.repeat(breaks) + line;
    previous = line;
    breaks = 0;
  }
  return result;
}

const carriageReturn = 13;
