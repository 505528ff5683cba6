import { appendToPointer } from '../document/json-pointer.ts';
import type { MappingEntry, Scalar, ScalarNode } from '../document/node.ts';
import type { Edit, Range } from '../problem/problem.ts';
import type { Leaf } from './model.ts';

/** Makes the typed value of a scalar; undefined where it is of another type. */
export type Reader<Value> = (value: Scalar) => Value | undefined;

/** The value of an entry of the object at `parent`. */
export function readLeaf<Value>(
  entry: MappingEntry,
  parent: string,
  reader: Reader<Value>,
): EntryLeaf<Value> | undefined {
  const node = entry.value;
  if (node.kind !== 'scalar') return undefined;
  const value = reader(node.value);
  return value === undefined ? undefined : new EntryLeaf(value, entry, node, parent);
}

/** A class, because a file has dozens of them: two closures of each would take more than all the rest of it. */
class EntryLeaf<Value> implements Leaf<Value> {
  declare readonly value: Value;
  declare private readonly entry: MappingEntry;
  declare private readonly node: ScalarNode;
  declare private readonly parent: string;

  constructor(value: Value, entry: MappingEntry, node: ScalarNode, parent: string) {
    this.value = value;
    this.entry = entry;
    this.node = node;
    this.parent = parent;
  }

  get range(): Range {
    return this.node.range;
  }

  get keyRange(): Range {
    return this.entry.keyRange;
  }

  get pointer(): string {
    return appendToPointer(this.parent, this.entry.key);
  }

  get via(): readonly Range[] {
    return this.entry.via;
  }

  rangeOf(start: number, end: number): Range {
    return { start: this.node.offsetAt(start), end: this.node.offsetAt(end) };
  }

  editOf(start: number, end: number, text: string): Edit {
    return { range: this.rangeOf(start, end), text: this.node.encode(text) };
  }
}

export const readText: Reader<string> = (value) => (typeof value === 'string' ? value : undefined);

/** The platform writes booleans and numbers as strings as well. */
export const readBoolean: Reader<boolean> = (value) => {
  if (typeof value === 'boolean') return value;
  return value === 'true' ? true : value === 'false' ? false : undefined;
};

export const readNumber: Reader<number> = (value) => {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
};
