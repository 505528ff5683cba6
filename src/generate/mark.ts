import type { MappingEntry } from '../document/node.ts';
import type { Range } from '../problem/problem.ts';

/** Where a generated entry came from, and what it was then. */
export interface Mark {
  /** Key of the entry that it was cloned from; undefined for what the catalog recommends. */
  readonly from: string | undefined;
  readonly hash: string;
}

/** For `from=`, where no name can be: names are percent-encoded, and a colon with them. */
const catalog = 'catalog:';
const pattern = /[ \t]+# sagecfg:generated from=(?<from>\S+) hash=(?<hash>[\w-]+)[ \t]*$/;

export interface FoundMark {
  readonly mark: Mark;
  /** With the blanks before it. */
  readonly range: Range;
}

/** The mark behind an entry, on the line of its key. */
export function findMark(text: string, { keyRange, via }: MappingEntry): FoundMark | undefined {
  if (via.length > 0) return undefined;
  const [line = ''] = text.slice(keyRange.end).split(/\r?\n/, 1);
  const match = pattern.exec(line);
  if (match?.groups === undefined) return undefined;
  const start = keyRange.end + match.index;
  const { from = '', hash = '' } = match.groups;
  return {
    mark: { from: from === catalog ? undefined : decodeName(from), hash },
    range: { start, end: start + match[0].length },
  };
}

/** With the blank before it. */
export function renderMark({ from, hash }: Mark): string {
  const name = from === undefined ? catalog : encodeURIComponent(from);
  return ` # sagecfg:generated from=${name} hash=${hash}`;
}

/**
 * A pair of an object in YAML's block style, with a mark in place of the one that its source may have had. Undefined
 * where its first line has no room for a comment.
 */
export function markPair(pair: string, mark: Mark): string | undefined {
  const [written = ''] = pair.split(/\r?\n/, 1);
  const first = written.replace(pattern, '');
  const rest = pair.slice(written.length);
  const isRoomy = /:[ \t]*$/.test(first) || (rest === '' && /[}"']$/.test(first) && !/[ \t]#/.test(first));
  return isRoomy ? first.trimEnd() + renderMark(mark) + rest : undefined;
}

/** Without the mark of the entry that it was cloned from. */
export function unmarkPair(pair: string): string {
  const [first = ''] = pair.split(/\r?\n/, 1);
  return first.replace(pattern, '') + pair.slice(first.length);
}

/** A name that somebody has spoilt is one that no entry has. */
function decodeName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
