import { setTimeout as wait } from 'node:timers/promises';
import { createRandom } from '../../../src/simulator/random.ts';
import { judgeLedger } from '../judge-ledger.ts';
import { exceeding } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';
import { openWorkersScene } from '../workers-scene.ts';

const tenants = 20;
const frozenMs = 60_000;

/** A process stands still in the middle of its pages, for so long that others have long since gone on with them. */
export default {
  name: 'frozen',
  summary: 'three processes on Postgres, one of them stopped for a minute, and then the next',
  runs: 5,
  shortRuns: 0,
  run: async (seed) => {
    const random = createRandom(seed, 'frozen');
    await using scene = await openWorkersScene(seed, { tenants, changesPerSecond: 60, intervalSeconds: 1 });
    // So that there is always a page under way.
    scene.simulator.faults.add({ kind: 'slow', delayMs: 400, count: 'always' });
    await wait(2000);
    for (const { child } of scene.workers) {
      await wait(random.integer(3000));
      child.kill('SIGSTOP');
      await wait(frozenMs);
      child.kill('SIGCONT');
      await wait(5000);
    }
    scene.simulator.faults.clear();
    const ended = scene.workers.filter(({ child }) => child.exitCode !== null || child.signalCode !== null);
    await wait(20_000);
    const live = await scene.liveJobs();
    await scene.settle();
    const logs = await Promise.all(scene.workers.map((worker) => worker.ended));
    const disbelieved = logs.map(({ stderr }) => stderr.match(/has taken over/g)?.length ?? 0);
    const report = scene.simulator.report();
    const { delivered, duplicates } = report.comparison;
    return {
      broken: [
        // What was on its way to the receiver was sent again by another.
        ...judgeLedger(report, { duplicates: Infinity }),
        ...exceeding({
          'processes that ended': [ended.length, 0],
          'polls without a job': [3 * tenants - new Set(live).size, 0],
          'jobs too many': [live.length - 3 * tenants, 0],
        }),
        ...(disbelieved.some((count) => count === 0)
          ? ['one of them came back to nothing: nothing was tried']
          : []),
      ],
      figures: {
        frozenSeconds: frozenMs / 1000,
        disbelieved: disbelieved.reduce((sum, count) => sum + count, 0),
        delivered,
        repeated: duplicates,
      },
    };
  },
} satisfies Scenario;
