import type { ScalarNode } from '../document/node.ts';
import { columnOf, lineEndOf } from '../document/splice.ts';
import type { Edit } from '../problem/problem.ts';

/** An edit of a string's value as an edit of the text that holds the string. */
export function editInside(text: string, scalar: ScalarNode, { range, text: replacement }: Edit): Edit {
  return {
    range: { start: scalar.offsetAt(range.start), end: scalar.offsetAt(range.end) },
    text: writeInside(text, scalar, replacement),
  };
}

function writeInside(text: string, scalar: ScalarNode, replacement: string): string {
  if (!replacement.includes('\n')) return scalar.encode(replacement);
  if (scalar.style === 'double-quoted') return scalar.encode(replacement);
  // Line breaks of JSON mean nothing, and a blank survives where YAML would fold them.
  if (scalar.style !== 'block') return scalar.encode(replacement.replaceAll(/\s*\n\s*/g, ' '));
  const indentation = lineEndOf(text) + ' '.repeat(blockColumn(text, scalar));
  return scalar.encode(replacement).replaceAll(/\r?\n/g, indentation);
}

/** Column at which the lines of a block scalar begin. */
function blockColumn(text: string, scalar: ScalarNode): number {
  const value = String(scalar.value);
  const first = value.search(/\S/);
  const blanks = first - (value.lastIndexOf('\n', first) + 1);
  return columnOf(text, scalar.offsetAt(first)) - blanks;
}
