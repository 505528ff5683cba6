import { CST, Parser } from 'yaml';
import type { Range } from '../problem/problem.ts';

/** Ranges of all `&anchors` of a YAML text, each with the blanks before it, or with its line where it has one of its own. */
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
  const end = offset + length;
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(lineStart, offset);
  const restOfLine = /[ \t]*(?:\r?\n|$)/y;
  restOfLine.lastIndex = end;
  const isAlone = /^[ \t]*$/.test(before) && restOfLine.test(text);
  if (isAlone && lineStart > 0) return { start: lineEndBefore(text, lineStart), end };
  return { start: offset - (/[ \t]*$/.exec(before)?.[0].length ?? 0), end };
}

function lineEndBefore(text: string, lineStart: number): number {
  return text[lineStart - 2] === '\r' ? lineStart - 2 : lineStart - 1;
}
