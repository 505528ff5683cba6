import { CST, Parser } from 'yaml';
import type { Range } from '../problem/problem.ts';

/** Ranges of all `&anchors` of a YAML text, each with the blanks before it. */
export function listAnchors(text: string): Range[] {
  const anchors: Range[] = [];
  for (const document of new Parser().parse(text)) {
    if (document.type !== 'document') continue;
    CST.visit(document, ({ start, sep }) => {
      for (const token of [...start, ...(sep ?? [])]) {
        if (token.type === 'anchor') anchors.push(withBlanksBefore(text, token.offset, token.source.length));
      }
    });
  }
  return anchors;
}

function withBlanksBefore(text: string, offset: number, length: number): Range {
  const before = /[ \t]*$/.exec(text.slice(text.lastIndexOf('\n', offset) + 1, offset))?.[0].length ?? 0;
  return { start: offset - before, end: offset + length };
}
