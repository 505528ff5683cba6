import type { Finding, Range } from '../problem/problem.ts';
import { defaultLimits, type Limits } from './limits.ts';
import type { Node, ScalarNode } from './node.ts';
import { readJson } from './read-json.ts';

export interface Stringified {
  readonly root: Node | undefined;
  readonly findings: readonly Finding[];
}

/** Reads the JSON inside a string value; every position points into the text that holds the string. */
export function readStringified(
  scalar: ScalarNode,
  pointer: string,
  limits: Limits = defaultLimits,
): Stringified {
  const inner = readJson(String(scalar.value), limits);
  const outer = (range: Range): Range => ({
    start: scalar.offsetAt(range.start),
    end: scalar.offsetAt(range.end),
  });
  return {
    root: inner.root && relocate(inner.root, outer, scalar),
    findings: inner.findings.map((finding) => relocateFinding(finding, pointer, outer, scalar)),
  };
}

function relocateFinding(
  finding: Finding,
  pointer: string,
  outer: (range: Range) => Range,
  scalar: ScalarNode,
): Finding {
  const { fix, related, ...rest } = finding;
  const edits = fix?.edits.map((edit) => ({ range: outer(edit.range), text: scalar.encode(edit.text) }));
  return {
    ...rest,
    range: outer(finding.range),
    pointer: pointer + finding.pointer,
    ...(related && { related: related.map((place) => ({ ...place, range: outer(place.range) })) }),
    ...(fix && edits && { fix: { ...fix, edits } }),
  };
}

function relocate(node: Node, outer: (range: Range) => Range, scalar: ScalarNode): Node {
  const range = outer(node.range);
  if (node.kind === 'scalar') {
    return {
      ...node,
      range,
      offsetAt: (index) => scalar.offsetAt(node.offsetAt(index)),
      encode: (text) => scalar.encode(node.encode(text)),
    };
  }
  if (node.kind === 'sequence') {
    const items = node.items.map((item) => ({ ...item, value: relocate(item.value, outer, scalar) }));
    return { ...node, range, items };
  }
  const entries = node.entries.map((entry) => ({
    ...entry,
    keyRange: outer(entry.keyRange),
    value: relocate(entry.value, outer, scalar),
  }));
  return { ...node, range, entries };
}
