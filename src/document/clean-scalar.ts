import {
  buildScalar,
  columnOf,
  finishLine,
  isLineEnd,
  isOddLine,
  isSpace,
  moveTo,
  refuse,
  skipBlanks,
  toWords,
  withoutBlanks,
  type CleanReader,
} from './clean-reader.ts';
import type { ScalarNode } from './node.ts';
import { plainScalarValue } from './plain-scalar.ts';

/** A plain scalar in block style. It goes on over the lines that are further in than `indent`. */
export function readPlainLines(reader: CleanReader, indent: number): ScalarNode {
  const { text, at: start } = reader;
  if (!beginsPlain(text, start)) refuse(reader);
  let lines = 0;
  let end = start;
  let line = reader.lineStart;
  do {
    lines += 1;
    end = readPlainLine(reader, false);
    line = reader.lineStart;
    toWords(reader);
  } while (reader.lineStart > line && columnOf(reader) > indent && goesOn(reader));
  finishLine(reader, line);
  const content = text.slice(start, end);
  return buildScalar(
    reader,
    start,
    end,
    'plain',
    plainScalarValue(lines === 1 ? content : withFoldedLines(content)),
  );
}

function goesOn({ text, at }: CleanReader): boolean {
  return at < text.length && text.charCodeAt(at) !== hash;
}

/** A plain scalar between brackets, on one line. */
export function readPlainInFlow(reader: CleanReader): ScalarNode {
  const { text, at: start } = reader;
  if (!beginsPlain(text, start)) refuse(reader);
  const end = readPlainLine(reader, true);
  return buildScalar(reader, start, end, 'plain', plainScalarValue(text.slice(start, end)));
}

/** Over lines that are further in than `indent`. */
export function readQuotedScalar(reader: CleanReader, indent: number): ScalarNode {
  const { text, at: start } = reader;
  const style = text.charCodeAt(start) === doubleQuote ? 'double-quoted' : 'single-quoted';
  const value = readQuoted(reader, indent);
  return buildScalar(reader, start, reader.at, style, value);
}

/** A key, on one line and not too long; the reader then stands behind it. */
export function readKey(reader: CleanReader, isInFlow: boolean): string {
  const { text, at: start, lineStart } = reader;
  const key = isQuote(text.charCodeAt(start)) ? readQuoted(reader, -1) : readPlainKey(reader, isInFlow);
  // What the other reader gives a meaning, or an error.
  if (key === '<<' || reader.lineStart > lineStart || reader.at - start > longestKey) refuse(reader);
  return key;
}

/** A longer key must be written with `?`. */
const longestKey = 1000;

function readPlainKey(reader: CleanReader, isInFlow: boolean): string {
  const { text, at: start } = reader;
  if (!beginsPlain(text, start)) refuse(reader);
  const end = readPlainLine(reader, isInFlow);
  moveTo(reader, end);
  return text.slice(start, end);
}

/** Reads a plain scalar up to the end of its line and gives its end; the reader then stands before what ended it. */
export function readPlainLine(reader: CleanReader, isInFlow: boolean): number {
  const stop = plainStop(reader.text, reader.at, isInFlow);
  reader.at = stop;
  return withoutBlanks(reader.text, stop);
}

function plainStop(text: string, from: number, isInFlow: boolean): number {
  for (let at = from; ; at += 1) {
    const code = text.charCodeAt(at);
    // As nearly always.
    if (code > colon && !isInFlow) continue;
    if (code === colon) {
      const next = text.charCodeAt(at + 1);
      if (isSpace(next) || (isInFlow && isFlowMark(next))) return at;
    } else if (code === hash) {
      if (text.charCodeAt(at - 1) === blank) return at;
    } else if (isLineEnd(code) || (isInFlow && isFlowMark(code))) return at;
  }
}

/** Whether a plain scalar begins here: with no sign that means something else, now or in some version of YAML. */
function beginsPlain(text: string, at: number): boolean {
  const character = text.charAt(at);
  if (character === '-') return !isSpace(text.charCodeAt(at + 1)) && !isFlowMark(text.charCodeAt(at + 1));
  return !signs.includes(character);
}

/** The empty text, which stands for the end, is in it as well. */
const signs = '?:,[]{}#&*!|>\'"%@`';

/** Reads from one quote to the other, over lines that are further in than `indent`. */
export function readQuoted(reader: CleanReader, indent: number): string {
  const { text, at: start, lineStart } = reader;
  const quote = text.charCodeAt(start);
  let hasEscapes = false;
  let at = start + 1;
  for (; ; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      if (quote === doubleQuote || text.charCodeAt(at + 1) !== quote) break;
      hasEscapes = true;
      at += 1;
    } else if (code === backslash && quote === doubleQuote) {
      hasEscapes = true;
      at += 1;
      // An escaped line break is read in two ways where blank lines follow.
      if (isLineEnd(text.charCodeAt(at))) return refused(reader);
    } else if (code === lineFeed) {
      if (!isGoingOn(text, at + 1, indent)) return refused(reader);
      reader.lineStart = at + 1;
    } else if (Number.isNaN(code)) return refused(reader);
  }
  reader.at = at + 1;
  const source = text.slice(start + 1, at);
  const content = reader.lineStart === lineStart ? source : withFoldedLines(source);
  if (!hasEscapes) return content;
  return quote === doubleQuote ? withoutEscapes(reader, content) : content.replaceAll("''", "'");
}

function refused(reader: CleanReader): string {
  refuse(reader);
  return '';
}

/** A line inside quotes: blank, or indented as it must be. */
function isGoingOn(text: string, lineStart: number, indent: number): boolean {
  const at = skipBlanks(text, lineStart);
  return isLineEnd(text.charCodeAt(at)) || (at - lineStart > indent && !isOddLine(text, at));
}

/** One line break is a blank, each further one is kept. */
function withFoldedLines(source: string): string {
  return source.replaceAll(/(?<! ) *\r?\n[ \r\n]*/g, (space) => {
    const breaks = space.split('\n').length - 1;
    return breaks === 1 ? ' ' : '\n'.repeat(breaks - 1);
  });
}

function withoutEscapes(reader: CleanReader, source: string): string {
  return source.replaceAll(
    /\\(?:x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|U[\dA-Fa-f]{8}|[^])/g,
    (escape) => charactersOf(escape) ?? refused(reader),
  );
}

/** Undefined for what is rare or wrong. */
function charactersOf(escape: string): string | undefined {
  if (escape.length === 2) return characters[escape.charAt(1)];
  const code = Number.parseInt(escape.slice(2), 16);
  return code > 0x10_ffff ? undefined : String.fromCodePoint(code);
}

const characters: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  n: '\n',
  r: '\r',
  t: '\t',
};

function isFlowMark(code: number): boolean {
  return (
    code === comma ||
    code === openBracket ||
    code === closeBracket ||
    code === openBrace ||
    code === closeBrace
  );
}

export function isQuote(code: number): boolean {
  return code === doubleQuote || code === singleQuote;
}

const lineFeed = 10;
const blank = 32;
const doubleQuote = 34;
const hash = 35;
const singleQuote = 39;
const comma = 44;
const colon = 58;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;
