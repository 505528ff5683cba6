import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Alias,
  type ParsedNode,
  type Pair,
  type Scalar as YamlScalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Finding, Range } from '../problem/problem.ts';
import { appendToPointer } from './json-pointer.ts';
import type {
  MappingEntry,
  MappingNode,
  Node,
  Scalar,
  ScalarNode,
  ScalarStyle,
  SequenceItem,
} from './node.ts';
import { uniqueEntries, type TreeBudget } from './tree-builder.ts';
import { WrittenScalar } from './written-scalar.ts';

const inProgress = Symbol('in progress');

interface Builder {
  readonly text: string;
  readonly budget: TreeBudget;
  /** The latest node under each anchor, in document order, as YAML resolves an alias. */
  readonly anchors: Map<string, Node | typeof inProgress>;
}

interface Built {
  readonly value: Node;
  readonly via: readonly Range[];
}

/** Turns the library's nodes into ours: aliases resolved and shared, merge keys applied, duplicates reported. */
export function buildYamlTree(contents: ParsedNode, text: string, budget: TreeBudget): Node {
  return build(contents, '', { text, budget, anchors: new Map() }).value;
}

function build(node: ParsedNode, pointer: string, builder: Builder): Built {
  if (isAlias(node)) return resolveAlias(node, pointer, builder);
  const anchor = node.anchor;
  if (anchor !== undefined) builder.anchors.set(anchor, inProgress);
  const value = buildOwn(node, pointer, builder);
  if (anchor !== undefined) builder.anchors.set(anchor, value);
  return { value, via: [] };
}

function buildOwn(node: Exclude<ParsedNode, Alias.Parsed>, pointer: string, builder: Builder): Node {
  if (isMap(node)) return buildMapping(node, pointer, builder);
  if (isSeq(node)) return buildSequence(node, pointer, builder);
  const scalar = buildScalar(node, builder.text);
  builder.budget.spend(scalar, scalar.range, pointer);
  return scalar;
}

function buildScalar(node: YamlScalar.Parsed, text: string): ScalarNode {
  const [start, end] = node.range;
  const value = scalarValue(node.value);
  const style = styles[node.type ?? 'PLAIN'] ?? 'plain';
  return new WrittenScalar(value, { start, end }, style, text);
}

const styles: Record<string, ScalarStyle> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single-quoted',
  QUOTE_DOUBLE: 'double-quoted',
  BLOCK_FOLDED: 'block',
  BLOCK_LITERAL: 'block',
};

function scalarValue(value: unknown): Scalar {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  // Everything else is a big number, which the core schema does not make.
  return typeof value === 'bigint' ? Number(value) : null;
}

function buildSequence(node: YAMLSeq.Parsed, pointer: string, builder: Builder): Node {
  const items: SequenceItem[] = node.items.map((item, index) =>
    build(item, appendToPointer(pointer, index), builder),
  );
  return { kind: 'sequence', flow: node.flow === true, range: rangeOf(node), items };
}

function buildMapping(node: YAMLMap.Parsed, pointer: string, builder: Builder): MappingNode {
  const own: MappingEntry[] = [];
  const merged: MappingEntry[] = [];
  for (const pair of node.items as readonly Pair<ParsedNode, ParsedNode | null>[]) {
    const key = keyText(pair.key);
    const keyRange = rangeOf(pair.key);
    const childPointer = appendToPointer(pointer, key);
    const built = pair.value === null ? missingValue(keyRange) : build(pair.value, childPointer, builder);
    if (isMergeKey(pair.key)) {
      for (const entry of mergedEntries(built, keyRange, childPointer, builder)) merged.push(entry);
    } else own.push({ key, keyRange, value: built.value, via: built.via });
  }
  const entries = uniqueEntries(own, pointer, builder.budget.findings);
  return {
    kind: 'mapping',
    flow: node.flow === true,
    range: rangeOf(node),
    entries: withMerged(entries, merged),
  };
}

/** An own key wins over a merged one, an earlier merge source over a later one. */
function withMerged(own: readonly MappingEntry[], merged: readonly MappingEntry[]): MappingEntry[] {
  if (merged.length === 0) return [...own];
  const byKey = new Map(own.map((entry) => [entry.key, entry]));
  for (const entry of merged) if (!byKey.has(entry.key)) byKey.set(entry.key, entry);
  return [...byKey.values()];
}

function isMergeKey(key: ParsedNode): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}

function mergedEntries(built: Built, keyRange: Range, pointer: string, builder: Builder): MappingEntry[] {
  const sources = built.value.kind === 'sequence' ? built.value.items : [built];
  return sources.flatMap(({ value, via }) => {
    if (value.kind !== 'mapping') {
      if (value.kind !== 'scalar' || value.value !== null)
        builder.budget.findings.push(notMergeable(value, pointer));
      return [];
    }
    if (!builder.budget.spend(value, keyRange, pointer)) return [];
    return value.entries.map((entry) => ({
      ...entry,
      via: [...(via.length > 0 ? via : [keyRange]), ...entry.via].slice(0, longestWay),
    }));
  });
}

/** A reader follows a few steps; a chain of thousands of merges would fill the memory with them. */
const longestWay = 10;

function notMergeable(node: Node, pointer: string): Finding {
  return {
    rule: 'syntax',
    message: `a merge key takes an object or a list of objects, found a ${node.kind}`,
    help: 'Write "<<: *anchor", where the anchor stands on an object.',
    range: node.range,
    pointer,
  };
}

function resolveAlias(node: Alias.Parsed, pointer: string, builder: Builder): Built {
  const range = rangeOf(node);
  const target = builder.anchors.get(node.source);
  if (target === undefined || target === inProgress) {
    builder.budget.findings.push(brokenAlias(node.source, target === inProgress, range, pointer, builder));
    return missingValue(range);
  }
  if (!builder.budget.spend(target, range, pointer)) return missingValue(range);
  return { value: target, via: [range] };
}

function brokenAlias(
  name: string,
  isCycle: boolean,
  range: Range,
  pointer: string,
  builder: Builder,
): Finding {
  if (isCycle) {
    return {
      rule: 'alias-cycle',
      message: `alias "*${name}" stands inside the value that it names`,
      help: 'The value would contain itself without end. Write out what was meant.',
      range,
      pointer,
    };
  }
  const known = [...builder.anchors.keys()].map((anchor) => `"&${anchor}"`).join(', ');
  return {
    rule: 'undefined-alias',
    message: `alias "*${name}" has no anchor before it`,
    help: known === '' ? `Mark the value with "&${name}" first.` : `Anchors so far: ${known}.`,
    range,
    pointer,
  };
}

/** Stands for a value that is not there, so that the rest can still be read. */
function missingValue(at: Range): Built {
  const range = { start: at.end, end: at.end };
  return {
    value: new WrittenScalar(null, range, 'plain', ''),
    via: [],
  };
}

function keyText(key: ParsedNode): string {
  return isScalar(key) ? keyString(key.value) : isAlias(key) ? `*${key.source}` : '';
}

/** The library was told to read keys as strings. */
function keyString(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A collection in block style ends with its last value; the library counts what follows up to the next line as well. */
function rangeOf(node: ParsedNode): Range {
  return { start: node.range[0], end: endOf(node) };
}

function endOf(node: ParsedNode): number {
  if (isMap(node) && node.flow !== true) {
    const last = node.items.at(-1);
    return last === undefined ? node.range[1] : endOf(last.value ?? last.key);
  }
  const last = isSeq(node) && node.flow !== true ? node.items.at(-1) : undefined;
  return last === undefined ? node.range[1] : endOf(last);
}
