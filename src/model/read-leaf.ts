import type { Node, Scalar } from '../document/node.ts';
import type { Edit, Range } from '../problem/problem.ts';
import type { Leaf } from './model.ts';

/** Makes the typed value of a scalar; undefined where it is of another type. */
export type Reader<Value> = (value: Scalar) => Value | undefined;

export function readLeaf<Value>(
  node: Node,
  pointer: string,
  via: readonly Range[],
  reader: Reader<Value>,
): Leaf<Value> | undefined {
  if (node.kind !== 'scalar') return undefined;
  const value = reader(node.value);
  if (value === undefined) return undefined;
  const rangeOf = (start: number, end: number): Range => ({
    start: node.offsetAt(start),
    end: node.offsetAt(end),
  });
  const editOf = (start: number, end: number, text: string): Edit => ({
    range: rangeOf(start, end),
    text: node.encode(text),
  });
  return { value, range: node.range, pointer, rangeOf, editOf, via };
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
