import { readBlockScalar } from './clean-block-scalar.ts';
import { readFlow } from './clean-flow.ts';
import { buildMapping } from './clean-mapping.ts';
import {
  columnOf,
  emptyScalar,
  finishLine,
  isAtEnd,
  isLineEnd,
  isSpace,
  moveTo,
  openLevel,
  refuse,
  skipBlanks,
  toContent,
  type CleanReader,
} from './clean-reader.ts';
import {
  isQuote,
  readKey,
  readPlainLine,
  readPlainLines,
  readQuoted,
  readQuotedScalar,
} from './clean-scalar.ts';
import { inPlace, type MappingEntry, type Node, type SequenceItem } from './node.ts';

/** What begins on a line of its own, or behind a dash; `indent` is that of the collection around it. */
export function readBlock(reader: CleanReader, indent: number): Node {
  if (isDash(reader)) return readSequence(reader);
  return isAtKey(reader) ? readMapping(reader) : readInline(reader, indent);
}

function isDash({ text, at }: CleanReader): boolean {
  return text.charCodeAt(at) === dash && isSpace(text.charCodeAt(at + 1));
}

/** Whether the line goes on with a key. It is read as one, and once more when that is known. */
function isAtKey(reader: CleanReader): boolean {
  const { text, at, lineStart } = reader;
  const code = text.charCodeAt(at);
  if (code === openBrace || code === openBracket) return false;
  if (isQuote(code)) readQuoted(reader, -1);
  else readPlainLine(reader, false);
  const isKey = reader.lineStart === lineStart && isColon(text, skipBlanks(text, reader.at));
  moveTo(reader, at);
  reader.lineStart = lineStart;
  return isKey;
}

function readMapping(reader: CleanReader): Node {
  const start = reader.at;
  const column = columnOf(reader);
  openLevel(reader);
  const entries: MappingEntry[] = [];
  let end = start;
  do {
    const entry = readEntry(reader, column);
    entries.push(entry);
    end = entry.value.range.end;
  } while (isGoingOn(reader, column));
  reader.levelsLeft += 1;
  return buildMapping(reader, entries, false, start, end);
}

/** Whether the collection goes on, after one of its values. */
function isGoingOn(reader: CleanReader, column: number): boolean {
  toContent(reader);
  if (isAtEnd(reader)) return false;
  const next = columnOf(reader);
  if (next > column) refuse(reader);
  return next === column && !reader.isRefused;
}

function readEntry(reader: CleanReader, column: number): MappingEntry {
  const { text, at: start } = reader;
  const key = readKey(reader, false);
  const keyRange = { start, end: reader.at };
  const mark = skipBlanks(text, reader.at);
  if (!isColon(text, mark)) refuse(reader);
  moveTo(reader, skipBlanks(text, mark + 1));
  reader.path.push(key);
  const value = readEntryValue(reader, column);
  reader.path.pop();
  return { key, keyRange, value, via: inPlace };
}

function isColon(text: string, at: number): boolean {
  return text.charCodeAt(at) === colon && isSpace(text.charCodeAt(at + 1));
}

function readEntryValue(reader: CleanReader, column: number): Node {
  const { text, at } = reader;
  if (!isLineOver(text, at)) return readInline(reader, column);
  toContent(reader);
  if (isAtEnd(reader)) return emptyScalar(reader, at);
  const next = columnOf(reader);
  if (next > column) return readBlock(reader, column);
  // A list may stand as far out as its key.
  return next === column && isDash(reader) ? readSequence(reader) : emptyScalar(reader, at);
}

function isLineOver(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === hash || isLineEnd(code);
}

function readSequence(reader: CleanReader): Node {
  const start = reader.at;
  const column = columnOf(reader);
  openLevel(reader);
  const items: SequenceItem[] = [];
  let end = start;
  do {
    reader.path.push(items.length);
    const value = readItem(reader, column);
    reader.path.pop();
    items.push({ value, via: inPlace });
    end = value.range.end;
  } while (isGoingOn(reader, column) && isDash(reader));
  reader.levelsLeft += 1;
  return { kind: 'sequence', flow: false, range: { start, end }, items };
}

function readItem(reader: CleanReader, column: number): Node {
  const { text } = reader;
  const at = skipBlanks(text, reader.at + 1);
  moveTo(reader, at);
  if (!isLineOver(text, at)) return readBlock(reader, column);
  toContent(reader);
  return !isAtEnd(reader) && columnOf(reader) > column ? readBlock(reader, column) : emptyScalar(reader, at);
}

/** What needs no line of its own. */
function readInline(reader: CleanReader, indent: number): Node {
  const code = reader.text.charCodeAt(reader.at);
  if (code === pipe || code === greater) return readBlockScalar(reader, indent);
  const isFlow = code === openBrace || code === openBracket;
  if (!isFlow && !isQuote(code)) return readPlainLines(reader, indent);
  const node = isFlow ? readFlow(reader, indent) : readQuotedScalar(reader, indent);
  finishLine(reader, reader.lineStart);
  return node;
}

const hash = 35;
const dash = 45;
const colon = 58;
const greater = 62;
const openBracket = 91;
const openBrace = 123;
const pipe = 124;
