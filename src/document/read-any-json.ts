import { createScanner, parseTree, type Node as JsonNode, type ParseError } from 'jsonc-parser';
import type { Finding, Range } from '../problem/problem.ts';
import { jsonSyntaxFindings } from './json-syntax.ts';
import {
  closeBrace,
  closeBracket,
  colon,
  comma,
  endOfFile,
  lineComment,
  openBrace,
  openBracket,
} from './json-tokens.ts';
import { appendToPointer } from './json-pointer.ts';
import type { Limits } from './limits.ts';
import type { MappingEntry, Node, ScalarNode } from './node.ts';
import type { SourceDocument } from './source-document.ts';
import { tooDeep, tooManyValues, uniqueEntries } from './tree-builder.ts';
import { WrittenScalar } from './written-scalar.ts';

/** Reads JSON, right or wrong, with comments. Offsets count from the start of `text`, a byte-order mark included. */
export function readAnyJson(text: string, limits: Limits): SourceDocument {
  const tooMuch = firstTooMuch(text, limits);
  if (tooMuch !== undefined) return { syntax: 'json', root: undefined, findings: [tooMuch] };

  const errors: ParseError[] = [];
  // jsonc-parser takes a byte-order mark for an unknown symbol; a blank of the same length keeps the offsets.
  const readable = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  const tree = parseTree(readable, errors, { allowTrailingComma: false, allowEmptyContent: true });
  const findings = jsonSyntaxFindings(readable, errors);
  const root = tree && buildNode(tree, readable, '', findings);
  return { syntax: 'json', root, findings };
}

/** Looked for before parsing, because the parser recurses, and keeps every value and every error. */
function firstTooMuch(text: string, limits: Limits): Finding | undefined {
  const scanner = createScanner(text, true);
  let depth = 0;
  let values = 0;
  let previous = endOfFile;
  for (let token: number = scanner.scan(); token !== endOfFile; token = scanner.scan()) {
    if (token === openBrace || token === openBracket) depth += 1;
    else if (token === closeBrace || token === closeBracket) depth -= 1;
    // What stands before a colon was a key; a comma behind a comma is an error, which costs as much as a value.
    if (token === colon) values -= 1;
    else if (isValue(token, previous)) values += 1;
    previous = token;
    const range = { start: scanner.getTokenOffset(), end: scanner.getTokenOffset() + 1 };
    if (depth > limits.maxDepth) return tooDeep(limits, range);
    if (values > limits.maxNodes) return tooManyValues(limits, range);
  }
  return undefined;
}

function isValue(token: number, previous: number): boolean {
  if (token === comma) return previous === comma;
  return token !== closeBrace && token !== closeBracket && token < lineComment;
}

function buildNode(node: JsonNode, text: string, pointer: string, findings: Finding[]): Node {
  const range = { start: node.offset, end: node.offset + node.length };
  if (node.type === 'object') {
    const entries = (node.children ?? []).flatMap((property) =>
      buildEntry(property, text, pointer, findings),
    );
    return { kind: 'mapping', flow: true, range, entries: uniqueEntries(entries, pointer, findings) };
  }
  if (node.type === 'array') {
    const items = (node.children ?? []).map((child, index) => ({
      value: buildNode(child, text, appendToPointer(pointer, index), findings),
      via: [],
    }));
    return { kind: 'sequence', flow: true, range, items };
  }
  return buildScalar(node, text, range);
}

/** A property whose value is missing has one child; the syntax finding says so, and it is left out. */
function buildEntry(property: JsonNode, text: string, pointer: string, findings: Finding[]): MappingEntry[] {
  const [keyNode, valueNode] = property.children ?? [];
  if (keyNode === undefined || valueNode === undefined) return [];
  const key = String(keyNode.value);
  return [
    {
      key,
      keyRange: { start: keyNode.offset, end: keyNode.offset + keyNode.length },
      value: buildNode(valueNode, text, appendToPointer(pointer, key), findings),
      via: [],
    },
  ];
}

function buildScalar(node: JsonNode, text: string, range: Range): ScalarNode {
  return node.type === 'string'
    ? new WrittenScalar(String(node.value), range, 'double-quoted', text)
    : new WrittenScalar(node.value ?? null, range, 'plain', text);
}
