import type { LineSpan } from './parse-directives.ts';

/** Lines of a text. Cheap however many spans are put in: all of them first, then the questions. */
export interface LineSet {
  readonly add: (span: LineSpan) => void;
  /** True when one of the lines of `span` is in the set. */
  readonly overlaps: (span: LineSpan) => boolean;
}

export function createLineSet(lineCount: number): LineSet {
  /** By line: how many spans begin there, less those that ended before it. */
  const changes = new Int32Array(lineCount + 2);
  /** By line: how many lines up to it are in the set. */
  let upTo: Int32Array | undefined;
  const clamp = (line: number): number => Math.min(Math.max(line, 1), lineCount);
  return {
    add: ({ from, to }) => {
      if (to < from) return;
      upTo = undefined;
      changes[clamp(from)] = (changes[clamp(from)] ?? 0) + 1;
      changes[clamp(to) + 1] = (changes[clamp(to) + 1] ?? 0) - 1;
    },
    overlaps: ({ from, to }) => {
      upTo ??= countUpTo(changes);
      return to >= from && (upTo[clamp(to)] ?? 0) > (upTo[clamp(from) - 1] ?? 0);
    },
  };
}

function countUpTo(changes: Int32Array): Int32Array {
  const counts = new Int32Array(changes.length);
  let open = 0;
  for (let line = 1; line < changes.length; line += 1) {
    open += changes[line] ?? 0;
    counts[line] = (counts[line - 1] ?? 0) + (open > 0 ? 1 : 0);
  }
  return counts;
}
