import type { Range } from '../problem/problem.ts';

export type Scalar = string | number | boolean | null;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: Scalar;
  readonly range: Range;
  /** Offset in the input of the character of `value` at `index`; `value.length` gives the end of the content. */
  readonly offsetAt: (index: number) => number;
  readonly style: ScalarStyle;
  /** Writes text as it must stand inside this scalar: quotes doubled or escaped. */
  readonly encode: (text: string) => string;
}

export type ScalarStyle = 'plain' | 'single-quoted' | 'double-quoted' | 'block';

export interface MappingNode {
  readonly kind: 'mapping';
  readonly range: Range;
  readonly entries: readonly MappingEntry[];
  /** Written with braces, as in JSON. */
  readonly flow: boolean;
  /** The string that holds this mapping as JSON, as the platform returns a poller configuration. */
  readonly stringified?: ScalarNode;
}

export interface MappingEntry {
  readonly key: string;
  readonly keyRange: Range;
  readonly value: Node;
  /** Aliases and merge keys through which the value came here, outermost first; empty for what is written in place. */
  readonly via: readonly Range[];
}

interface SequenceNode {
  readonly kind: 'sequence';
  readonly range: Range;
  readonly items: readonly SequenceItem[];
  readonly flow: boolean;
}

export interface SequenceItem {
  readonly value: Node;
  readonly via: readonly Range[];
}

/** A value with its place. Aliases share their node, so the tree is a graph without cycles. */
export type Node = ScalarNode | MappingNode | SequenceNode;

/** The `via` of what is written in place: one for all. */
export const inPlace: readonly Range[] = [];

/** The entry of `mapping` under `key`, own entries before merged ones. */
export function entryOf(mapping: MappingNode, key: string): MappingEntry | undefined {
  const { entries } = mapping;
  if (entries.length <= fewEntries) {
    // The most frequent of all questions: an iterator for each would be a tenth of what there is to collect.
    for (let index = 0; index < entries.length; index += 1)
      if (entries[index]?.key === key) return entries[index];
    return undefined;
  }
  let index = indexes.get(mapping);
  if (index === undefined) {
    index = new Map(entries.map((entry) => [entry.key, entry]));
    indexes.set(mapping, index);
  }
  return index.get(key);
}

/** Up to here a look at each entry is faster than an index; far beyond, it would take minutes. */
const fewEntries = 30;
const indexes = new WeakMap<MappingNode, ReadonlyMap<string, MappingEntry>>();
