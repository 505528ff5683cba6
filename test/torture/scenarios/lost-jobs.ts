import { setTimeout as wait } from 'node:timers/promises';
import { createRandom } from '../../../src/simulator/random.ts';
import { judgeLedger } from '../judge-ledger.ts';
import { exceeding } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';
import { openWorkersScene } from '../workers-scene.ts';

const tenants = 10;
const longestMs = 60_000;
const lookEveryMs = 250;

/** Somebody deletes jobs by hand, as an operator may who does not know what they are for. */
export default {
  name: 'lost-jobs',
  summary: 'three processes on Postgres, and polls whose jobs somebody deleted',
  runs: 3,
  shortRuns: 0,
  run: async (seed) => {
    const random = createRandom(seed, 'lost-jobs');
    await using scene = await openWorkersScene(seed, { tenants, changesPerSecond: 20, intervalSeconds: 5 });
    await wait(5000 + random.integer(10_000));
    const { rows } = await scene.database.query(
      "DELETE FROM sagecfg_jobs.job WHERE name = 'poll' AND state <= 'active' RETURNING singleton_key AS key",
    );
    const deleted = rows.map(({ key }) => String(key));
    const fromMs = performance.now();
    let live: ReadonlySet<string> = new Set();
    do {
      await wait(lookEveryMs);
      live = new Set(await scene.liveJobs());
    } while (deleted.some((key) => !live.has(key)) && performance.now() - fromMs < longestMs);
    const backAfterMs = Math.round(performance.now() - fromMs);
    await wait(10_000);
    const jobs = await scene.liveJobs();
    await scene.settle();
    const logs = (await Promise.all(scene.workers.map(({ ended }) => ended)))
      .map(({ stderr }) => stderr)
      .join('');
    const untold = deleted.filter((key) => !logs.includes(JSON.stringify(key)));
    const report = scene.simulator.report();
    return {
      broken: [
        ...judgeLedger(report),
        ...exceeding({
          backAfterMs: [backAfterMs, longestMs],
          'jobs too many': [jobs.length - 3 * tenants, 0],
          'polls without a job': [3 * tenants - new Set(jobs).size, 0],
          'jobs that were restored and not told of': [untold.length, 0],
        }),
      ],
      figures: { deleted: deleted.length, backAfterMs, delivered: report.comparison.delivered },
    };
  },
} satisfies Scenario;
