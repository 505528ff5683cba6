import type { Range } from '../problem/problem.ts';
import { pointerTokens } from './json-pointer.ts';
import { entryOf, type Node } from './node.ts';

/** Where a JSON Pointer leads. */
export interface Location {
  readonly node: Node;
  /** Of the key that holds the node; the node's own at the root and in lists. */
  readonly keyRange: Range;
  /** Aliases and merge keys on the way, outermost first. */
  readonly via: readonly Range[];
}

/** Follows a JSON Pointer down a tree; undefined where it leads nowhere. */
export function locate(root: Node, pointer: string): Location | undefined {
  let location: Location | undefined = { node: root, keyRange: root.range, via: [] };
  for (const token of pointerTokens(pointer)) {
    if (location === undefined) return undefined;
    location = step(location, token);
  }
  return location;
}

function step({ node, via }: Location, token: string): Location | undefined {
  if (node.kind === 'mapping') {
    const entry = entryOf(node, token);
    return entry && { node: entry.value, keyRange: entry.keyRange, via: [...via, ...entry.via] };
  }
  const item = node.kind === 'sequence' ? node.items[Number(token)] : undefined;
  return item && { node: item.value, keyRange: item.value.range, via: [...via, ...item.via] };
}
