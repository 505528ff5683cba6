/**
 * The candidate that was most likely meant by `word`: equal but for case and punctuation, or with so few letters
 * missing, superfluous, wrong or swapped (a third of the word, at most three) that it is no coincidence; else the only one
 * of which the word leaves a part out.
 */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const plain = plainLetters(word);
  const lower = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.min(3, Math.floor(Math.max(word.length, 3) / 3)) + 1;
  for (const candidate of candidates) {
    if (candidate === word) continue;
    if (plain !== '' && plainLetters(candidate) === plain) return candidate;
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(lower, candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best ?? completed(lower, candidates);
}

/** Shorter words are the beginning or the end of too many. */
const shortestPart = 5;

/** The only candidate that has one part more: `event.poller.interval`, `updatedField`, `Berlin`. */
function completed(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length < shortestPart) return undefined;
  let found: string | undefined;
  for (const candidate of candidates) {
    if (candidate.length <= word.length || candidate.length > word.length * 2.5) continue;
    if (!hasOnePartMore(candidate.toLowerCase(), word)) continue;
    if (found !== undefined) return undefined;
    found = candidate;
  }
  return found;
}

function hasOnePartMore(candidate: string, word: string): boolean {
  let start = 0;
  while (start < word.length && candidate.charCodeAt(start) === word.charCodeAt(start)) start += 1;
  return candidate.endsWith(word.slice(start));
}

function plainLetters(word: string): string {
  return word.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/**
 * Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment); `limit` where there are so
 * many. Numbers in fixed arrays, because a file with ten thousand unknown names asks this a million times.
 */
function editDistance(left: string, right: string, limit: number): number {
  let beforeLast = new Uint32Array(right.length + 1);
  let last = Uint32Array.from(beforeLast, (_, index) => index);
  let current = new Uint32Array(right.length + 1);
  for (let row = 1; row <= left.length; row += 1) {
    const letter = left.charCodeAt(row - 1);
    const letterBefore = left.charCodeAt(row - 2);
    let least = row;
    current[0] = row;
    for (let column = 1; column <= right.length; column += 1) {
      const other = right.charCodeAt(column - 1);
      let distance = (last[column - 1] ?? 0) + (letter === other ? 0 : 1);
      distance = Math.min(distance, (last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
      const isSwap = row > 1 && letterBefore === other && letter === right.charCodeAt(column - 2);
      if (isSwap) distance = Math.min(distance, (beforeLast[column - 2] ?? 0) + 1);
      current[column] = distance;
      least = Math.min(least, distance);
    }
    // Later rows grow from this one, or by a swap from the one before, which adds what this one has added.
    if (least >= limit + 1) return limit;
    [beforeLast, last, current] = [last, current, beforeLast];
  }
  return Math.min(last[right.length] ?? 0, limit);
}
