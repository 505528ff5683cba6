import type { CleanReader } from './clean-reader.ts';
import { appendToPointer } from './json-pointer.ts';
import type { MappingEntry, MappingNode } from './node.ts';
import { uniqueEntries } from './tree-builder.ts';

export function buildMapping(
  reader: CleanReader,
  entries: readonly MappingEntry[],
  flow: boolean,
  start: number,
  end: number,
): MappingNode {
  // Nearly nobody has to know where the mapping stands.
  const unique = hasTwoAlike(entries)
    ? uniqueEntries(entries, reader.path.reduce<string>(appendToPointer, ''), reader.findings)
    : entries;
  return { kind: 'mapping', flow, range: { start, end }, entries: unique };
}

export function hasTwoAlike(entries: readonly MappingEntry[]): boolean {
  const keys = new Set<string>();
  for (const { key } of entries) keys.add(key);
  return keys.size < entries.length;
}
