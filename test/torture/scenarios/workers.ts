import { setTimeout as wait } from 'node:timers/promises';
import { createRandom } from '../../../src/simulator/random.ts';
import { judgeLedger } from '../judge-ledger.ts';
import { exceeding } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';
import { openWorkersScene } from '../workers-scene.ts';
import type { WorkersScene } from '../workers-scene.ts';

const tenants = 100;
const polls = 3 * tenants;
const kills = 30;
const takeoverMs = 15_000;

/** On Postgres, which this starts itself: 300 polls, three processes, and `kill -9` of one of them every few seconds. */
export default {
  name: 'workers',
  summary: 'three processes on Postgres, thirty kills of one of them',
  runs: 10,
  shortRuns: 0,
  run: async (seed) => {
    const random = createRandom(seed, 'workers');
    await using scene = await openWorkersScene(seed, { tenants, changesPerSecond: 30, intervalSeconds: 10 });
    await wait(3000);
    const takeovers: Promise<readonly number[]>[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      await wait(3000 + random.integer(4000));
      takeovers.push(killOne(scene, random.integer(scene.workers.length)));
    }
    await wait(30_000);
    const live = await scene.liveJobs();
    const tookMs = (await Promise.all(takeovers)).flat().toSorted((left, right) => left - right);
    await scene.settle();
    const report = scene.simulator.report();
    const { delivered, duplicates } = report.comparison;
    const takeoverP95Ms = Math.round(tookMs[Math.floor(tookMs.length * 0.95)] ?? 0);
    return {
      broken: [
        ...judgeLedger(report, { duplicates: Infinity }),
        ...exceeding({
          'polls without a job': [polls - new Set(live).size, 0],
          'jobs too many': [live.length - polls, 0],
          takeoverP95Ms: [takeoverP95Ms, takeoverMs],
        }),
      ],
      figures: {
        kills,
        takeovers: tookMs.length,
        takeoverP95Ms,
        takeoverMostMs: Math.round(tookMs.at(-1) ?? 0),
        delivered,
        repeated: duplicates,
      },
    };
  },
} satisfies Scenario;

/** Kills one and starts another; how long each poll that was cut off then waited until somebody had it. */
async function killOne(scene: WorkersScene, index: number): Promise<readonly number[]> {
  const killed = scene.workers[index];
  const atMs = await scene.nowMs();
  killed?.child.kill('SIGKILL');
  scene.workers[index] = scene.start();
  await wait(twoHeartbeatsMs);
  const jobs = await scene.silentJobs(atMs);
  await wait(2 * takeoverMs);
  const starts = await scene.startsOf(jobs);
  return starts.map((startMs) => startMs - atMs);
}

/** By then, whoever lives has told of each job that it has; and nobody has been taken for dead yet. */
const twoHeartbeatsMs = 6000;
