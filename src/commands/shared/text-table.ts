import { displayWidth } from '../../report/display-width.ts';
import { visibleText } from '../../report/visible-text.ts';

/** Columns side by side, as wide as what stands in them; nothing behind the last one. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(visibleText));
  const widths: number[] = [];
  for (const row of cells) {
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, displayWidth(cell))));
  }
  const pad = (cell: string, column: number): string =>
    cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - displayWidth(cell)));
  return cells.map((row) => `${row.map(pad).join('  ').trimEnd()}\n`).join('');
}
