import { setTimeout as wait } from 'node:timers/promises';
import { createRandom } from '../../../src/simulator/random.ts';
import { judgeLedger } from '../judge-ledger.ts';
import { exceeding } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';
import { openWorkersScene } from '../workers-scene.ts';
import type { ActiveJob, WorkersScene } from '../workers-scene.ts';

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
    const orphans = new Set<string>();
    const takeovers: Promise<Takeovers>[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      await wait(2000 + random.integer(3000));
      takeovers.push(killOne(scene, random.integer(scene.workers.length), orphans));
    }
    await wait(30_000);
    const live = await scene.liveJobs();
    const ended = await Promise.all(takeovers);
    const tookMs = ended.flatMap((each) => each.tookMs).toSorted((left, right) => left - right);
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
          'jobs that nobody took over': [sum(ended.map(({ leftBehind }) => leftBehind)), 0],
          takeoverP95Ms: [takeoverP95Ms, takeoverMs],
        }),
      ],
      figures: {
        kills,
        takeovers: tookMs.length,
        takenOverAgain: sum(ended.map(({ again }) => again)),
        takeoverP95Ms,
        takeoverMostMs: Math.round(tookMs.at(-1) ?? 0),
        delivered,
        repeated: duplicates,
      },
    };
  },
} satisfies Scenario;

interface Takeovers {
  /** How long each poll that was cut off waited until somebody had it. */
  readonly tookMs: readonly number[];
  /** Polls whose new owner was killed as well: when the first began is not known any more. */
  readonly again: number;
  /** Polls that nobody had in twice the time. */
  readonly leftBehind: number;
}

/**
 * Kills one and starts another. Kills overlap: a job that waits since an earlier one is in `orphans`, and counts from that
 * one.
 */
async function killOne(scene: WorkersScene, index: number, orphans: Set<string>): Promise<Takeovers> {
  const killed = scene.workers[index];
  const atMs = await scene.nowMs();
  killed?.child.kill('SIGKILL');
  scene.workers[index] = scene.start();
  await wait(twoHeartbeatsMs);
  const jobs = (await scene.silentJobs(atMs)).filter((job) => !orphans.has(nameOf(job)));
  for (const job of jobs) orphans.add(nameOf(job));
  await wait(2 * takeoverMs);
  const fates = await scene.fatesOf(jobs);
  return {
    tookMs: fates.filter(({ takenOver }) => takenOver === 1).map(({ startMs }) => startMs - atMs),
    again: fates.filter(({ takenOver }) => takenOver > 1).length,
    leftBehind: jobs.length - fates.filter(({ takenOver }) => takenOver > 0).length,
  };
}

/** By then, whoever lives has told of each job that it has; and nobody has been taken for dead yet. */
const twoHeartbeatsMs = 6000;

function nameOf({ id, attempt }: ActiveJob): string {
  return `${id} ${attempt}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
