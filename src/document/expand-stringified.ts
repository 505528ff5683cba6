import type { Finding } from '../problem/problem.ts';
import { appendToPointer } from './json-pointer.ts';
import type { Limits } from './limits.ts';
import type { MappingEntry, Node } from './node.ts';
import { readStringified } from './read-stringified.ts';

export interface Expanded {
  readonly root: Node;
  readonly findings: readonly Finding[];
}

const stringifiedKey = 'event.poller.configuration';

/**
 * Puts the tree of a stringified poller configuration in place of its string, so that everything after this reads both
 * forms alike. A string that is not JSON at all stays a string.
 */
export function expandStringified(root: Node, limits?: Limits): Expanded {
  if (!holdsStringified(root)) return { root, findings: [] };
  const findings: Finding[] = [];
  const known = new Map<Node, Node>();

  function expand(node: Node, pointer: string): Node {
    if (node.kind === 'scalar') return node;
    const seen = known.get(node);
    if (seen !== undefined) return seen;
    const expanded = expandChildren(node, pointer);
    known.set(node, expanded);
    return expanded;
  }

  function expandChildren(node: Exclude<Node, { kind: 'scalar' }>, pointer: string): Node {
    if (node.kind === 'sequence') {
      const items = node.items.map((item, index) => ({
        ...item,
        value: expand(item.value, appendToPointer(pointer, index)),
      }));
      return { ...node, items };
    }
    return {
      ...node,
      entries: node.entries.map((entry) => expandEntry(entry, appendToPointer(pointer, entry.key))),
    };
  }

  function expandEntry(entry: MappingEntry, pointer: string): MappingEntry {
    const { value } = entry;
    if (!isStringified(entry)) return { ...entry, value: expand(value, pointer) };
    if (value.kind !== 'scalar') return entry;
    const inner = readStringified(value, pointer, limits);
    findings.push(...inner.findings);
    if (inner.root === undefined) return entry;
    return {
      ...entry,
      value: inner.root.kind === 'mapping' ? { ...inner.root, stringified: value } : inner.root,
    };
  }

  return { root: expand(root, ''), findings };
}

/** Most documents have none, and need no copy. */
function holdsStringified(root: Node): boolean {
  const pending: Node[] = [root];
  const seen = new Set<Node>();
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.kind === 'scalar' || seen.has(node)) continue;
    seen.add(node);
    if (node.kind === 'sequence') for (const { value } of node.items) pending.push(value);
    else
      for (const entry of node.entries) {
        if (isStringified(entry)) return true;
        if (entry.value.kind !== 'scalar') pending.push(entry.value);
      }
  }
  return false;
}

function isStringified({ key, value }: MappingEntry): boolean {
  return (
    key === stringifiedKey &&
    value.kind === 'scalar' &&
    typeof value.value === 'string' &&
    /^\s*[{[]/.test(value.value)
  );
}
