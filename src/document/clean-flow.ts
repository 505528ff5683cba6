import { buildMapping } from './clean-mapping.ts';
import {
  columnOf,
  emptyScalar,
  isAtEnd,
  isSpace,
  moveTo,
  openLevel,
  refuse,
  skipBlanks,
  toContent,
  type CleanReader,
} from './clean-reader.ts';
import { isQuote, readKey, readPlainInFlow, readQuotedScalar } from './clean-scalar.ts';
import { inPlace, type MappingEntry, type Node, type SequenceItem } from './node.ts';

/** A list or an object in brackets. Its lines are further in than `indent`. */
export function readFlow(reader: CleanReader, indent: number): Node {
  const { text, at: start } = reader;
  openLevel(reader);
  moveTo(reader, start + 1);
  const node =
    text.charCodeAt(start) === openBrace
      ? readMapping(reader, start, indent)
      : readSequence(reader, start, indent);
  reader.levelsLeft += 1;
  return node;
}

function readMapping(reader: CleanReader, start: number, indent: number): Node {
  const entries: MappingEntry[] = [];
  while (isOpen(reader, indent, closeBrace)) {
    entries.push(readEntry(reader, indent));
    readComma(reader, indent, closeBrace);
  }
  return buildMapping(reader, entries, true, start, reader.at);
}

function readSequence(reader: CleanReader, start: number, indent: number): Node {
  const items: SequenceItem[] = [];
  while (isOpen(reader, indent, closeBracket)) {
    reader.path.push(items.length);
    items.push({ value: readValue(reader, indent), via: inPlace });
    reader.path.pop();
    readComma(reader, indent, closeBracket);
  }
  return { kind: 'sequence', flow: true, range: { start, end: reader.at }, items };
}

/** False when the bracket is closed; then the reader stands behind it. */
function isOpen(reader: CleanReader, indent: number, bracket: number): boolean {
  toFlowContent(reader, indent);
  if (isAtEnd(reader)) {
    refuse(reader);
    return false;
  }
  if (reader.text.charCodeAt(reader.at) !== bracket) return true;
  reader.at += 1;
  return false;
}

/** What stands behind a value: a comma, or the bracket, which is left where it is. */
function readComma(reader: CleanReader, indent: number, bracket: number): void {
  toFlowContent(reader, indent);
  const code = reader.text.charCodeAt(reader.at);
  if (code === comma) reader.at += 1;
  else if (code !== bracket) refuse(reader);
}

function toFlowContent(reader: CleanReader, indent: number): void {
  const { lineStart } = reader;
  toContent(reader);
  if (reader.lineStart !== lineStart && columnOf(reader) <= indent) refuse(reader);
}

function readEntry(reader: CleanReader, indent: number): MappingEntry {
  const { text, at: start } = reader;
  const isQuoted = isQuote(text.charCodeAt(start));
  const key = readKey(reader, true);
  const keyRange = { start, end: reader.at };
  reader.path.push(key);
  const value = readEntryValue(reader, isQuoted, indent);
  reader.path.pop();
  return { key, keyRange, value, via: inPlace };
}

function readEntryValue(reader: CleanReader, isQuoted: boolean, indent: number): Node {
  const { text, at } = reader;
  const mark = skipBlanks(text, at);
  if (text.charCodeAt(mark) !== colon) return emptyScalar(reader, at);
  // Right behind a plain key, some readers take it for a part of the key.
  if (!isQuoted && !isSpace(text.charCodeAt(mark + 1))) refuse(reader);
  const place = skipBlanks(text, mark + 1);
  moveTo(reader, place);
  toFlowContent(reader, indent);
  const code = text.charCodeAt(reader.at);
  return code === comma || code === closeBrace ? emptyScalar(reader, place) : readValue(reader, indent);
}

function readValue(reader: CleanReader, indent: number): Node {
  const code = reader.text.charCodeAt(reader.at);
  if (code === openBrace || code === openBracket) return readFlow(reader, indent);
  return isQuote(code) ? readQuotedScalar(reader, indent) : readPlainInFlow(reader);
}

const comma = 44;
const colon = 58;
const openBracket = 91;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;
