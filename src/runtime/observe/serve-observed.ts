import type { Clock } from '../../sage/clock.ts';
import type { BudgetLimits } from '../../sage/request-budget.ts';
import type { Store } from '../ports/store.ts';
import type { Report } from '../report.ts';
import { findHindrances } from './health.ts';
import type { HealthMonitor } from './health.ts';
import { serveHealth } from './health-server.ts';
import type { HealthAddress, HealthServer } from './health-server.ts';
import type { Observation } from './observation.ts';

/** Serves health and metrics, and counts from now on. Throws `SagecfgError` when the port is taken. */
export async function serveObserved(
  address: HealthAddress,
  {
    health,
    store,
    observation,
    clock,
    limits,
    report,
  }: {
    readonly health: HealthMonitor;
    readonly store: Store;
    readonly observation: Observation;
    readonly clock: Clock;
    readonly limits: BudgetLimits;
    readonly report: Report;
  },
): Promise<HealthServer> {
  const { createMetrics } = await import('./metrics.ts');
  const metrics = createMetrics({ readHealth: health.read, now: clock.now, limits });
  const hindrances = (): Promise<readonly string[]> => findHindrances(health, store);
  const server = await serveHealth(address, { hindrances, metrics: metrics.render });
  observation.countWith(metrics);
  report({ kind: 'health-served', url: server.url });
  return server;
}
