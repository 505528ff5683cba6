import type { Clock } from '../../../sage/clock.ts';
import type { Crash } from '../../crash-points.ts';
import type { Engine, EngineWork } from '../../ports/engine.ts';
import type { Report } from '../../report.ts';
import { runTogether } from '../../run-together.ts';
import type { WorkerOptions } from '../../worker-options.ts';
import type { Database } from '../store/postgres-database.ts';
import { windowName } from '../../poll/backfill-window.ts';
import { readInterventions } from '../store/postgres-interventions.ts';
import { text } from '../store/row.ts';
import { backfillJob, createBackfillHandler, isLeftToRead } from './pg-boss-backfills.ts';
import { findJobless } from './pg-boss-jobs.ts';
import type { Jobs, QueueName, Turn } from './jobs.ts';
import { createLaneHandler, findLanes } from './pg-boss-lanes.ts';
import { createPollHandler, firstPollJobs } from './pg-boss-polls.ts';
import { createQueue } from './pg-boss-queue.ts';
import type { Troubles } from './troubles.ts';
import type { Queue } from './pg-boss-queue.ts';

export interface PgBossEngineParts extends WorkerOptions {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly crash: Crash;
  readonly report: Report;
  readonly troubles: Troubles;
  /** Requests a second of an app: first polls are spread out so that these suffice. */
  readonly appPerSecond: number;
}

/** Shares polls and deliveries with all processes that work on the database. Takes over the jobs. */
export function createPgBossEngine(parts: PgBossEngineParts): Engine & AsyncDisposable {
  let running: Running | undefined;
  return {
    run: async (work, signal) => {
      running = createRunning(work, parts, { isOnce: false });
      try {
        await running.begin();
        await running.run(signal);
      } finally {
        running = undefined;
      }
    },
    runOnce: (work, signal) => runOnce(createRunning(work, parts, { isOnce: true }), { work, parts, signal }),
    adjust: async () => running?.adjust(),
    [Symbol.asyncDispose]: () => parts.jobs[Symbol.asyncDispose](),
  };
}

/** A waiting job is noticed after so long. */
const lookEveryMs = 500;
/** Nobody waits for what is read again. */
const lookForBackfillEveryMs = 5000;

interface Running {
  readonly queues: Readonly<Record<QueueName, Queue>>;
  /** Until the signal aborts and all has ended. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** Gives each poll a job, and each instance with something to deliver; returns the keys of the polls that had none. */
  readonly addMissing: () => Promise<readonly string[]>;
  /** Before anything runs: jobs for all, and an end to the waiting of those that nobody knew until now. */
  readonly begin: () => Promise<void>;
  readonly adjust: () => Promise<void>;
}

function createRunning(
  work: EngineWork,
  parts: PgBossEngineParts,
  { isOnce }: { readonly isOnce: boolean },
): Running {
  const { jobs, clock, concurrency: limit, roles, database, troubles } = parts;
  let apps = 1;
  const shared = { jobs, clock, limit, troubles, hasSeveralGroups: () => apps > 1, lookEveryMs };
  const lane = createQueue({ ...shared, name: 'lane', handle: createLaneHandler(work, parts) });
  const poll = createQueue({
    ...shared,
    name: 'poll',
    handle: createPollHandler(work, { ...parts, announce: lane.notify }),
  });
  const backfill = createQueue({
    ...shared,
    name: 'backfill',
    limit: 1,
    lookEveryMs: lookForBackfillEveryMs,
    handle: createBackfillHandler(work, { ...parts, announce: lane.notify, leavesDue: !isOnce }),
  });
  const addMissing = async (): Promise<readonly string[]> => {
    if (roles.includes('deliver')) await jobs.addMissing('lane', await findLanes(database, work));
    if (!roles.includes('poll')) return [];
    await addBackfill(work, parts);
    const missing = new Set(
      await findJobless(
        database,
        work.polls().map(({ key }) => key),
      ),
    );
    if (missing.size === 0) return [];
    // Where all are new, each gets its place among all.
    return jobs.addMissing(
      'poll',
      firstPollJobs(work, parts).filter(({ key }) => missing.has(key)),
    );
  };
  const queues = { poll, lane, backfill };
  const begin = async (): Promise<void> => {
    apps = new Set(work.polls().map(({ app }) => app)).size;
    const { window, prepare } = work.backfill;
    if (window !== undefined) await prepare(window);
    await addMissing();
    await recall('backfill', () => roles.includes('poll'), jobs);
    await recall('poll', (key) => work.poll(key) !== undefined, jobs);
    await recall('lane', work.hasInstance, jobs);
  };
  return {
    queues,
    addMissing,
    begin,
    run: (signal) =>
      runTogether(
        [
          ...(roles.includes('poll') ? [poll.run, backfill.run] : []),
          ...(roles.includes('deliver') ? [lane.run] : []),
          (stop) => restoreJobs({ addMissing, work }, parts, stop),
        ],
        signal,
      ),
    adjust: async () => {
      await Promise.all([
        poll.stop(({ key }: Turn) => work.poll(key) === undefined),
        lane.stop(({ key }: Turn) => !work.hasInstance(key)),
      ]);
      await begin();
    },
  };
}

/** Whoever is asked to read a time again sees to it that somebody does. */
async function addBackfill(
  { backfill }: EngineWork,
  { database, jobs, clock }: PgBossEngineParts,
): Promise<void> {
  const { window } = backfill;
  if (window === undefined || !(await isLeftToRead(database, window))) return;
  await jobs.addMissing('backfill', [backfillJob(window, clock.now())]);
}

async function recall(queue: QueueName, isKnown: (key: string) => boolean, jobs: Jobs): Promise<void> {
  for (const key of await jobs.findPostponed(queue)) if (isKnown(key)) await jobs.pullForward(queue, key);
}

const restoreEveryMs = 30_000;

/**
 * Makes good what happened behind the jobs' backs. A job can be lost to an operator's hand: without one, a poll would
 * never run again. And somebody may have resumed what waits, or had events delivered anew.
 */
async function restoreJobs(running: Restoring, parts: PgBossEngineParts, signal: AbortSignal): Promise<void> {
  const { clock, report } = parts;
  let noticed: number | undefined;
  while (!signal.aborted) {
    try {
      const interventions = await readInterventions(parts.database);
      if (noticed !== undefined && interventions !== noticed) await pullResumed(running.work, parts);
      noticed = interventions;
      await clock.sleep(restoreEveryMs, signal);
      if (signal.aborted) return;
      const keys = await running.addMissing();
      if (keys.length > 0) report({ kind: 'jobs-restored', polls: keys });
    } catch (error) {
      parts.troubles.tell(error);
      await clock.sleep(afterTroubleMs, signal);
    }
  }
}

interface Restoring extends Pick<Running, 'addMissing'> {
  readonly work: EngineWork;
}

const afterTroubleMs = 5000;

/** Lets jobs start that wait for a later time than their poll or their notifications do. */
async function pullResumed(work: EngineWork, { database, jobs, clock }: PgBossEngineParts): Promise<void> {
  const polls = await database.query(
    `SELECT key FROM polls WHERE key = ANY($1) AND is_paused = 0 AND greatest(due_ms, not_before_ms) <= $2`,
    [work.polls().map(({ key }) => key), clock.now()],
  );
  for (const row of polls.rows) await jobs.pullForward('poll', text(row, 'key'));
  for (const { key } of await findLanes(database, work)) await jobs.pullForward('lane', key);
}

const lookAgainMs = 200;

/** Lets every poll start now, whoever runs it, and waits for all; then the same with what is read again, and the deliveries. */
async function runOnce(
  running: Running,
  {
    work,
    parts,
    signal,
  }: { readonly work: EngineWork; readonly parts: PgBossEngineParts; readonly signal: AbortSignal },
): Promise<void> {
  await running.begin();
  const polls = work.polls().map(({ key }) => key);
  await finish('poll', polls, { running, parts, signal });
  const { window } = work.backfill;
  if (window !== undefined) await finish('backfill', [windowName(window)], { running, parts, signal });
  await parts.jobs.addMissing('lane', await findLanes(parts.database, work));
  await finish('lane', work.instances(), { running, parts, signal });
}

async function finish(
  name: QueueName,
  keys: readonly string[],
  {
    running,
    parts: { jobs, clock },
    signal,
  }: { readonly running: Running; readonly parts: PgBossEngineParts; readonly signal: AbortSignal },
): Promise<void> {
  const done = new AbortController();
  // Before any runs: what has run would run again.
  for (const key of keys) await jobs.pullForward(name, key);
  const waiting = async (): Promise<void> => {
    const beganMs = clock.now();
    // One page of what is read again comes after another.
    const untilMs = (): number => (name === 'backfill' ? clock.now() : beganMs);
    for (const key of keys) {
      while (!signal.aborted && (await jobs.isPending(name, key, untilMs()))) {
        running.queues[name].notify();
        await clock.sleep(lookAgainMs, signal);
      }
    }
    done.abort();
  };
  await runTogether(
    [waiting, () => running.queues[name].run(AbortSignal.any([signal, done.signal]))],
    signal,
  );
}
