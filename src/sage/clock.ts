/** Time as the code that waits sees it; tests pass one that they move by hand. */
export interface Clock {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Waits, and returns early, without an error, when the signal aborts. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** Longest wait that a timer takes without firing at once. */
const longestTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: Date.now,
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const timer = setTimeout(finish, Math.min(Math.max(milliseconds, 0), longestTimerMs));
      signal?.addEventListener('abort', finish, { once: true });
      function finish(): void {
        clearTimeout(timer);
        signal?.removeEventListener('abort', finish);
        resolve();
      }
    }),
};
