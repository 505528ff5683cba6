import type { Range } from '../problem/problem.ts';

/** So many characters of a word tell whether a closer look is worth it; shorter words are not found. */
const leadLength = 3;

/** Up to so many words are searched one by one, which V8 does without compiling anything. */
const few = 16;

/**
 * A search for many words at once: where any of them occurs in a text, the longest at each place, in time that depends on
 * the text and hardly on their number.
 */
export function findWords(words: ReadonlySet<string>): (text: string) => readonly Range[] {
  if (words.size <= few) return findEachOf(words);
  const isLead = new Uint8Array(1 << 16);
  for (const word of words) isLead[leadHash(word, 0)] = 1;
  const lengths = [...new Set([...words].map(({ length }) => length))].sort((left, right) => right - left);
  return (text) => {
    const found: Range[] = [];
    for (let start = 0; start + leadLength <= text.length; start += 1) {
      if (isLead[leadHash(text, start)] !== 1) continue;
      const length = lengths.find(
        (each) => start + each <= text.length && words.has(text.slice(start, start + each)),
      );
      if (length === undefined) continue;
      found.push({ start, end: start + length });
      start += length - 1;
    }
    return found;
  };
}

function findEachOf(words: ReadonlySet<string>): (text: string) => readonly Range[] {
  // Longest first: of two at the same place the longer one counts.
  const sorted = [...words]
    .filter(({ length }) => length >= leadLength)
    .sort((left, right) => right.length - left.length);
  return (text) => {
    const held = sorted.filter((word) => text.includes(word));
    return held.length === 0 ? none : findEach(held, text);
  };
}

const none: readonly Range[] = [];

function findEach(words: readonly string[], text: string): Range[] {
  const searches = words.map((word) => ({ word, next: text.indexOf(word) }));
  const found: Range[] = [];
  for (;;) {
    let nearest: (typeof searches)[number] | undefined;
    for (const search of searches)
      if (search.next !== -1 && (nearest === undefined || search.next < nearest.next)) nearest = search;
    if (nearest === undefined) return found;
    const end = nearest.next + nearest.word.length;
    found.push({ start: nearest.next, end });
    for (const search of searches)
      if (search.next !== -1 && search.next < end) search.next = text.indexOf(search.word, end);
  }
}

function leadHash(text: string, at: number): number {
  return (text.charCodeAt(at) * 961 + text.charCodeAt(at + 1) * 31 + text.charCodeAt(at + 2)) & 0xffff;
}
