import type { Finding, Range } from '../problem/problem.ts';
import { appendToPointer } from './json-pointer.ts';
import type { Limits } from './limits.ts';
import type { MappingEntry, Node } from './node.ts';

/** What both readers keep while they build a tree: findings, and how large the tree is with every alias written out. */
export interface TreeBudget {
  readonly findings: Finding[];
  /** Size of a node with everything below it. */
  readonly sizeOf: (node: Node) => number;
  /** Counts a use of `node`; false when the document would now be larger than allowed (reported once). */
  readonly spend: (node: Node, at: Range, pointer: string) => boolean;
}

export function createTreeBudget(limits: Limits): TreeBudget {
  const findings: Finding[] = [];
  const sizes = new WeakMap<Node, number>();
  let spent = 0;
  let isExhausted = false;

  function sizeOf(node: Node): number {
    if (node.kind === 'scalar') return 1;
    const known = sizes.get(node);
    if (known !== undefined) return known;
    const size = 1 + childrenOf(node).reduce((sum, child) => sum + sizeOf(child), 0);
    sizes.set(node, size);
    return size;
  }

  function spend(node: Node, at: Range, pointer: string): boolean {
    spent += sizeOf(node);
    if (spent <= limits.maxNodes) return true;
    if (!isExhausted) findings.push(tooManyNodes(limits, at, pointer));
    isExhausted = true;
    return false;
  }

  return { findings, sizeOf, spend };
}

function childrenOf(node: Node): readonly Node[] {
  if (node.kind === 'mapping') return node.entries.map((entry) => entry.value);
  if (node.kind === 'sequence') return node.items.map((item) => item.value);
  return [];
}

function tooManyNodes({ maxNodes }: Limits, range: Range, pointer: string): Finding {
  return {
    rule: 'too-large',
    message: `document grows past ${maxNodes} values when its aliases are written out`,
    help: 'Aliases of aliases multiply. Write the values out, or raise the limit with --max-nodes.',
    range,
    pointer,
  };
}

export function tooManyValues({ maxNodes }: Limits, range: Range): Finding {
  return {
    rule: 'too-large',
    message: `document holds more than ${maxNodes} values`,
    help: 'It was not read. Split it, or raise the limit with --max-nodes.',
    range,
    pointer: '',
  };
}

export function tooDeep({ maxDepth }: Limits, range: Range): Finding {
  return {
    rule: 'too-large',
    message: `nesting is deeper than ${maxDepth} levels`,
    help: 'An instance body needs six levels. Raise the limit with --max-depth if this file is meant to be so deep.',
    range,
    pointer: '',
  };
}

/**
 * Entries by key as JSON reads them: the last of several wins. Every earlier one is reported, because the reader of the
 * file believes in the first.
 */
export function uniqueEntries(
  entries: readonly MappingEntry[],
  pointer: string,
  findings: Finding[],
): MappingEntry[] {
  const byKey = new Map<string, MappingEntry>();
  for (const entry of entries) {
    const earlier = byKey.get(entry.key);
    if (earlier !== undefined) findings.push(duplicateKey(entry, earlier, pointer));
    byKey.set(entry.key, entry);
  }
  return [...byKey.values()];
}

function duplicateKey(entry: MappingEntry, earlier: MappingEntry, pointer: string): Finding {
  return {
    rule: 'duplicate-key',
    message: `key ${JSON.stringify(entry.key)} is already defined in this object`,
    help: 'Only the last one counts. Remove one of them, or give it the name that was meant.',
    range: entry.keyRange,
    pointer: appendToPointer(pointer, entry.key),
    related: [{ range: earlier.keyRange, message: 'first defined here' }],
  };
}
