import type { Clock } from '../../src/sage/clock.ts';

/** A clock on which waiting takes no time: it moves to where the wait ends. */
export interface VirtualClock extends Clock {
  readonly advance: (milliseconds: number) => void;
}

export function createVirtualClock(startMs = Date.UTC(2026, 10, 23, 9, 0, 0)): VirtualClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    sleep: (milliseconds) => {
      nowMs += Math.max(0, milliseconds);
      // Whoever waits lets others go on, as with a real clock.
      return new Promise((resolve) => setImmediate(resolve));
    },
    advance: (milliseconds) => {
      nowMs += milliseconds;
    },
  };
}
