import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from '../../src/sage/retry-after.ts';

const serverTimeMs = Date.UTC(2026, 10, 23, 9, 0, 0);

describe('parseRetryAfter', () => {
  it.each([
    ['seconds', '120', 120_000],
    ['an HTTP date, by the server’s clock', 'Mon, 23 Nov 2026 09:00:30 GMT', 30_000],
    ['a date that has passed', 'Mon, 23 Nov 2026 08:00:00 GMT', 0],
    ['more than a day', '9999999', 86_400_000],
    ['neither', 'soon', undefined],
    ['nothing', undefined, undefined],
  ])('reads %s', (_case, value, expected) => {
    expect(parseRetryAfter(value, serverTimeMs)).toBe(expected);
  });
});
