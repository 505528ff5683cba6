import type { Range } from '../problem/problem.ts';

/** So many characters of a word tell whether a closer look is worth it; shorter words are not found. */
const leadLength = 3;

/**
 * A search for many words at once: where any of them occurs in a text, the longest at each place, in time that depends on
 * the text and hardly on their number.
 */
export function findWords(words: ReadonlySet<string>): (text: string) => Range[] {
  const isLead = new Uint8Array(1 << 16);
  for (const word of words) isLead[leadHash(word, 0)] = 1;
  const lengths = [...new Set([...words].map(({ length }) => length))].sort((left, right) => right - left);
  return (text) => {
    const found: Range[] = [];
    for (let start = 0; start + leadLength <= text.length; start += 1) {
      if (isLead[leadHash(text, start)] !== 1) continue;
      const length = lengths.find((each) => words.has(text.slice(start, start + each)));
      if (length === undefined) continue;
      found.push({ start, end: start + length });
      start += length - 1;
    }
    return found;
  };
}

function leadHash(text: string, at: number): number {
  return (text.charCodeAt(at) * 961 + text.charCodeAt(at + 1) * 31 + text.charCodeAt(at + 2)) & 0xffff;
}
