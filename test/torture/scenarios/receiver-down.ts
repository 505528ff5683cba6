import { createRandom } from '../../../src/simulator/random.ts';
import { startSimulatedRuntime } from '../../runtime/simulated-runtime.ts';
import { judgeLedger } from '../judge-ledger.ts';
import { exceeding } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';

const minuteMs = 60_000;
const outageMs = 4 * 60 * minuteMs;
const stepMs = 5 * minuteMs;

/** One tenant's receiver is down for four hours, in one of the ways that receivers have; the other's works. */
export default {
  name: 'receiver-down',
  summary: 'a receiver down for four hours, beside one that works',
  runs: 100,
  shortRuns: 1,
  run: async (seed) => {
    const random = createRandom(seed, 'receiver-down');
    const outage = outages[seed % outages.length] ?? outages[0];
    await using scene = await startSimulatedRuntime({
      simulator: { seed, tenants: [{ name: 'down' }, { name: 'up' }], initialObjects: 10 },
    });
    const { simulator, clock } = scene;
    await scene.poll();
    simulator.faults.add({ on: 'callback', tenant: 'down', count: 'always', ...outage });
    let mostHeldBack = 0;
    for (let elapsedMs = 0; elapsedMs < outageMs; elapsedMs += stepMs) {
      clock.advance(stepMs);
      simulator.changes.make(random.integer(12));
      await scene.poll();
      mostHeldBack = Math.max(mostHeldBack, undelivered('up'));
    }
    const refused = simulator.ledger.filter(
      ({ tenant, isProcessed }) => tenant === 'down' && !isProcessed,
    ).length;
    const backlog = undelivered('down');
    simulator.faults.clear();
    // Whatever the schedule of retries says, within a day they have had their turn.
    for (let hour = 0; hour < 24; hour += 1) {
      clock.advance(60 * minuteMs);
      await scene.poll();
    }
    await scene.settle();
    return {
      broken: [
        ...judgeLedger(simulator.report()),
        ...exceeding({ 'what the working receiver had to wait for': [mostHeldBack, 0] }),
        ...(backlog > 0 ? [] : ['there was no backlog: nothing was tried']),
      ],
      figures: { backlog, refused },
    };

    /** Changes of a tenant that the receiver should have by now. */
    function undelivered(tenant: string): number {
      const { differences } = simulator.report().comparison;
      return differences.filter((difference) => difference.kind === 'lost' && difference.tenant === tenant)
        .length;
    }
  },
} satisfies Scenario;

const outages = [
  { kind: 'status', status: 503 },
  { kind: 'drop', when: 'before' },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 429, retryAfter: '600' },
] as const;
