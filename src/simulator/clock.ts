import { setTimeout as delay } from 'node:timers/promises';

/** The only source of time in the simulator, so that a test can hold it still. */
export interface Clock {
  /** Epoch milliseconds. */
  nowMs(): number;
  /** Resolves after `ms` milliseconds of this clock, or early when the signal aborts. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  wait: async (ms, signal) => {
    await delay(ms, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
      if (signal?.aborted !== true) throw error;
    });
  },
};

/** The same clock, ahead by `skewMs` (behind, if negative): Sage's idea of the time against the machine's. */
export function skewClock(clock: Clock, skewMs: number): Clock {
  return { nowMs: () => clock.nowMs() + skewMs, wait: (ms, signal) => clock.wait(ms, signal) };
}
