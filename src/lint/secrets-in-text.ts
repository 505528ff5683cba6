import type { Range } from '../problem/problem.ts';
import { secretKeys } from '../schema/secret-keys.ts';

export interface FoundSecret {
  /** Left out for what may only be a part of a secret, or more than one. */
  readonly value?: string;
  readonly range: Range;
}

const keys = secretKeys.map((key) => key.replaceAll('.', String.raw`\.`)).join('|');
const keyPattern = new RegExp(String.raw`(?:${keys})\\?["']?[ \t]*:[ \t]*`, 'g');
/** Before a key: it is the end of a longer one. Looked for behind a match, not before each character of a file. */
const longer = /[\w.]/;

/** No secret is longer; a longer stretch up to the next key is a broken file, and bounded work. */
const longestValue = 10_000;

/**
 * Secrets by nothing but the keys before them. In a broken text nobody knows where a value ends, so that everything up to
 * the next key may be a part of it.
 */
export function* secretsInText(text: string, isBroken: boolean): Iterable<FoundSecret> {
  const places = findKeys(text);
  for (const [index, { start }] of places.entries()) {
    const next = places[index + 1]?.key ?? text.length;
    const rest = text.slice(start, Math.min(next, start + longestValue));
    if (isBroken && !isClosed(rest)) yield { range: { start, end: start + lengthToNextKey(rest) } };
    if (reference.test(rest)) continue;
    const value = valueIn(rest);
    const from = start + rest.indexOf(value);
    if (value !== '') yield { value, range: { start: from, end: from + value.length } };
  }
  for (const match of text.includes('@') ? text.matchAll(passwordInUrl) : []) {
    const { value = '' } = match.groups ?? {};
    const end = match.index + match[0].length - 1;
    yield { value, range: { start: end - value.length, end } };
  }
}

/** Where each key begins, and what stands behind its colon. */
function findKeys(text: string): { readonly key: number; readonly start: number }[] {
  const places = [];
  keyPattern.lastIndex = 0;
  for (let match = keyPattern.exec(text); match !== null; match = keyPattern.exec(text)) {
    const { index } = match;
    if (index === 0 || !longer.test(text.charAt(index - 1)))
      places.push({ key: index, start: keyPattern.lastIndex });
  }
  return places;
}

/** It says where the secret is, and is none. Nothing else may stand on its line but brackets that close. */
const reference =
  /^\s*(?:\\?["'])?\$\{(?:env|file):[^}\s"']*\}(?:\\?["'])?[ \t,}\]]*(?:[ \t]#[^\r\n]*)?(?:[\r\n]|$)/;

const jsonWord = /^(?:null|true|false)\b/;

/** In quotes that are closed where a value may end, or a word of JSON that is no secret. */
function isClosed(rest: string): boolean {
  return jsonWord.test(rest) || /^\s*\\?(["'])[^"'\r\n]*\1[ \t]*(?:[,}\]\r\n]|#|$)/.test(rest);
}

function lengthToNextKey(rest: string): number {
  const lines = rest.split('\n');
  const key = lines.findIndex((line, index) => index > 0 && /^[ \t]*["']?[\w.-]+["']?[ \t]*:/.test(line));
  return lines.slice(0, key === -1 ? lines.length : key).join('\n').length;
}

function valueIn(rest: string): string {
  const quoted = /^\s*\\?(["'])(?<inner>[^\r\n]*?)\\?\1/.exec(rest)?.groups?.['inner'];
  if (quoted !== undefined) return quoted;
  if (jsonWord.test(rest)) return '';
  const [line = ''] = rest.split(/\r?\n/, 1);
  return line
    .replace(/^["']/, '')
    .replace(/ #.*$/, '')
    .replace(/[,}\]].*$/, (tail) => (/^[\s,}\]]*$/.test(tail) ? '' : tail))
    .trimEnd();
}

/** `https://name:password@host`. */
const passwordInUrl = /:\/\/[^\s/@:"']*:(?<value>[^\s/@"']+)@/g;
