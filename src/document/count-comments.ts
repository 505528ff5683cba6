import { visit } from 'jsonc-parser';
import { CST, Lexer } from 'yaml';
import type { Range } from '../problem/problem.ts';
import type { Syntax } from './source-document.ts';

/** How many comments stand in a part of a text. */
export function countComments(text: string, { start, end }: Range, syntax: Syntax): number {
  const offsets = syntax === 'json' ? jsonComments(text) : yamlComments(text);
  return offsets.filter((offset) => offset >= start && offset < end).length;
}

function jsonComments(text: string): number[] {
  const offsets: number[] = [];
  visit(text, { onComment: (offset) => offsets.push(offset) });
  return offsets;
}

/** The lexer also gives signs that stand for nothing in the text. */
const signs = new Set([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR]);

function yamlComments(text: string): number[] {
  const offsets: number[] = [];
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (signs.has(lexeme)) continue;
    if (CST.tokenType(lexeme) === 'comment' && text.startsWith(lexeme, offset)) offsets.push(offset);
    offset += lexeme.length;
  }
  return offsets;
}
