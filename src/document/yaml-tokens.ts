import { Lexer, Parser, type CST } from 'yaml';
import type { Finding } from '../problem/problem.ts';
import type { Limits } from './limits.ts';
import { tooDeep } from './tree-builder.ts';

export interface YamlTokens {
  /** One for each document, directive and comment between; ends early where the text goes too far. */
  readonly tokens: () => Iterable<CST.Token>;
  /** Where and how the text went too far; known once the tokens have ended. */
  readonly tooMuch: () => Finding | undefined;
}

/** Depth and size are watched while the text is read: a tree of all of it may fill the memory, and composing recurses. */
export function readYamlTokens(text: string, limits: Limits): YamlTokens {
  let tooMuch: Finding | undefined;
  function* tokens(): Generator<CST.Token> {
    const parser = new Parser();
    let lexemes = 0;
    for (const lexeme of new Lexer().lex(text)) {
      lexemes += lexeme.startsWith('*') ? lexemesPerAlias : 1;
      const { offset } = parser;
      yield* parser.next(lexeme);
      // What is not yet closed, the document first.
      const deep = parser.stack[limits.maxDepth + 1];
      if (deep !== undefined) tooMuch = tooDeep(limits, { start: deep.offset, end: deep.offset + 1 });
      else if (lexemes > lexemesPerNode * limits.maxNodes) tooMuch = tooManyLexemes(limits, offset);
      if (tooMuch !== undefined) return;
    }
    yield* parser.end();
  }
  return { tokens, tooMuch: () => tooMuch };
}

/** Rather few: a line of a block mapping has eight, so that a value in the form that needs this reader costs thrice. */
const lexemesPerNode = 3;
/** What it names is there once more. */
const lexemesPerAlias = 8;

function tooManyLexemes({ maxNodes }: Limits, offset: number): Finding {
  return {
    rule: 'too-large',
    message: `text has more than ${lexemesPerNode * maxNodes} words, marks and line breaks`,
    help: 'It was not read further. Split it, or raise the limit with --max-nodes.',
    range: { start: offset, end: offset + 1 },
    pointer: '',
  };
}
