import { createRandom } from '../../../src/simulator/random.ts';
import { startSimulatedRuntime } from '../../runtime/simulated-runtime.ts';
import { judgeLedger } from '../judge-ledger.ts';
import type { Scenario } from '../scenario.ts';

const tenant = 'north';
const minuteMs = 60_000;

/** The receiver chokes on one object, for good. Everything else is delivered, the object's events are kept as dead. */
export default {
  name: 'poison',
  summary: 'an object that the receiver always refuses, among others',
  runs: 100,
  shortRuns: 1,
  run: async (seed) => {
    const random = createRandom(seed, 'poison');
    await using scene = await startSimulatedRuntime({ simulator: { seed, initialObjects: 5 } });
    const { simulator, clock } = scene;
    await scene.poll();
    clock.advance(minuteMs);
    const poison = simulator.world.create(tenant, 'customers');
    const status = random.pick([{ code: 500 }, { code: 400 }, { code: 422 }]).code;
    simulator.faults.add({ on: 'callback', contains: poison.id, kind: 'status', status, count: 'always' });
    for (let round = 0; round < 10; round += 1) {
      for (let index = 0; index < 15; index += 1) simulator.world.create(tenant, 'customers');
      if (round % 3 === 0) simulator.world.edit(tenant, poison.id, { visibly: true });
      await scene.poll();
      clock.advance(minuteMs);
    }
    // The retries of what stood beside the poison, in ever smaller company.
    for (let round = 0; round < 30; round += 1) {
      clock.advance(minuteMs);
      await scene.poll();
    }
    const lost = new Set(
      simulator
        .report()
        .comparison.differences.flatMap((difference) =>
          difference.kind === 'lost' && difference.id !== poison.id ? [difference.id] : [],
        ),
    );
    // Until the schedule of retries is at its end, then what the receiver says does not matter any more.
    for (let day = 0; day < 40; day += 1) {
      clock.advance(12 * 60 * minuteMs);
      await scene.poll();
    }
    const { pendingEvents, deadNotifications } = await scene.poll();
    const report = simulator.report();
    const broken = judgeLedger({
      ...report,
      comparison: { ...report.comparison, lost: lost.size, differences: [] },
    });
    return {
      broken: [
        ...broken,
        ...(pendingEvents === 0 ? [] : [`${pendingEvents} events are still pending`]),
        ...(deadNotifications > 0 ? [] : ['the poison was not buried']),
      ],
      figures: { delivered: report.comparison.delivered, deadNotifications },
    };
  },
} satisfies Scenario;
