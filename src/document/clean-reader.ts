import type { Finding } from '../problem/problem.ts';
import type { Scalar, ScalarNode, ScalarStyle } from './node.ts';
import { WrittenScalar } from './written-scalar.ts';

/** Reads a text from its beginning to its end, once; each function reads one thing and leaves the reader behind it. */
export interface CleanReader {
  readonly text: string;
  /** Offset up to which the text is read. */
  at: number;
  /** Offset of the line in which that is. */
  lineStart: number;
  /** Something was found that the other reader has to judge; what is read from then on is thrown away. */
  isRefused: boolean;
  /** How many more collections may be opened inside each other, and how many more scalars there may be. */
  levelsLeft: number;
  scalarsLeft: number;
  /** Keys and indices that lead to what is being read. */
  readonly path: (string | number)[];
  readonly findings: Finding[];
}

/** Leaves the text to the other reader. Nothing is left of it then, so that everybody stops. */
export function refuse(reader: CleanReader): void {
  reader.isRefused = true;
  reader.at = reader.text.length;
}

/** Sets the reader further on, unless there is nothing left to read. */
export function moveTo(reader: CleanReader, at: number): void {
  if (!reader.isRefused) reader.at = at;
}

/** Counts a collection that is opened; `levelsLeft` is given back where it ends. */
export function openLevel(reader: CleanReader): void {
  reader.levelsLeft -= 1;
  if (reader.levelsLeft < 0) refuse(reader);
}

export function isAtEnd({ text, at }: CleanReader): boolean {
  return at >= text.length;
}

export function columnOf({ at, lineStart }: CleanReader): number {
  return at - lineStart;
}

/** Reads on to what is neither white space nor comment. */
export function toContent(reader: CleanReader): void {
  toWords(reader);
  while (reader.text.charCodeAt(reader.at) === hash) {
    // Without a blank before it, it is no comment.
    if (reader.at > reader.lineStart && reader.text.charCodeAt(reader.at - 1) !== blank)
      return refuse(reader);
    reader.at = lineEnd(reader.text, reader.at);
    toWords(reader);
  }
}

/** Reads on to what is not white space. */
export function toWords(reader: CleanReader): void {
  const { text, lineStart } = reader;
  let { at } = reader;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === lineFeed) reader.lineStart = at + 1;
    else if (code !== blank && code !== carriageReturn) break;
    at += 1;
  }
  reader.at = at;
  if (reader.lineStart !== lineStart && isOddLine(text, at)) refuse(reader);
}

/** Marks of documents and directives: the readers disagree on where they are text. */
export function isOddLine(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code === percent) return true;
  return (code === dash || code === dot) && (text.startsWith('---', at) || text.startsWith('...', at));
}

/** After a value: the rest of its line holds nothing but a comment. `line` is where the value's last line begins. */
export function finishLine(reader: CleanReader, line: number): void {
  toContent(reader);
  if (reader.lineStart === line && !isAtEnd(reader)) refuse(reader);
}

/** Offset of the next character from `from` on that is neither white space nor in a comment. */
export function skipBlank(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === hash) at = lineEnd(text, at);
    else if (code === blank || code === lineFeed || code === carriageReturn) at += 1;
    else return at;
  }
}

export function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === blank) at += 1;
  return at;
}

/** The end of what stands before `end` and its blanks. */
export function withoutBlanks(text: string, end: number): number {
  let at = end;
  while (text.charCodeAt(at - 1) === blank) at -= 1;
  return at;
}

export function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

/** White space, or the end of the text, which has no code. */
export function isSpace(code: number): boolean {
  return code === blank || code === lineFeed || code === carriageReturn || Number.isNaN(code);
}

export function isLineEnd(code: number): boolean {
  return code === lineFeed || code === carriageReturn || Number.isNaN(code);
}

/** A value that is left out: it stands behind the blanks of the line of its key or dash. */
export function emptyScalar(reader: CleanReader, at: number): ScalarNode {
  return buildScalar(reader, at, at, 'plain', null);
}

export function buildScalar(
  reader: CleanReader,
  start: number,
  end: number,
  style: ScalarStyle,
  value: Scalar,
): ScalarNode {
  reader.scalarsLeft -= 1;
  if (reader.scalarsLeft < 0) refuse(reader);
  return new WrittenScalar(value, { start, end }, style, reader.text);
}

const lineFeed = 10;
const carriageReturn = 13;
const blank = 32;
const hash = 35;
const percent = 37;
const dash = 45;
const dot = 46;
