import type { Range } from '../problem/problem.ts';

/** The text with every character of the ranges as `*`, line breaks kept, so that all offsets still hold. */
export function maskRanges(text: string, ranges: readonly Range[]): string {
  let masked = '';
  let reached = 0;
  for (const { start, end } of [...ranges].sort((left, right) => left.start - right.start)) {
    const from = Math.max(start, reached);
    if (end <= from) continue;
    masked += text.slice(reached, from) + text.slice(from, end).replaceAll(/[^\r\n"']/g, '*');
    reached = end;
  }
  return masked + text.slice(reached);
}
