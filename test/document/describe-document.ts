import type { Node } from '../../src/document/node.ts';
import type { SourceDocument } from '../../src/document/source-document.ts';

/** Everything about a document that a rule or a generator can see, every offset of every character included. */
export function describeDocument({ root, findings }: SourceDocument): object {
  return { findings, root: root && describeNode(root) };
}

function describeNode(node: Node): unknown {
  if (node.kind === 'sequence')
    return { ...node, items: node.items.map(({ value, via }) => ({ via, value: describeNode(value) })) };
  if (node.kind === 'mapping')
    return {
      ...node,
      entries: node.entries.map((entry) => ({ ...entry, value: describeNode(entry.value) })),
    };
  const { kind, value, range, style } = node;
  const offsets = Array.from({ length: String(value).length + 2 }, (_, index) => node.offsetAt(index));
  return { kind, value, range, style, offsets, encoded: node.encode('\'"\\') };
}
