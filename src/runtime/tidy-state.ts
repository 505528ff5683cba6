import { setImmediate } from 'node:timers/promises';
import type { Store } from './ports/store.ts';

/** How long what is done with is kept, milliseconds. */
export interface Retention {
  readonly deliveredMs: number;
  readonly attemptsMs: number;
}

export const dayMs = 86_400_000;
/** As long as the platform keeps its log of events. */
const defaultRetentionDays = 7;
export const defaultRetention: Retention = {
  deliveredMs: defaultRetentionDays * dayMs,
  attemptsMs: defaultRetentionDays * dayMs,
};

/** Small enough that a poll or a delivery never waits for long. */
const rowsAtOnce = 500;
const intervalMs = 3_600_000;

/** Deletes what was delivered long ago, and gives the room back. What waits or was given up stays, and so does the ledger. */
export async function tidyState(
  { outbox, compact }: Pick<Store, 'outbox' | 'compact'>,
  {
    retention,
    nowMs,
    signal,
  }: { readonly retention: Retention; readonly nowMs: number; readonly signal: AbortSignal },
): Promise<number> {
  const bounds = {
    deliveredBeforeMs: nowMs - retention.deliveredMs,
    attemptsBeforeMs: nowMs - retention.attemptsMs,
    limit: rowsAtOnce,
  };
  let deleted = 0;
  while (!signal.aborted) {
    const rows = await outbox.prune(bounds);
    deleted += rows;
    if (rows === 0) break;
    await setImmediate();
  }
  while (!signal.aborted && (await compact())) await setImmediate();
  return deleted;
}

/** Tidies now and then, in real time. Disposing waits for what is under way. */
export function tidyRegularly(tidy: (signal: AbortSignal) => Promise<unknown>): AsyncDisposable {
  const stop = new AbortController();
  let current: Promise<unknown> = Promise.resolve();
  const start = (): void => {
    // A state that cannot be written ends the run by itself; tidying can wait.
    current = tidy(stop.signal).catch(() => undefined);
  };
  start();
  const timer = setInterval(start, intervalMs);
  timer.unref();
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      stop.abort();
      await current;
    },
  };
}
