import { displayWidth } from './display-width.ts';

/** Breaks prose at blanks; the first line begins with `first`, the others with `rest`. */
export function wrapText(text: string, width: number, first: string, rest: string): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(/\s+/)) {
    if (!isEmpty && displayWidth(line) + 1 + displayWidth(word) > Math.max(width, 20)) {
      lines.push(line);
      line = rest;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}
