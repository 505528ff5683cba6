import { createScanner } from 'jsonc-parser';
import { Parser, type CST } from 'yaml';
import type { Range } from '../problem/problem.ts';
import type { Syntax } from './source-document.ts';

export interface Comment {
  /** With its mark: from `#`, `//` or the opening of a block comment to its end, without the line end. */
  readonly range: Range;
  /** Without its mark. */
  readonly text: string;
}

/**
 * The comments of a text, in order. They come from the readers' own scanners, so that a `#` in a URL or in a block scalar
 * is none. Total: of a broken text, the comments that can be told.
 */
export function readComments(text: string, syntax: Syntax): Comment[] {
  return syntax === 'json' ? jsonComments(text) : yamlComments(text);
}

// Values of jsonc-parser's SyntaxKind, a const enum that a type-stripping runtime cannot read.
const lineComment = 12;
const blockComment = 13;
const endOfFile = 17;

function jsonComments(text: string): Comment[] {
  const comments: Comment[] = [];
  const scanner = createScanner(text, false);
  for (let token: number = scanner.scan(); token !== endOfFile; token = scanner.scan()) {
    if (token !== lineComment && token !== blockComment) continue;
    const start = scanner.getTokenOffset();
    const source = text.slice(start, start + scanner.getTokenLength());
    const inner = token === lineComment ? source.slice(2) : source.slice(2).replace(/\*\/$/, '');
    comments.push({ range: { start, end: start + source.length }, text: inner.trim() });
  }
  return comments;
}

function yamlComments(text: string): Comment[] {
  const comments: Comment[] = [];
  const pending: unknown[] = [...new Parser().parse(text)];
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    if (Array.isArray(part)) for (const child of part) pending.push(child as unknown);
    else if (isToken(part) && part.type === 'comment') comments.push(yamlComment(part));
    else if (typeof part === 'object' && part !== null) pending.push(...partsOf(part));
  }
  return comments.sort((left, right) => left.range.start - right.range.start);
}

function yamlComment({ offset, source }: CST.SourceToken): Comment {
  const end = offset + source.trimEnd().length;
  return { range: { start: offset, end }, text: source.replace(/^#+/, '').trim() };
}

/** Where a token of the library keeps those that belong to it. */
function partsOf(part: object): readonly unknown[] {
  const { start, props, items, sep, key, value, end } = part as Readonly<Record<string, unknown>>; // any object may be asked
  return [start, props, items, sep, key, value, end].filter(
    (child) => typeof child === 'object' && child !== null,
  );
}

function isToken(part: unknown): part is CST.SourceToken {
  return typeof part === 'object' && part !== null && 'type' in part && 'source' in part && 'offset' in part;
}
