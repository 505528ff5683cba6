import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../../src/runtime/poll/backoff.ts';
import { dueTime, nextSlot } from '../../../src/runtime/poll/next-slot.ts';

const minute = 60_000;
const nowMs = Date.UTC(2026, 10, 23, 9);

describe('nextSlot', () => {
  it('keeps the phase of a poll, whenever it is asked', () => {
    const first = nextSlot('acme/customers', 15 * minute, nowMs);
    expect(nextSlot('acme/customers', 15 * minute, first)).toBe(first + 15 * minute);
    expect(nextSlot('acme/customers', 15 * minute, first + 4 * minute)).toBe(first + 15 * minute);
  });

  it('comes after half an interval at the earliest, and one and a half at the latest', () => {
    for (let offset = 0; offset < 15 * minute; offset += 10_000) {
      const wait = nextSlot('acme/customers', 15 * minute, nowMs + offset) - (nowMs + offset);
      expect(wait).toBeGreaterThanOrEqual(7.5 * minute);
      expect(wait).toBeLessThanOrEqual(22.5 * minute);
    }
  });

  it('makes one of all the slots that were missed', () => {
    const due = nextSlot('acme/customers', minute, nowMs);
    expect(nextSlot('acme/customers', minute, due + 1000 * minute) - due).toBe(1001 * minute);
  });

  it('spreads many polls evenly', () => {
    const perMinute = new Map<number, number>();
    for (let index = 0; index < 15_000; index += 1) {
      const slot = Math.floor(nextSlot(`tenant-${index}/customers`, 15 * minute, nowMs) / minute) % 15;
      perMinute.set(slot, (perMinute.get(slot) ?? 0) + 1);
    }
    expect(perMinute.size).toBe(15);
    expect(Math.max(...perMinute.values())).toBeLessThan(1.5 * 1000);
  });
});

describe('dueTime', () => {
  it('is the time that was set, as long as it can be a slot', () => {
    expect(dueTime(nowMs - minute, minute, nowMs)).toBe(nowMs - minute);
    expect(dueTime(nowMs + 1.5 * minute, minute, nowMs)).toBe(nowMs + 1.5 * minute);
  });

  it('is now, where the clock was set back or the interval has become shorter', () => {
    expect(dueTime(nowMs + 60 * minute, 15 * minute, nowMs)).toBe(nowMs);
  });
});

describe('backoffMs', () => {
  it.each([
    ['doubles', 1, undefined, 1, 4000],
    ['doubles', 3, undefined, 1, 16_000],
    ['has a ceiling', 99, undefined, 1, 15 * minute],
    ['is never less than a second', 5, undefined, 0, 1000],
    ['is spread by chance', 3, undefined, 0.5, 8000],
    ['waits as long as the server asks', 1, 30_000, 1, 30_000],
  ])('%s', (_case, failures, retryAfterMs, chance, expected) => {
    expect(backoffMs(failures, { retryAfterMs, random: () => chance })).toBe(expected);
  });
});
