import { hasTwoAlike } from './clean-mapping.ts';
import type { Limits } from './limits.ts';
import { inPlace } from './node.ts';
import type { MappingEntry, Node, ScalarNode, SequenceItem } from './node.ts';
import type { SourceDocument } from './source-document.ts';
import { WrittenScalar } from './written-scalar.ts';

/**
 * Reads JSON to the letter of RFC 8259, several times as fast as `readAnyJson`; undefined for everything else: comments,
 * mistakes, a key that stands twice, more than the limits allow.
 */
export function readCleanJson(text: string, { maxDepth, maxNodes }: Limits): SourceDocument | undefined {
  const reader: Reader = {
    text,
    at: text.startsWith('\uFEFF') ? 1 : 0,
    levelsLeft: Math.min(maxDepth, mostLevels),
    valuesLeft: maxNodes,
  };
  const root = readValue(reader);
  if (root === undefined) return undefined;
  skipBlank(reader);
  return reader.at === text.length ? { syntax: 'json', root, findings: [] } : undefined;
}

/** What is deeper needs no speed, and each level is a call inside another. */
const mostLevels = 100;

interface Reader {
  readonly text: string;
  /** Offset of the next character. */
  at: number;
  levelsLeft: number;
  valuesLeft: number;
}

/** Undefined, here and below, where the other reader is to have a look. */
function readValue(reader: Reader): Node | undefined {
  skipBlank(reader);
  reader.valuesLeft -= 1;
  if (reader.valuesLeft < 0) return undefined;
  switch (reader.text.charCodeAt(reader.at)) {
    case openBrace:
      return readObject(reader);
    case openBracket:
      return readArray(reader);
    case quote:
      return readString(reader);
    default:
      return readBare(reader);
  }
}

function readObject(reader: Reader): Node | undefined {
  const start = reader.at;
  const entries: MappingEntry[] = [];
  if (!enter(reader)) return undefined;
  if (!passes(reader, closeBrace)) {
    do {
      const entry = readEntry(reader);
      if (entry === undefined) return undefined;
      entries.push(entry);
    } while (passes(reader, comma));
    if (!passes(reader, closeBrace)) return undefined;
  }
  if (hasTwoAlike(entries)) return undefined;
  reader.levelsLeft += 1;
  return { kind: 'mapping', flow: true, range: { start, end: reader.at }, entries };
}

function readEntry(reader: Reader): MappingEntry | undefined {
  skipBlank(reader);
  const key = readString(reader);
  if (key === undefined || !passes(reader, colon)) return undefined;
  const value = readValue(reader);
  return value && { key: String(key.value), keyRange: key.range, value, via: inPlace };
}

function readArray(reader: Reader): Node | undefined {
  const start = reader.at;
  const items: SequenceItem[] = [];
  if (!enter(reader)) return undefined;
  if (!passes(reader, closeBracket)) {
    do {
      const value = readValue(reader);
      if (value === undefined) return undefined;
      items.push({ value, via: inPlace });
    } while (passes(reader, comma));
    if (!passes(reader, closeBracket)) return undefined;
  }
  reader.levelsLeft += 1;
  return { kind: 'sequence', flow: true, range: { start, end: reader.at }, items };
}

/** Passes the bracket or brace; false when that is a level too deep. */
function enter(reader: Reader): boolean {
  reader.at += 1;
  reader.levelsLeft -= 1;
  return reader.levelsLeft >= 0;
}

/** All but quotes, backslashes and control characters. */
const plainText = /[ !#-[\]-\uFFFF]*/y;
const escape = /\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})/y;

function readString(reader: Reader): ScalarNode | undefined {
  const { text, at: start } = reader;
  if (text.charCodeAt(start) !== quote) return undefined;
  let end = endOf(plainText, text, start + 1);
  const isPlain = text.charCodeAt(end) === quote;
  while (text.charCodeAt(end) === backslash) {
    const escaped = endOf(escape, text, end);
    if (escaped === end) return undefined;
    end = endOf(plainText, text, escaped);
  }
  if (text.charCodeAt(end) !== quote) return undefined;
  reader.at = end + 1;
  // A string, since it begins and ends with a quote.
  const value = isPlain ? text.slice(start + 1, end) : (JSON.parse(text.slice(start, end + 1)) as string);
  return new WrittenScalar(value, { start, end: end + 1 }, 'double-quoted', text);
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[Ee][+-]?\d+)?/y;

function readBare(reader: Reader): ScalarNode | undefined {
  const { text, at: start } = reader;
  for (const [word, value] of words) {
    if (!text.startsWith(word, start)) continue;
    reader.at += word.length;
    return new WrittenScalar(value, { start, end: reader.at }, 'plain', text);
  }
  const end = endOf(number, text, start);
  if (end === start) return undefined;
  reader.at = end;
  return new WrittenScalar(Number(text.slice(start, end)), { start, end }, 'plain', text);
}

const words = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const;

/** Where what the sticky pattern matches from `start` on ends; `start` when it does not. */
function endOf(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : start;
}

/** Whether the next character, blanks left aside, is this one; passes it then. */
function passes(reader: Reader, character: number): boolean {
  skipBlank(reader);
  if (reader.text.charCodeAt(reader.at) !== character) return false;
  reader.at += 1;
  return true;
}

function skipBlank(reader: Reader): void {
  const { text } = reader;
  let { at } = reader;
  for (let code = text.charCodeAt(at); isBlank(code); code = text.charCodeAt(at)) at += 1;
  reader.at = at;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
