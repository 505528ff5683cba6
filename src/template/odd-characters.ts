/** What word processors, chats and shells put in the place of a quote, a dash or a blank. */
export const oddCharacter = /["“”„‟‘’‚‛´`\\‐-―−\u00A0\u202F]/;

export function describeOdd(character: string): { readonly what: string; readonly right: string } {
  if (character === '\\') return { what: 'a backslash', right: '' };
  if (character === '"') return { what: 'a double quote', right: "'" };
  if (character === '`' || character === '´') return { what: 'a backtick', right: "'" };
  if (/[\u00A0\u202F]/.test(character)) return { what: 'a no-break space', right: ' ' };
  return /[‐-―−]/.test(character) ? { what: 'a dash', right: '-' } : { what: 'a curly quote', right: "'" };
}

export function withoutOdd(pattern: string): string {
  return pattern.replaceAll(new RegExp(oddCharacter, 'g'), (character) => describeOdd(character).right);
}
