import { describe, expect, it } from 'vitest';
import { isBodyRefused, nextAttemptMs } from '../../../src/runtime/deliver/retry-schedule.ts';

const second = 1000;

describe('nextAttemptMs', () => {
  it('follows the platform’s table, counted from the first failure', () => {
    const times = Array.from({ length: 10 }, (_value, index) =>
      nextAttemptMs({ failedAttempts: index + 1, firstFailedMs: 0, nowMs: 0, retryAfterMs: undefined }),
    );
    expect(times.map((time) => time && time / second)).toEqual([
      4,
      16,
      64,
      256,
      1024,
      4096,
      16_384,
      65_536,
      262_144,
      undefined,
    ]);
  });

  it('waits as long as the receiver asks', () => {
    const attempt = { failedAttempts: 1, firstFailedMs: 0, nowMs: 100, retryAfterMs: 60_000 };
    expect(nextAttemptMs(attempt)).toBe(60_100);
  });

  it('lets a second pass even where the table’s time is over', () => {
    const attempt = { failedAttempts: 1, firstFailedMs: 0, nowMs: 90_000, retryAfterMs: undefined };
    expect(nextAttemptMs(attempt)).toBe(91_000);
  });
});

describe('isBodyRefused', () => {
  it.each([400, 409, 413, 422, 500, 501])('takes %i for a refusal of the body', (status) => {
    expect(isBodyRefused(status)).toBe(true);
  });

  it.each([302, 401, 403, 404, 408, 410, 429, 502, 503, 504])(
    'takes %i for a trouble of the receiver',
    (status) => {
      expect(isBodyRefused(status)).toBe(false);
    },
  );
});
