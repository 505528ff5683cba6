import { appendToPointer } from '../document/json-pointer.ts';
import type { MappingEntry, MappingNode, ScalarNode } from '../document/node.ts';
import { insertAfter, isWrittenIn, removePairs } from '../document/splice.ts';
import { toValue, type Value } from '../document/to-value.ts';
import type { Edit } from '../problem/problem.ts';
import { isObject, isSameValue, type ObjectValue } from './fields.ts';
import { leavesOf, type Fingerprint } from './fingerprint.ts';
import { quoterOf } from './quote.ts';
import { renderKey } from './write-pair.ts';

export interface MergedEntry {
  readonly edits: readonly Edit[];
  /** The entry once the edits are applied. */
  readonly value: ObjectValue;
  /** Pointers of what changes, counted from the entry. */
  readonly changed: readonly string[];
  /** Pointers of what the author has changed, and what would now be another. */
  readonly kept: readonly string[];
}

/**
 * Brings a generated entry up to date, key by key: what is as it was generated becomes what would be generated now; what
 * the author has changed, added or removed stays.
 */
export function mergeEntry(
  text: string,
  node: MappingNode,
  now: ObjectValue,
  before: Fingerprint,
): MergedEntry {
  return mergeObject({ text, before, pointer: '' }, node, now);
}

interface Merge {
  readonly text: string;
  readonly before: Fingerprint;
  readonly pointer: string;
}

function mergeObject(merge: Merge, node: MappingNode, now: ObjectValue): MergedEntry {
  const { text, before } = merge;
  const keys = new Set(node.entries.map(({ key }) => key));
  const steps = node.entries.map((entry) => mergeKey(merge, node, entry, now));
  const removed = steps.flatMap(({ entry, isRemoved }) => (isRemoved ? [entry] : []));
  const added = Object.entries(now).filter(([key, value]) => {
    const pointer = appendToPointer(merge.pointer, key);
    // What was generated once and is not there any more has been removed by its author.
    return !keys.has(key) && !leavesOf(pointer, value).some(([leaf]) => before.hadKey(leaf));
  });
  const last = node.entries.filter((entry) => isWrittenIn(node, entry)).at(-1);
  const place = last === undefined ? undefined : { text, mapping: node, entry: last };
  const pairs = place === undefined ? [] : added.map(([key, value]) => renderKey(place, key, value));
  return {
    edits: [
      ...steps.flatMap(({ edits }) => edits),
      ...removePairs(text, node, removed),
      ...(last === undefined ? [] : insertAfter(text, node, last, pairs)),
    ],
    value: Object.fromEntries([
      ...steps.flatMap(({ entry, value, isRemoved }) => (isRemoved ? [] : [[entry.key, value] as const])),
      ...(last === undefined ? [] : added),
    ]),
    changed: [
      ...steps.flatMap(({ changed }) => changed),
      ...added.map(([key]) => appendToPointer(merge.pointer, key)),
    ],
    kept: steps.flatMap(({ kept }) => kept),
  };
}

interface MergedKey extends Omit<MergedEntry, 'value'> {
  readonly entry: MappingEntry;
  readonly value: Value;
  readonly isRemoved: boolean;
}

function mergeKey(merge: Merge, node: MappingNode, entry: MappingEntry, now: ObjectValue): MergedKey {
  const pointer = appendToPointer(merge.pointer, entry.key);
  const value = toValue(entry.value);
  const same: MergedKey = { entry, value, isRemoved: false, edits: [], changed: [], kept: [] };
  const next = Object.hasOwn(now, entry.key) ? now[entry.key] : undefined;
  const isUntouched =
    isWrittenIn(node, entry) &&
    leavesOf(pointer, value).every(([leaf, inner]) => merge.before.had(leaf, inner));
  if (next === undefined) return isUntouched ? { ...same, isRemoved: true, changed: [pointer] } : same;
  if (isSameValue(value, next)) return same;
  if (entry.value.kind === 'mapping' && isObject(next) && isWrittenIn(node, entry))
    return { ...same, ...mergeObject({ ...merge, pointer }, entry.value, next) };
  if (!isUntouched || entry.value.kind !== 'scalar') return { ...same, kept: [pointer] };
  return { ...same, value: next, edits: [replaceScalar(node, entry.value, next)], changed: [pointer] };
}

/** The smallest change inside quotes or a block; what is bare may need quotes now, so it is written anew. */
function replaceScalar({ flow }: MappingNode, scalar: ScalarNode, next: Value): Edit {
  const { value, style } = scalar;
  if (typeof value === 'string' && typeof next === 'string' && style !== 'plain') {
    const { start, end, text } = smallestChange(value, next);
    return { range: { start: scalar.offsetAt(start), end: scalar.offsetAt(end) }, text: scalar.encode(text) };
  }
  const quote = quoterOf(flow ? 'json' : 'yaml', undefined);
  return { range: scalar.range, text: quote?.(next) ?? '' };
}

function smallestChange(from: string, to: string): { start: number; end: number; text: string } {
  const shorter = Math.min(from.length, to.length);
  let start = 0;
  while (start < shorter && from[start] === to[start]) start += 1;
  let tail = 0;
  while (tail < shorter - start && from.at(-1 - tail) === to.at(-1 - tail)) tail += 1;
  return { start, end: from.length - tail, text: to.slice(start, to.length - tail) };
}
