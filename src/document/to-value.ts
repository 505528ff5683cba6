import type { Node } from './node.ts';

/** Plain data, as a parser would give it; every object is without prototype, so a key `__proto__` is only a key. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** The plain value of a tree. What the tree shares is shared in the value as well. */
export function toValue(root: Node): Value {
  const known = new Map<Node, Value>();
  function convert(node: Node): Value {
    if (node.kind === 'scalar') return node.value;
    const seen = known.get(node);
    if (seen !== undefined) return seen;
    const value =
      node.kind === 'sequence' ? node.items.map((item) => convert(item.value)) : convertMapping(node.entries);
    known.set(node, value);
    return value;
  }
  function convertMapping(entries: readonly { readonly key: string; readonly value: Node }[]): Value {
    const object: Record<string, Value> = Object.create(null) as Record<string, Value>; // a null prototype has no other keys
    for (const entry of entries) object[entry.key] = convert(entry.value);
    return object;
  }
  return convert(root);
}
