import type { Clock } from '../sage/clock.ts';

/** Lets a loop sleep until there is something to do. A notice while nobody waits is kept. */
export interface WakeUp {
  readonly notify: () => void;
  /** Waits for a notice, for so long at most, or until the signal aborts. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

export function createWakeUp(clock: Clock): WakeUp {
  let isNoticed = false;
  let current: AbortController | undefined;
  return {
    notify: () => {
      isNoticed = true;
      current?.abort();
    },
    wait: async (milliseconds, signal) => {
      if (!isNoticed) {
        current = new AbortController();
        await clock.sleep(milliseconds, AbortSignal.any([signal, current.signal]));
        current = undefined;
      }
      isNoticed = false;
    },
  };
}
