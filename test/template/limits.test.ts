import { describe, expect, test } from 'vitest';

import { compilePattern } from '../../src/template/compile-pattern.ts';
import { expandUrl } from '../../src/template/expand-url.ts';
import { parsePollUrl } from '../../src/template/parse-poll-url.ts';
import { parseTemplate } from '../../src/template/parse-template.ts';

/** The best of a few runs: a busy machine may slow one down, but not every one. */
function bestTimeMs(run: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round += 1) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

describe('hostile input is refused with a fault in under 50 ms', () => {
  test.each([
    ['a pattern of 100,000 letters', 'y'.repeat(100_000)],
    ['a pattern of 10,001 quotes', "'".repeat(10_001)],
    ['a pattern of places for a forgotten quote', `'${"yyyyT'T'".repeat(124)}`],
    ['a pattern of 999 letters that alternate with text', "x'".repeat(499)],
  ])('%s', (_name, pattern) => {
    expect(compilePattern(pattern).ok).toBe(false);
    expect(bestTimeMs(() => compilePattern(pattern))).toBeLessThan(50);
  });

  const start = '/x?where=';
  test.each([
    ['a URL of 100,000 characters', `${start}${'a'.repeat(100_000)}`],
    ['10,001 quotes', `${start}a=${"'".repeat(10_001)}`],
    ['10,001 quotes with blanks', `${start}a=${"' ".repeat(9_500)}'`],
    ['10,000 opened templates', '${'.repeat(9_999)],
    ['opened templates with quotes', "'${date:'".repeat(2_200)],
    ['5,000 opened parentheses', `${start}${'('.repeat(19_000)}`],
    ['closing parentheses', `${start}a=1${')'.repeat(19_000)}`],
    ['conditions without values', `${start}${'a= and '.repeat(2_700)}`],
    ['conditions whose quotes swallow each other', `${start}${"a='b and ".repeat(2_100)}`],
    ['ampersands in quotes', `${start}a='${' &'.repeat(9_000)}'`],
    ['parameters', `/x?${'&b='.repeat(6_000)}'`],
    ['a long prose pattern', `${start}a='\${date:${'x1'.repeat(3_000)}}'`],
    ['junk at the end', `/x${'}'.repeat(19_000)}`],
    ['broken openers', `${start}a='${'{date:'.repeat(3_000)}'`],
    ['blanks', `${start}${' '.repeat(19_000)}b`],
    ['blanks before an end', `${start}a='${' \t'.repeat(9_000)}b`],
  ])('%s', (_name, url) => {
    expect(parsePollUrl(url).faults.length).toBeGreaterThan(0);
    expect(bestTimeMs(() => parsePollUrl(url))).toBeLessThan(50);
    expect(bestTimeMs(() => expandUrl(parseTemplate(url), { sinceMs: 0, nowMs: 0 }))).toBeLessThan(50);
  });
});
