import { setTimeout as wait } from 'node:timers/promises';
import { createRandom } from '../../../src/simulator/random.ts';
import { judgeLedger } from '../judge-ledger.ts';
import { exceeding } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';
import { openWorkersScene } from '../workers-scene.ts';

const tenants = 20;
const crashes = 10;

/** Postgres ends in the middle of whatever it is at, as `pg_ctl stop -m immediate` would have it, commits among them. */
export default {
  name: 'database',
  summary: 'three processes on Postgres, which crashes ten times',
  runs: 5,
  shortRuns: 0,
  run: async (seed) => {
    const random = createRandom(seed, 'database');
    await using scene = await openWorkersScene(seed, { tenants, changesPerSecond: 60, intervalSeconds: 1 });
    await wait(3000);
    for (let crash = 0; crash < crashes; crash += 1) {
      await wait(1500 + random.integer(2500));
      await scene.server.crash();
      await wait(random.integer(1500));
      await scene.server.start();
    }
    const ended = scene.workers.filter(({ child }) => child.exitCode !== null || child.signalCode !== null);
    await wait(20_000);
    const live = await scene.liveJobs();
    await scene.settle();
    const report = scene.simulator.report();
    const { delivered, duplicates } = report.comparison;
    return {
      broken: [
        ...judgeLedger(report, { duplicates: Infinity }),
        ...exceeding({
          'processes that ended': [ended.length, 0],
          'polls without a job': [3 * tenants - new Set(live).size, 0],
          'jobs too many': [live.length - 3 * tenants, 0],
        }),
      ],
      figures: { crashes, delivered, repeated: duplicates },
    };
  },
} satisfies Scenario;
