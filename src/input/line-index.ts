/** A place as people count: line and column from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface LineIndex {
  readonly lineCount: number;
  readonly positionOf: (offset: number) => Position;
  /** Text of a line (from 1) without its line end, or the part of it between two columns (from 0). */
  readonly lineText: (line: number, from?: number, to?: number) => string;
  /** Offset of the first character of a line (from 1). */
  readonly lineStart: (line: number) => number;
}

/** Converts offsets at the edge; inside, everything counts in offsets. Lines end with LF or CRLF. */
export function createLineIndex(text: string): LineIndex {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);

  const lineStart = (line: number): number => starts[line - 1] ?? text.length;
  return {
    lineCount: starts.length,
    lineStart,
    positionOf: (offset) => {
      const line = lastAtOrBefore(starts, Math.min(Math.max(offset, 0), text.length)) + 1;
      // A byte-order mark is no column: editors do not show it.
      const hidden = line === 1 && text.startsWith('\uFEFF') && offset > 0 ? 1 : 0;
      return { line, column: Math.min(offset, text.length) - lineStart(line) + 1 - hidden };
    },
    // A file may be a single line: only what is asked for may be touched.
    lineText: (line, from = 0, to = Number.POSITIVE_INFINITY) => {
      const start = lineStart(line) + (line === 1 && text.startsWith('\uFEFF') ? 1 : 0);
      const next = line < starts.length ? lineStart(line + 1) - 1 : text.length;
      const end = next > start && text[next - 1] === '\r' ? next - 1 : next;
      return text.slice(Math.min(start + from, end), Math.min(start + to, end));
    },
  };
}

function lastAtOrBefore(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
