/** One condition of a where clause: `lastModifiedDate >= '2026-03-02T09:00:00Z'`. */
export interface Condition {
  readonly name: string;
  /** Upper case, with single blanks: `>=`, `LIKE`, `IS NOT NULL`. */
  readonly operator: string;
  readonly values: readonly string[];
}

export type ParsedCeql =
  | { readonly ok: true; readonly conditions: readonly Condition[] }
  | { readonly ok: false; readonly message: string };

interface Token {
  readonly kind: 'word' | 'quoted' | 'operator' | 'punctuation';
  readonly text: string;
  readonly at: number;
}

/** A quoted text ends at the next quote: no way to escape one is documented. */
const pattern =
  /\s*(?:'(?<quoted>[^']*)'|`(?<ticked>[^`]*)`|(?<operator><=|>=|!=|<>|=|<|>)|(?<punctuation>[(),])|(?<word>[^\s'`<>=!(),]+))/y;

/**
 * Reads the platform's query language, as far as conditions that are joined by `and` go: this simulator's own reading of
 * it, so that it can prove another one wrong.
 */
export function parseCeql(text: string): ParsedCeql {
  const tokens = readTokens(text);
  if (typeof tokens === 'string') return { ok: false, message: tokens };
  const conditions: Condition[] = [];
  let position = 0;
  while (position < tokens.length) {
    const read = readCondition(tokens, position);
    if (typeof read === 'string') return { ok: false, message: read };
    conditions.push(read.condition);
    position = read.next;
    const joint = tokens[position];
    if (joint === undefined) break;
    if (!isWord(joint, 'and')) return { ok: false, message: joinMessage(joint) };
    position += 1;
    if (position === tokens.length) return { ok: false, message: 'Invalid where clause: it ends with "and"' };
  }
  return { ok: true, conditions };
}

function joinMessage({ text, at }: Token): string {
  return text.toLowerCase() === 'or'
    ? 'Invalid where clause: "or" is not supported by this element'
    : `Invalid where clause: unexpected "${text}" at ${at}`;
}

function readTokens(text: string): readonly Token[] | string {
  const tokens: Token[] = [];
  let at = 0;
  while (text.slice(at).trim() !== '') {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) return `Invalid where clause: nothing to read at ${at}: ${text.slice(at, at + 20)}`;
    const { quoted, ticked, operator, punctuation, word } = match.groups ?? {};
    if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted, at });
    else if (ticked !== undefined) tokens.push({ kind: 'word', text: ticked, at });
    else if (operator !== undefined) tokens.push({ kind: 'operator', text: operator, at });
    else if (punctuation !== undefined) tokens.push({ kind: 'punctuation', text: punctuation, at });
    else tokens.push({ kind: 'word', text: word ?? '', at });
    at = pattern.lastIndex;
  }
  return tokens;
}

type ReadCondition = { readonly condition: Condition; readonly next: number };

function readCondition(tokens: readonly Token[], start: number): ReadCondition | string {
  const [name, first, second, third] = tokens.slice(start, start + 4);
  if (name === undefined || name.kind === 'operator' || name.kind === 'punctuation')
    return 'Invalid where clause: expected the name of a field';
  if (first === undefined) return `Invalid where clause: nothing follows "${name.text}"`;
  if (isWord(first, 'is')) {
    const isNegated = isWord(second, 'not');
    if (!isWord(isNegated ? third : second, 'null')) return 'Invalid where clause: expected "is null"';
    const operator = isNegated ? 'IS NOT NULL' : 'IS NULL';
    return { condition: { name: name.text, operator, values: [] }, next: start + (isNegated ? 4 : 3) };
  }
  if (isWord(first, 'in')) return readList(tokens, start + 2, name.text);
  if (first.kind !== 'operator' && !isWord(first, 'like'))
    return `Invalid where clause: expected an operator after "${name.text}", found "${first.text}"`;
  if (second === undefined || (second.kind !== 'quoted' && second.kind !== 'word'))
    return `Invalid where clause: no value after "${name.text} ${first.text}"`;
  const condition = { name: name.text, operator: first.text.toUpperCase(), values: [second.text] };
  return { condition, next: start + 3 };
}

function readList(tokens: readonly Token[], start: number, name: string): ReadCondition | string {
  const end = tokens.findIndex((token, index) => index >= start && token.text === ')');
  if (tokens[start]?.text !== '(' || end === -1) return 'Invalid where clause: "in" takes a list in brackets';
  const values = tokens
    .slice(start + 1, end)
    .filter(({ kind }) => kind !== 'punctuation')
    .map(({ text }) => text);
  return { condition: { name, operator: 'IN', values }, next: end + 1 };
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.toLowerCase() === word;
}
