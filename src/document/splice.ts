import type { Edit, Range } from '../problem/problem.ts';
import type { MappingEntry, MappingNode, Node } from './node.ts';

/** The line end that a text uses. */
export function lineEndOf(text: string): '\n' | '\r\n' {
  return /\r?\n/.exec(text)?.[0] === '\r\n' ? '\r\n' : '\n';
}

/** Column, from 0, at which the keys of an object in block style begin. */
export function columnOf(text: string, offset: number): number {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  return offset - lineStart - (text.charCodeAt(lineStart) === 0xfeff ? 1 : 0);
}

/** True for an entry that stands in `mapping` itself: its key is there, and its value, not an alias of one. */
export function isWrittenIn(mapping: MappingNode, entry: MappingEntry): boolean {
  return entry.via.length === 0 && isKeyIn(mapping, entry);
}

/** An entry as it is written, from its key to the end of its value; in block style with the comment behind it. */
export function pairRange(text: string, mapping: MappingNode, entry: MappingEntry): Range {
  const end = entryEnd(text, entry);
  return { start: entry.keyRange.start, end: mapping.flow ? end : lineEnd(text, end) };
}

/** A pair without the comment behind it. */
export function writtenRange(text: string, entry: MappingEntry): Range {
  return { start: entry.keyRange.start, end: entryEnd(text, entry) };
}

/**
 * Edits that write further pairs behind `entry`, separated as the object separates its own. A pair is `key: value`
 * without the blanks before its first line, and with those of its other lines.
 */
export function insertAfter(
  text: string,
  mapping: MappingNode,
  entry: MappingEntry,
  pairs: readonly string[],
): Edit[] {
  if (pairs.length === 0) return [];
  return mapping.flow
    ? insertInFlow(text, mapping, entry, pairs)
    : insertInBlock(text, mapping, entry, pairs);
}

/** Edits that take pairs out of an object, each with its line or its comma. They must be written in it. */
export function removePairs(text: string, mapping: MappingNode, removed: readonly MappingEntry[]): Edit[] {
  if (!mapping.flow)
    return removed.map((entry) => removal(lineBefore(text, entry), pairRange(text, mapping, entry).end));
  const own = mapping.entries.filter((entry) => isOwn(text, mapping, entry)).sort(byPlace);
  const firstKept = own.findIndex((entry) => !removed.includes(entry));
  return own.flatMap((entry, index) => {
    if (!removed.includes(entry)) return [];
    const [previous, next] = [own[index - 1], own[index + 1]];
    const isBeforeKept = index < firstKept && next !== undefined;
    if (isBeforeKept) return [removal(entry.keyRange.start, next.keyRange.start)];
    return [
      removal(
        previous === undefined ? entry.keyRange.start : entryEnd(text, previous),
        entryEnd(text, entry),
      ),
    ];
  });
}

/** End of the line before the one that a key begins. */
function lineBefore(text: string, { keyRange }: MappingEntry): number {
  const newline = text.lastIndexOf('\n', keyRange.start - 1);
  return text[newline - 1] === '\r' ? newline - 1 : Math.max(newline, 0);
}

function removal(start: number, end: number): Edit {
  return { range: { start, end }, text: '' };
}

function insertInBlock(
  text: string,
  mapping: MappingNode,
  entry: MappingEntry,
  pairs: readonly string[],
): Edit[] {
  const column = columnOf(text, mapping.range.start);
  const end = isOwn(text, mapping, entry) ? entryEnd(text, entry) : collectionEnd(text, mapping);
  const at = skipDeeperComments(text, lineEnd(text, end), column);
  const eol = lineEndOf(text);
  const before = (hasBlankLines(text, mapping, entry) ? eol : '') + eol + ' '.repeat(column);
  return [insertion(at, pairs.map((pair) => before + pair).join(''))];
}

/** What is commented out at the end of an entry belongs to it, as its indentation shows. */
function skipDeeperComments(text: string, from: number, column: number): number {
  const following = /(?:\r?\n[ \t]*)*\r?\n([ \t]*)#[^\r\n]*/y;
  let at = from;
  for (;;) {
    following.lastIndex = at;
    const match = following.exec(text);
    if (match === null || (match[1] ?? '').length <= column) return at;
    at = following.lastIndex;
  }
}

function hasBlankLines(text: string, mapping: MappingNode, entry: MappingEntry): boolean {
  const { previous, next } = neighbours(text, mapping, entry);
  const blankLine = /\n[ \t]*\r?\n/;
  if (next !== undefined) return blankLine.test(text.slice(entryEnd(text, entry), next.keyRange.start));
  return previous !== undefined && blankLine.test(text.slice(entryEnd(text, previous), entry.keyRange.start));
}

function insertInFlow(
  text: string,
  mapping: MappingNode,
  entry: MappingEntry,
  pairs: readonly string[],
): Edit[] {
  const lead = leadInFlow(text, mapping, entry);
  if (!isOwn(text, mapping, entry)) {
    const end = text.slice(0, mapping.range.end - 1).trimEnd().length;
    return [insertion(end, pairs.map((pair) => `,${lead}${pair}`).join(''))];
  }
  const end = entryEnd(text, entry);
  const restOfLine = /[ \t]*(,)?[ \t]*(\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/[ \t]*|#[^\r\n]*)?(?=\r?\n|$)/y;
  restOfLine.lastIndex = end;
  const match = lead.includes('\n') ? restOfLine.exec(text) : null;
  if (match?.[1] !== undefined)
    return [insertion(restOfLine.lastIndex, pairs.map((pair) => `${lead}${pair},`).join(''))];
  if (match?.[2] === undefined) return [insertion(end, pairs.map((pair) => `,${lead}${pair}`).join(''))];
  // The last one, with a comment behind it: the comma goes before the comment, the rest below it.
  return [insertion(end, ','), insertion(restOfLine.lastIndex, pairs.map((pair) => lead + pair).join(','))];
}

/** What stands between the comma and a key of the object. */
function leadInFlow(text: string, mapping: MappingNode, entry: MappingEntry): string {
  const { previous, next } = neighbours(text, mapping, entry);
  const own = leadBefore(text, mapping, entry);
  if (previous !== undefined || own.includes('\n')) return own;
  if (next !== undefined) return leadBefore(text, mapping, next);
  const inner = entry.via.length === 0 ? gapInside(text, entry.value) : ', ';
  return inner.includes('\n') ? ' ' : (/,([ \t]*)$/.exec(inner)?.[1] ?? ' ');
}

/** What stands between the first two pairs of a value; with a single one, what stands behind its colon. */
function gapInside(text: string, value: Node): string {
  if (value.kind !== 'mapping') return ', ';
  const [first, second] = value.entries.filter((entry) => isOwn(text, value, entry)).sort(byPlace);
  if (first === undefined || first.via.length > 0) return ', ';
  if (second !== undefined) return text.slice(entryEnd(text, first), second.keyRange.start);
  return text.slice(first.keyRange.end, first.value.range.start).replace(':', ',');
}

function leadBefore(text: string, mapping: MappingNode, entry: MappingEntry): string {
  if (!isOwn(text, mapping, entry)) return ' ';
  return /(?:\r?\n)?[ \t]*$/.exec(text.slice(mapping.range.start + 1, entry.keyRange.start))?.[0] ?? '';
}

function neighbours(
  text: string,
  mapping: MappingNode,
  entry: MappingEntry,
): { readonly previous: MappingEntry | undefined; readonly next: MappingEntry | undefined } {
  const own = mapping.entries.filter((candidate) => isOwn(text, mapping, candidate)).sort(byPlace);
  const index = own.indexOf(entry);
  return index === -1
    ? { previous: own.at(-1), next: undefined }
    : { previous: own[index - 1], next: own[index + 1] };
}

function byPlace(left: MappingEntry, right: MappingEntry): number {
  return left.keyRange.start - right.keyRange.start;
}

/** True for what stands in the object itself, be its value an alias; what a merge key brought has its key elsewhere. */
function isOwn(text: string, mapping: MappingNode, entry: MappingEntry): boolean {
  const [alias] = entry.via;
  if (alias === undefined || !isKeyIn(mapping, entry)) return isKeyIn(mapping, entry);
  return /^\s*:\s*$/.test(text.slice(entry.keyRange.end, alias.start));
}

function isKeyIn({ range }: MappingNode, { keyRange }: MappingEntry): boolean {
  return keyRange.start >= range.start && keyRange.end <= range.end;
}

/** End of what is written for an entry: of the alias, where its value is one. */
function entryEnd(text: string, { keyRange, value, via: [alias] }: MappingEntry): number {
  if (alias !== undefined) return alias.end;
  return Math.max(keyRange.end, contentEnd(text, value));
}

function contentEnd(text: string, node: Node): number {
  if (node.kind !== 'scalar') return node.flow ? node.range.end : collectionEnd(text, node);
  if (node.style !== 'block') return node.range.end;
  return node.range.start + text.slice(node.range.start, node.range.end).trimEnd().length;
}

/** The range of a collection in block style reaches to the line after it, at times over comments that are not its own. */
function collectionEnd(text: string, node: Exclude<Node, { kind: 'scalar' }>): number {
  const reached = Math.max(node.range.start, ...childEnds(text, node));
  const rest = text.slice(reached, node.range.end);
  const beyond = rest.replace(/(?:(?:^|\r?\n)[ \t]*(?:#[^\r\n]*)?)*$/, '');
  return reached + beyond.trimEnd().length;
}

function childEnds(text: string, node: Exclude<Node, { kind: 'scalar' }>): number[] {
  if (node.kind === 'sequence')
    return node.items.map(({ value, via: [alias] }) => alias?.end ?? contentEnd(text, value));
  return node.entries.filter((entry) => isOwn(text, node, entry)).map((entry) => entryEnd(text, entry));
}

function lineEnd(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  if (newline === -1) return text.length;
  return text[newline - 1] === '\r' ? newline - 1 : newline;
}

function insertion(at: number, text: string): Edit {
  return { range: { start: at, end: at }, text };
}
