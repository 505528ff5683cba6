import { systemClock } from '../../../src/sage/clock.ts';
import { systemClock as simulatorClock } from '../../../src/simulator/clock.ts';
import { startSimulatedRuntime } from '../../runtime/simulated-runtime.ts';
import { judgeLedger } from '../judge-ledger.ts';
import { exceeding } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';

const mostInFlight = 150;
const tenants = Array.from({ length: 170 }, (_, index) => ({ name: `tenant-${index}` }));

/** More tenants than Sage allows requests at once, while Sage is slow; it refuses the first that is too many. */
export default {
  name: 'in-flight',
  summary: '170 tenants at once, of whose requests 150 may be under way',
  runs: 20,
  shortRuns: 1,
  run: async (seed) => {
    await using scene = await startSimulatedRuntime({
      simulator: {
        seed,
        tenants,
        initialObjects: 1,
        polled: ['products'],
        clock: simulatorClock,
        maxInFlight: mostInFlight,
      },
      runtime: {
        clock: systemClock,
        budget: { appPerSecond: 5000, appInFlight: mostInFlight, businessPerMinute: undefined },
      },
    });
    await scene.poll();
    scene.simulator.faults.add({ kind: 'slow', delayMs: 500, count: 'always' });
    scene.simulator.changes.make(100);
    await scene.poll();
    scene.simulator.faults.clear();
    await scene.settle();
    const report = scene.simulator.report();
    const { maxInFlightPerApp, byStatus } = report.traffic;
    return {
      broken: [
        ...judgeLedger(report),
        ...exceeding({
          maxInFlightPerApp: [maxInFlightPerApp, mostInFlight],
          refused: [byStatus['429'] ?? 0, 0],
        }),
        ...(maxInFlightPerApp < 100 ? [`only ${maxInFlightPerApp} were in flight: nothing was tried`] : []),
      ],
      figures: { maxInFlightPerApp },
    };
  },
} satisfies Scenario;
