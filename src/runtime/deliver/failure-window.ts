/** Counts outcomes of the last half minute, second by second. */
export interface FailureWindow {
  readonly add: (isFailure: boolean, nowMs: number) => void;
  /** True when there were enough of them, and most failed. */
  readonly isFailing: (nowMs: number) => boolean;
}

/* Convoy's numbers, which others have run with for years. */
const windowSeconds = 30;
const fewestOutcomes = 10;
const failingShare = 0.7;

export function createFailureWindow(): FailureWindow {
  const seconds = new Map<number, { outcomes: number; failures: number }>();
  const forgetOld = (second: number): void => {
    for (const key of seconds.keys()) {
      // A clock that was set back would keep what lies ahead for ever.
      if (key <= second - windowSeconds || key > second) seconds.delete(key);
    }
  };
  return {
    add: (isFailure, nowMs) => {
      const second = Math.floor(nowMs / 1000);
      const counts = seconds.get(second) ?? { outcomes: 0, failures: 0 };
      if (!seconds.has(second)) {
        forgetOld(second);
        seconds.set(second, counts);
      }
      counts.outcomes += 1;
      counts.failures += Number(isFailure);
    },
    isFailing: (nowMs) => {
      forgetOld(Math.floor(nowMs / 1000));
      let outcomes = 0;
      let failures = 0;
      for (const counts of seconds.values()) {
        outcomes += counts.outcomes;
        failures += counts.failures;
      }
      return outcomes >= fewestOutcomes && failures >= outcomes * failingShare;
    },
  };
}
