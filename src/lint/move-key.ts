import type { MappingEntry, MappingNode } from '../document/node.ts';
import { insertAfter, isWrittenIn, lineEndOf } from '../document/splice.ts';
import type { Edit, Range } from '../problem/problem.ts';

export interface KeyMove {
  readonly from: MappingNode;
  readonly entry: MappingEntry;
  readonly to: MappingNode;
}

/**
 * Edits that take a key with its value out of one object and write it into another. Undefined where that is not
 * certain to leave everything else as it is: several lines, comments, an alias, the only key of its object.
 */
export function moveKey(text: string, { from, entry, to }: KeyMove): Edit[] | undefined {
  const isTaken = to.entries.some(({ key }) => key === entry.key);
  const anchor = to.entries.findLast((other) => other.value.kind === 'scalar' && isWrittenIn(to, other));
  const written = { start: entry.keyRange.start, end: entry.value.range.end };
  const pair = text.slice(written.start, written.end);
  if (isTaken || anchor === undefined || entry.value.kind !== 'scalar') return undefined;
  if (!isWrittenIn(from, entry) || /[\r\n]/.test(pair)) return undefined;
  if (to.flow && !from.flow && /[,[\]{}#]/.test(pair)) return undefined;
  const removed = from.flow ? pairInFlow(text, from, entry) : pairOnItsLine(text, from, written);
  return removed && [...insertAfter(text, to, anchor, [pair]), { range: removed, text: '' }];
}

/** The pair with the comma that separates it. */
function pairInFlow(text: string, from: MappingNode, entry: MappingEntry): Range | undefined {
  const own = from.entries.filter((other) => isWrittenIn(from, other));
  own.sort((left, right) => left.keyRange.start - right.keyRange.start);
  const index = own.indexOf(entry);
  const [previous, next] = [own[index - 1], own[index + 1]];
  const range =
    previous === undefined
      ? { start: entry.keyRange.start, end: next?.keyRange.start ?? 0 }
      : { start: previous.value.range.end, end: entry.value.range.end };
  const comma =
    previous === undefined
      ? text.slice(entry.value.range.end, range.end)
      : text.slice(range.start, entry.keyRange.start);
  return /^\s*,\s*$/.test(comma) ? range : undefined;
}

/** The whole line, with its end. */
function pairOnItsLine(text: string, from: MappingNode, { start, end }: Range): Range | undefined {
  const eol = lineEndOf(text);
  const lineStart = text.lastIndexOf('\n', start) + 1;
  const isAlone = /^[ \t]*$/.test(text.slice(lineStart, start)) && text.startsWith(eol, end);
  return isAlone && from.entries.length > 1 ? { start: lineStart, end: end + eol.length } : undefined;
}
