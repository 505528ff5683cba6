import type { Clock } from '../sage/clock.ts';

/** A clock whose sleepers can be woken, all at once, to look whether there is something to do. */
export interface Alarm {
  readonly clock: Clock;
  readonly ring: () => void;
}

export function createAlarm(clock: Clock): Alarm {
  let bell = new AbortController();
  return {
    clock: {
      ...clock,
      sleep: (milliseconds, signal) => {
        const woken = signal === undefined ? bell.signal : AbortSignal.any([signal, bell.signal]);
        return clock.sleep(milliseconds, woken);
      },
    },
    ring: () => {
      bell.abort();
      bell = new AbortController();
    },
  };
}
