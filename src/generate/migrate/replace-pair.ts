import type { MappingEntry, MappingNode } from '../../document/node.ts';
import { lineEndOf, writtenRange } from '../../document/splice.ts';
import type { Edit } from '../../problem/problem.ts';
import type { ObjectValue } from '../fields.ts';
import { renderKey } from '../write-pair.ts';

/** Writes another key and value in the place of a pair, as the object is written; a comment behind it stays. */
export function replacePair(
  text: string,
  mapping: MappingNode,
  entry: MappingEntry,
  key: string,
  value: ObjectValue[string],
): Edit {
  const range = writtenRange(text, entry);
  const lines = mapping.flow ? renderOnLines(text, entry, key, value) : undefined;
  return { range, text: lines ?? renderKey({ text, mapping, entry }, key, value) };
}

/** In JSON with a line for each key the new value gets one for each of its own. */
function renderOnLines(
  text: string,
  { keyRange }: MappingEntry,
  key: string,
  value: ObjectValue[string],
): string | undefined {
  const lineStart = text.lastIndexOf('\n', keyRange.start - 1) + 1;
  const indentation = text.slice(lineStart, keyRange.start);
  if (lineStart === 0 || !/^[ \t]+$/.test(indentation)) return undefined;
  // The key lies two levels deep, below "configuration".
  const step = indentation.includes('\t')
    ? '\t'
    : ' '.repeat(Math.max(1, Math.floor(indentation.length / 2)));
  const written = `${JSON.stringify(key)}: ${JSON.stringify(value, undefined, step)}`;
  return written.replaceAll('\n', lineEndOf(text) + indentation);
}
