import type { Clock } from '../../src/simulator/clock.ts';

export interface ManualClock extends Clock {
  /** Moves the time, and lets every wait that is over go on. */
  advance(ms: number): Promise<void>;
  /** How many waits are under way. */
  waiting(): number;
}

/** Time that moves only when a test says so. */
export function createManualClock(startMs = Date.parse('2026-03-02T09:00:00.400Z')): ManualClock {
  let nowMs = startMs;
  let waits: { readonly untilMs: number; readonly resume: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    waiting: () => waits.length,
    wait: async (ms, signal) => {
      if (ms <= 0 || signal?.aborted === true) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      waits.push({ untilMs: nowMs + ms, resume: resolve });
      signal?.addEventListener('abort', () => resolve());
      await promise;
    },
    advance: async (ms) => {
      nowMs += ms;
      const over = waits.filter(({ untilMs }) => untilMs <= nowMs);
      waits = waits.filter(({ untilMs }) => untilMs > nowMs);
      for (const { resume } of over) resume();
      // Whoever waited runs before the caller looks.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
