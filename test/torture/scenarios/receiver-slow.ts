import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../../src/sage/clock.ts';
import { systemClock as simulatorClock } from '../../../src/simulator/clock.ts';
import { startSimulatedRuntime } from '../../runtime/simulated-runtime.ts';
import { judgeLedger } from '../judge-ledger.ts';
import { exceeding } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';

const faults = [{ kind: 'slow', delayMs: 1500 }, { kind: 'endless-body' }, { kind: 'truncate' }] as const;
const changes = 300;
const patienceMs = 60_000;
/** An endless answer that was kept would take gigabytes. */
const mostGrowthMb = 150;

/** One tenant's receiver answers slowly, without end, or breaks off; the other's works. In real time. */
export default {
  name: 'receiver-slow',
  summary: 'a receiver that is slow, or whose answer has no end, beside one that works',
  runs: 12,
  shortRuns: 2,
  run: async (seed) => {
    const fault = faults[seed % faults.length] ?? faults[0];
    await using scene = await startSimulatedRuntime({
      simulator: {
        seed,
        tenants: [{ name: 'slow' }, { name: 'quick' }],
        initialObjects: 5,
        clock: simulatorClock,
      },
      runtime: {
        clock: systemClock,
        intervalMs: 300,
        overlapMs: 5000,
        budget: { appPerSecond: 500, appInFlight: 150, businessPerMinute: undefined },
      },
    });
    const { simulator } = scene;
    await scene.poll();
    const startedMb = process.memoryUsage.rss() / 1e6;
    simulator.faults.add({ on: 'callback', tenant: 'slow', count: 'always', ...fault });
    const stop = new AbortController();
    const running = scene.run(stop.signal);
    simulator.changes.make(changes);
    const startedMs = performance.now();
    const hasAll = (tenant: string): boolean =>
      !simulator
        .report()
        .comparison.differences.some(
          (difference) => difference.kind === 'lost' && difference.tenant === tenant,
        );
    while (!hasAll('quick') && performance.now() - startedMs < patienceMs) await wait(50);
    const quickMs = Math.round(performance.now() - startedMs);
    const isSlowBehind = !hasAll('slow');
    while (!hasAll('slow') && performance.now() - startedMs < patienceMs) await wait(50);
    const slowMs = Math.round(performance.now() - startedMs);
    simulator.faults.clear();
    stop.abort();
    await running;
    await scene.settle();
    const grownMb = Math.round(process.memoryUsage.rss() / 1e6 - startedMb);
    return {
      broken: [
        ...judgeLedger(simulator.report()),
        ...exceeding({ grownMb: [grownMb, mostGrowthMb], quickMs: [quickMs, patienceMs - 1] }),
        ...(fault.kind === 'slow' && !isSlowBehind
          ? ['the slow receiver was not behind: nothing was tried']
          : []),
      ],
      figures: { quickMs, slowMs, grownMb },
    };
  },
} satisfies Scenario;
