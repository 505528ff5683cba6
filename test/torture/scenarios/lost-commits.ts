import { setTimeout as wait } from 'node:timers/promises';
import { createRandom } from '../../../src/simulator/random.ts';
import { judgeLedger } from '../judge-ledger.ts';
import { lostCommits } from '../lost-commits.ts';
import { exceeding } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';
import { openWorkersScene } from '../workers-scene.ts';

const tenants = 20;
const cuts = 40;

/** Of pages, of the ends of polls and lanes, of notifications, of what a receiver accepted, and of new tokens. */
export default {
  name: 'lost-commits',
  summary: 'three processes on Postgres, forty connections cut after COMMIT was sent',
  runs: 10,
  shortRuns: 0,
  run: async (seed) => {
    const random = createRandom(seed, 'lost-commits');
    await using scene = await openWorkersScene(seed, { tenants, changesPerSecond: 60, intervalSeconds: 1 });
    const kinds = Object.values(lostCommits);
    for (let cut = 0; cut < cuts; cut += 1) {
      await wait(random.integer(500));
      const statement = kinds[cut % kinds.length] ?? lostCommits.page;
      const isCut = scene.proxy.cutAfterCommit(statement);
      if (statement === lostCommits.grant) scene.simulator.faults.add({ kind: 'expired-token', count: 4 });
      await isCut;
      scene.simulator.faults.clear();
    }
    const ended = scene.workers.filter(({ child }) => child.exitCode !== null || child.signalCode !== null);
    await wait(20_000);
    const live = await scene.liveJobs();
    await scene.settle();
    const report = scene.simulator.report();
    const { delivered, duplicates } = report.comparison;
    return {
      broken: [
        ...judgeLedger(report),
        ...exceeding({
          'processes that ended': [ended.length, 0],
          'grants that were lost': [Object.keys(report.grantRefusals).length, 0],
          'polls without a job': [3 * tenants - new Set(live).size, 0],
          'jobs too many': [live.length - 3 * tenants, 0],
        }),
      ],
      figures: { cuts, delivered, repeated: duplicates },
    };
  },
} satisfies Scenario;
