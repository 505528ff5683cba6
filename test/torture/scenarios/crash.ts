import { crashPoints } from '../../../src/runtime/crash-points.ts';
import type { CrashPoint } from '../../../src/runtime/crash-points.ts';
import { createRandom } from '../../../src/simulator/random.ts';
import { startSimulatedRuntime } from '../../runtime/simulated-runtime.ts';
import { createMortal, Died } from '../die-in-process.ts';
import { judgeLedger } from '../judge-ledger.ts';
import type { Scenario } from '../scenario.ts';
import { findTornPages } from '../torn-pages.ts';

/** A death there costs the grant, as documented; the scenario `kill` has it. */
const points = Object.keys(crashPoints).filter(
  (point): point is CrashPoint => !point.startsWith('grant-before'),
);
const deaths = 12;

/** Within this process, hence many: twelve deaths a seed, half of them at a chosen point, half wherever it happens to be. */
export default {
  name: 'crash',
  summary: 'twelve deaths in a row at every point of polling and delivery, in process',
  runs: 500,
  shortRuns: 3,
  run: async (seed) => {
    const random = createRandom(seed, 'crash');
    const mortal = createMortal();
    const broken: string[] = [];
    let died = 0;
    await using scene = await startSimulatedRuntime({
      simulator: { seed, tenants: [{ name: 'north' }, { name: 'south' }], initialObjects: 8 },
      runtime: { crash: mortal.crash },
      edit: (text) => text.replaceAll('idField: id', 'idField: id\n      pageSize: 5'),
    });
    await scene.poll();
    for (let death = 0; death < deaths; death += 1) {
      scene.clock.advance(70_000);
      scene.simulator.changes.make(5 + random.integer(40));
      const point = death % 2 === 0 ? points[(seed + death / 2) % points.length] : undefined;
      mortal.dieAt(point, 1 + random.integer(point === undefined ? 40 : 2));
      await scene.poll().catch((error: unknown) => {
        if (!(error instanceof Died)) throw error;
      });
      if (mortal.isDead()) died += 1;
      mortal.revive();
      await scene.restart();
      broken.push(...findTornPages(scene.folder));
    }
    await scene.settle();
    const report = scene.simulator.report();
    const { delivered, duplicates } = report.comparison;
    return {
      // What a receiver has accepted and nobody wrote down: at most what may be in flight.
      broken: [...broken, ...judgeLedger(report, { duplicates: died * mostEventsInFlight })],
      figures: { deaths: died, delivered, repeated: duplicates },
    };
  },
} satisfies Scenario;

/** Two instances with eight notifications of ten events each. */
const mostEventsInFlight = 160;
