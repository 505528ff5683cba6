import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '../../sage/clock.ts';
import type { BackfillProgress } from '../backfills.ts';
import type { GrantSummary } from '../ports/grant-store.ts';
import type { OutboxCounts } from '../ports/outbox-store.ts';
import type { ResourceOverview } from '../ports/poll-store.ts';
import type { Store } from '../ports/store.ts';

/** How a runtime is doing. */
export interface RuntimeHealth {
  readonly instances: number;
  readonly resources: readonly ResourceOverview[];
  readonly outbox: OutboxCounts;
  readonly grants: readonly GrantSummary[];
  /** Undefined where nothing is read again. */
  readonly backfill: BackfillProgress | undefined;
  /** How long the event loop keeps its timers waiting, milliseconds: of the last seconds the slowest hundredth. */
  readonly loopLagMs: number;
  /** How long the poll that has waited longest has been due, since the start at most. */
  readonly overdueMs: number;
}

export interface HealthMonitor extends Disposable {
  readonly read: () => Promise<RuntimeHealth>;
}

const lagResolutionMs = 250;
const lagWindowMs = 10_000;

export function monitorHealth({
  store,
  instanceIds,
  clock,
  backfill,
}: {
  readonly store: Store;
  readonly instanceIds: () => readonly string[];
  readonly clock: Clock;
  readonly backfill: () => BackfillProgress | undefined;
}): HealthMonitor {
  const startedMs = clock.now();
  const delay = monitorEventLoopDelay({ resolution: lagResolutionMs });
  delay.enable();
  let lastLagMs = 0;
  const readLag = (): number => Math.max(0, delay.percentile(99) / 1e6 - lagResolutionMs) || 0;
  const timer = setInterval(() => {
    lastLagMs = readLag();
    delay.reset();
  }, lagWindowMs);
  timer.unref();
  return {
    read: async () => {
      const ids = instanceIds();
      const present = new Set(ids);
      const resources = await store.polls.overview(ids);
      const firstDueMs = Math.min(...resources.map((resource) => resource.firstDueMs ?? Infinity));
      return {
        instances: ids.length,
        resources,
        outbox: await store.outbox.counts(),
        grants: (await store.grants.list()).filter(({ instanceId }) => present.has(instanceId)),
        backfill: backfill(),
        loopLagMs: Math.max(lastLagMs, readLag()),
        overdueMs: Math.max(0, clock.now() - Math.max(firstDueMs, startedMs)),
      };
    },
    [Symbol.dispose]: () => {
      clearInterval(timer);
      delay.disable();
    },
  };
}

const mostLoopLagMs = 2000;
const mostOverdueMs = 15 * 60_000;

/** What keeps the runtime from doing its work; empty where nothing does. */
export async function findHindrances(
  monitor: HealthMonitor,
  store: Pick<Store, 'probe'>,
): Promise<readonly string[]> {
  const writing = await store.probe().then(
    () => [],
    (error: unknown) => [
      `the state cannot be written: ${error instanceof Error ? error.message : 'unknown error'}`,
    ],
  );
  if (writing.length > 0) return writing;
  const { loopLagMs, overdueMs } = await monitor.read();
  return [
    ...(loopLagMs > mostLoopLagMs ? [`the event loop lags by ${Math.round(loopLagMs)} ms`] : []),
    ...(overdueMs > mostOverdueMs
      ? [`a poll has been due for ${Math.round(overdueMs / 60_000)} minutes`]
      : []),
  ];
}
