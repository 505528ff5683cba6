import { setTimeout as wait } from 'node:timers/promises';
import { lintText } from '../../src/lint/lint-text.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { openWorkplace, percentile } from './prepare.ts';

export interface Latency {
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly notifications: number;
}

/** From a page that Sage has answered to the POST of its events, with twenty changes a second over two tenants. */
export async function measureLatency(seconds: number): Promise<Latency> {
  await using simulator = await startSimulator({
    tenants: [{ name: 'north' }, { name: 'south' }],
    initialObjects: 50,
  });
  await using workplace = await openWorkplace();
  const instances = simulator.tenants.flatMap(({ name }) => lintText(simulator.instanceFile(name)).instances);
  await using runtime = await workplace.openRuntime(instances, {
    sage: { baseUrl: simulator.sageUrl, tokenUrl: simulator.tokenUrl, business: undefined },
    intervalMs: 500,
    overlapMs: 5000,
    report: () => undefined,
  });
  const stop = new AbortController();
  const running = runtime.run(stop.signal);
  await wait(1000);
  simulator.changes.start({ changesPerSecond: 20, total: Infinity });
  await wait(seconds * 1000);
  await simulator.changes.stop();
  stop.abort();
  await running;
  const pages = simulator.traffic
    .lines()
    .filter(({ path, status }) => path.includes('updated_or_created_since') && status === 200);
  const delaysMs = simulator.ledger.flatMap(({ tenant, receivedAtMs, events }) => {
    const resource = events[0]?.objectType ?? '';
    const page = pages.findLast(
      (line) => line.tenant === tenant && line.atMs <= receivedAtMs && line.path.includes(pathOf(resource)),
    );
    return page === undefined ? [] : [receivedAtMs - page.atMs];
  });
  return {
    medianMs: percentile(delaysMs, 0.5),
    p95Ms: percentile(delaysMs, 0.95),
    notifications: delaysMs.length,
  };
}

/** Sage's list of what the poller knows by another name. */
function pathOf(resource: string): string {
  if (resource === 'customers') return '/contacts?';
  return resource === 'invoices' ? '/sales_invoices?' : `/${resource}?`;
}
