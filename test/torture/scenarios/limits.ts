import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../../src/sage/clock.ts';
import { systemClock as simulatorClock } from '../../../src/simulator/clock.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { startSimulatedRuntime } from '../../runtime/simulated-runtime.ts';
import { judgeLedger } from '../judge-ledger.ts';
import { exceeding } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';

const perSecond = 15;
const tenants = Array.from({ length: 20 }, (_, index) => ({ name: `tenant-${index}` }));
const unlimited = { appPerSecond: 2000, appInFlight: 150, businessPerMinute: undefined };

/** Twenty tenants want ten times of what their app may ask, and are refused at random. In real time: who counts is the other side. */
export default {
  name: 'limits',
  summary: '429 with and without Retry-After, at 15 requests a second',
  runs: 20,
  shortRuns: 1,
  run: async (seed) => {
    await using scene = await startSimulatedRuntime({
      simulator: { seed, tenants, initialObjects: 6, clock: simulatorClock },
      runtime: {
        clock: systemClock,
        intervalMs: 1000,
        overlapMs: 20_000,
        budget: { ...unlimited, appPerSecond: perSecond },
      },
      edit: (text) => text.replaceAll('idField: id', 'idField: id\n      pageSize: 5'),
    });
    const { simulator } = scene;
    const anytime = { count: 'always', probability: 0.1 } as const;
    simulator.faults.add(
      { kind: 'rate-limit', ...anytime },
      { kind: 'rate-limit', retryAfter: '3', ...anytime },
    );
    const stop = new AbortController();
    const running = scene.run(stop.signal);
    simulator.changes.start({ changesPerSecond: 40, total: Infinity });
    await wait(3500);
    await simulator.changes.stop();
    stop.abort();
    await running;
    const { maxPerSecondPerApp, byStatus, requests } = simulator.traffic.report();
    const tooSoon = askedTooSoon(simulator);
    simulator.faults.clear();
    await scene.restart({ budget: unlimited });
    await scene.settle();
    return {
      broken: [
        ...judgeLedger(simulator.report()),
        ...exceeding({ maxPerSecondPerApp: [maxPerSecondPerApp, perSecond], askedTooSoon: [tooSoon, 0] }),
      ],
      figures: { requests, refused: byStatus['429'] ?? 0, maxPerSecondPerApp },
    };
  },
} satisfies Scenario;

/** How often the same list was asked for within a second of its refusal, the least that anybody must wait. */
function askedTooSoon({ traffic }: Simulator): number {
  const refusedAtMs = new Map<string, number>();
  let count = 0;
  for (const { atMs, tenant, path, status } of traffic.lines()) {
    const key = `${tenant} ${path.split('?')[0]}`;
    if (atMs - (refusedAtMs.get(key) ?? -Infinity) < 1000) count += 1;
    if (status === 429) refusedAtMs.set(key, atMs);
  }
  return count;
}
