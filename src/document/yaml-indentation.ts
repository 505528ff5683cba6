import { lineAbove, lineBelow, type Line } from './line-of.ts';
import type { Mistake } from './yaml-mistakes.ts';

/** What is wrong with the column that a line begins in; undefined where it is not that. */
export function describeIndentation(text: string, line: Line): Mistake | undefined {
  const { indent, content } = read(text, line);
  const isItem = startsItem(content);
  const name = isItem ? '-' : (/^(?:"[^"]*"|'[^']*'|[^\s:][^:]*?)(?=\s*:(?:\s|$))/.exec(content)?.[0] ?? '');
  if (name === '') return undefined;
  const range = { start: line.start + indent, end: line.start + indent + name.length };
  const levels = levelsAbove(text, line);
  const level = levels.find((each) => each.indent === indent);
  if (level !== undefined) {
    if (level.isItem === isItem) return undefined;
    return { ...(isItem ? itemAmongKeys : keyAmongItems(name)), range };
  }
  const deeper = levels.findLast((each) => each.indent > indent);
  const shallower = levels.find((each) => each.indent < indent);
  const expected = [shallower, deeper].flatMap((each) => (each === undefined ? [] : [each.indent]));
  if (expected.length === 0) return undefined;
  return {
    message: `${isItem ? 'the list item' : JSON.stringify(name.replace(/^["']|["']$/g, ''))} begins after ${blanks(indent)}: expected ${expected.join(' or ')}, as the lines above`,
    help: 'The keys of one object all begin in the same column.',
    range,
  };
}

const itemAmongKeys = {
  message: 'a list item among the keys of an object: expected a key',
  help: 'Remove the "- ", or indent the list below the key that it belongs to.',
};

function keyAmongItems(name: string): { readonly message: string; readonly help: string } {
  return {
    message: `${JSON.stringify(name)} is a key among the items of a list: expected all to begin with "- ", or none`,
    help: 'The entries of a poller configuration are the keys of an object, not the items of a list.',
  };
}

interface Level {
  readonly indent: number;
  readonly isItem: boolean;
}

/** The columns in which a line below may begin, from the deepest. */
function levelsAbove(text: string, line: Line): readonly Level[] {
  const levels: Level[] = [];
  let limit = Number.POSITIVE_INFINITY;
  for (let at = lineAbove(text, line); at !== undefined && limit > 0; at = lineAbove(text, at)) {
    const { indent, content } = read(text, at);
    if (content === '' || content.startsWith('#') || indent >= limit) continue;
    const isItem = startsItem(content);
    const behindDash = isItem ? indent + 2 : undefined;
    if (behindDash !== undefined && behindDash < limit) levels.push({ indent: behindDash, isItem: false });
    levels.push({ indent, isItem });
    limit = indent;
  }
  return levels;
}

/** This line, or the first below it that is neither empty nor a comment. */
export function contentFrom(text: string, line: Line): Line {
  for (let at: Line | undefined = line; at !== undefined; at = lineBelow(text, at)) {
    const { content } = read(text, at);
    if (content !== '' && !content.startsWith('#')) return at;
  }
  return line;
}

/** The next line with content, where it begins deeper than this one. */
export function deeperLineBelow(text: string, line: Line): Line | undefined {
  const next = lineBelow(text, line);
  const below = next && contentFrom(text, next);
  return below && read(text, below).indent > read(text, line).indent ? below : undefined;
}

function read(text: string, { start, end }: Line): { readonly indent: number; readonly content: string } {
  const written = text.slice(start, end);
  const content = written.trimStart();
  return { indent: written.length - content.length, content };
}

function startsItem(content: string): boolean {
  return /^-(?:\s|$)/.test(content);
}

function blanks(count: number): string {
  return count === 1 ? '1 blank' : `${count} blanks`;
}
