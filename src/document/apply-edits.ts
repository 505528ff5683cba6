import type { Edit } from '../problem/problem.ts';

/** The text with all edits applied; everything outside them stays as it is. Edits must not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let reached = 0;
  for (const { range, text: replacement } of [...edits].sort(byPlace)) {
    if (range.start < reached) throw new Error(`edits overlap at offset ${range.start}`);
    result += text.slice(reached, range.start) + replacement;
    reached = range.end;
  }
  return result + text.slice(reached);
}

function byPlace(left: Edit, right: Edit): number {
  return left.range.start - right.range.start || left.range.end - right.range.end;
}

/** True when one of `edits` touches what one of `others` replaces, so that only one side can be applied. */
export function doEditsCollide(edits: readonly Edit[], others: readonly Edit[]): boolean {
  return edits.some(({ range }) =>
    others.some((other) => range.start <= other.range.end && other.range.start <= range.end),
  );
}
