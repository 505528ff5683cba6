import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openJobs, migrateJobs } from '../../../src/runtime/adapters/engine/pg-boss-jobs.ts';
import { createPgBossEngine } from '../../../src/runtime/adapters/engine/pg-boss.ts';
import { createTroubles } from '../../../src/runtime/adapters/engine/troubles.ts';
import { firstPollJobs } from '../../../src/runtime/adapters/engine/pg-boss-polls.ts';
import { openDatabase } from '../../../src/runtime/adapters/store/postgres-database.ts';
import type { Database } from '../../../src/runtime/adapters/store/postgres-database.ts';
import { migrateDatabase } from '../../../src/runtime/adapters/store/postgres-migrate.ts';
import { createPostgresStore } from '../../../src/runtime/adapters/store/postgres.ts';
import type { Engine, EngineWork } from '../../../src/runtime/ports/engine.ts';
import type { PageCommit, PollStore } from '../../../src/runtime/ports/poll-store.ts';
import type { Store } from '../../../src/runtime/ports/store.ts';
import type { RuntimeEvent } from '../../../src/runtime/report.ts';
import { createTokenCipher, generateTokenKey } from '../../../src/runtime/token-cipher.ts';
import { systemClock } from '../../../src/sage/clock.ts';
import type { Clock } from '../../../src/sage/clock.ts';
import { startPostgres } from '../../postgres-server.ts';
import type { PostgresServer } from '../../postgres-server.ts';
import { noBackfill } from '../no-backfill.ts';

// A lost job is found by looking again and again, which takes long on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(() => server[Symbol.asyncDispose]());

const keys = ['a/1', 'a/2', 'b/1', 'b/2'];
const polls = keys.map((key) => ({
  key,
  instanceId: key.slice(0, 1),
  intervalMs: 60_000,
  app: 'app',
  requests: 1,
}));

/** Nobody waits longer than a moment. */
const hurriedClock: Clock = {
  now: systemClock.now,
  sleep: (milliseconds, signal) => systemClock.sleep(Math.min(milliseconds, 100), signal),
};

/** Sends no heartbeat, as a process that stands still. */
const frozenClock: Clock = {
  now: systemClock.now,
  sleep: (milliseconds, signal) => systemClock.sleep(milliseconds < 1000 ? milliseconds : Infinity, signal),
};

interface Worker extends AsyncDisposable {
  readonly engine: Engine;
  readonly store: Store;
  readonly database: Database;
  readonly reports: RuntimeEvent[];
}

async function openWorker(address: string, clock = hurriedClock): Promise<Worker> {
  const reports: RuntimeEvent[] = [];
  await using opened = new AsyncDisposableStack();
  const database = opened.use(openDatabase(address, { connections: 6 }));
  const jobs = opened.use(await openJobs(address, { onTrouble: () => undefined }));
  const crash = (): void => undefined;
  const cipher = createTokenCipher(generateTokenKey());
  const report = (event: RuntimeEvent): void => {
    reports.push(event);
  };
  const engine = createPgBossEngine({
    database,
    jobs,
    clock,
    crash,
    report,
    troubles: createTroubles({ report, clock }),
    roles: ['poll', 'deliver'],
    concurrency: 4,
    appPerSecond: 1000,
  });
  const owned = opened.move();
  const store = createPostgresStore(database, { cipher, crash });
  return { engine, store, database, reports, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function migrated(): Promise<string> {
  const address = await server.createDatabase();
  await using database = openDatabase(address, { connections: 1 });
  await migrateDatabase(database);
  await migrateJobs(address);
  const store = createPostgresStore(database, {
    cipher: createTokenCipher(generateTokenKey()),
    crash: () => undefined,
  });
  for (const { key, instanceId } of polls) {
    await store.polls.ensure({ key, instanceId, resource: key }, { baseline: { kind: 'now' }, nowMs: 0 });
  }
  return address;
}

function lastPage(pollKey: string, dueMs: number): PageCommit {
  return {
    pollKey,
    scan: 'changes',
    startsScan: true,
    objectIds: [],
    ledger: [],
    events: [],
    checkpoint: undefined,
    watermarkMs: 1,
    pollFinish: { dueMs, pageSize: undefined, finishedMs: 0 },
  };
}

function workOf(
  { polls: store }: Store,
  runPoll: (key: string, turn: PollStore, signal: AbortSignal) => Promise<void>,
): EngineWork {
  return {
    polls: () => polls,
    poll: (key) => polls.find((poll) => poll.key === key),
    instances: () => ['a', 'b'],
    hasInstance: (id) => ['a', 'b'].includes(id),
    nextRunMs: async (key) => ((await store.read(key)).isPaused ? undefined : 0),
    runPoll: (key, signal, turn) => {
      if (turn === undefined) throw new Error('the engine gave no turn');
      return runPoll(key, turn, signal);
    },
    deliver: async () => undefined,
    backfill: noBackfill,
  };
}

async function liveJobs(database: Database): Promise<readonly string[]> {
  const { rows } = await database.query(
    "SELECT singleton_key AS key FROM sagecfg_jobs.job WHERE name = 'poll' AND state <= 'active' ORDER BY 1",
  );
  return rows.map(({ key }) => String(key));
}

async function postponed(database: Database): Promise<number> {
  const { rows } = await database.query(
    `SELECT FROM sagecfg_jobs.job WHERE state < 'active' AND data @> '{"isPostponed": true}'`,
  );
  return rows.length;
}

describe('createPgBossEngine', () => {
  it('runs each poll again and again, never twice at once, over several workers', async () => {
    const address = await migrated();
    await using first = await openWorker(address);
    await using second = await openWorker(address);
    await using third = await openWorker(address);
    const stop = new AbortController();
    const running = new Set<string>();
    const ranBy = new Map<Worker, number>();
    let runs = 0;
    let overlaps = 0;
    const workers = [first, second, third];
    await Promise.all(
      workers.map((worker) =>
        worker.engine.run(
          workOf(worker.store, async (key, turn) => {
            if (running.has(key)) overlaps += 1;
            running.add(key);
            ranBy.set(worker, (ranBy.get(worker) ?? 0) + 1);
            await worker.database.query('SELECT pg_sleep(0.02)');
            running.delete(key);
            await turn.commitPage(lastPage(key, Date.now() + 100));
            runs += 1;
            if (runs >= 40 && ranBy.size === workers.length) stop.abort();
          }),
          stop.signal,
        ),
      ),
    );
    expect(overlaps).toBe(0);
    expect(await liveJobs(first.database)).toEqual(keys);
  });

  it('writes nothing of a turn that another has taken over', async () => {
    const address = await migrated();
    await using first = await openWorker(address, frozenClock);
    await using second = await openWorker(address);
    const stop = new AbortController();
    const frozen = Promise.withResolvers<void>();
    const zombie = Promise.withResolvers<PollStore>();
    const taken = Promise.withResolvers<void>();
    const only = (work: EngineWork): EngineWork => ({ ...work, polls: () => polls.slice(0, 1) });
    const work = only(
      workOf(first.store, async (_key, turn) => {
        zombie.resolve(turn);
        await frozen.promise;
      }),
    );
    const zombieRun = first.engine.run(work, stop.signal);
    const turn = await zombie.promise;
    // For longer than its heartbeat may be missing.
    await first.database.query("UPDATE sagecfg_jobs.job SET heartbeat_on = now() - interval '5 minutes'");
    const takeover = second.engine.run(
      only(
        workOf(second.store, async (key, newTurn) => {
          await newTurn.commitPage({ ...lastPage(key, Date.now() + 60_000), watermarkMs: 7 });
          taken.resolve();
        }),
      ),
      stop.signal,
    );
    await taken.promise;
    await expect(turn.commitPage({ ...lastPage('a/1', 0), watermarkMs: 3 })).rejects.toThrow(
      "another process has taken over 'a/1'",
    );
    const failure = {
      reason: 'x',
      notBeforeMs: 0,
      isPaused: false,
      dropCheckpoints: true,
      pageSize: undefined,
    };
    await expect(turn.recordFailure('a/1', failure)).rejects.toThrow('has taken over');
    expect(await first.store.polls.read('a/1')).toMatchObject({
      failures: 0,
      scans: { changes: { watermarkMs: 7 } },
    });
    expect(await liveJobs(first.database)).toEqual(['a/1']);
    frozen.resolve();
    stop.abort();
    await Promise.all([zombieRun, takeover]);
  });

  it('brings back a job that somebody deleted, and says so', async () => {
    const address = await migrated();
    await using worker = await openWorker(address);
    const stop = new AbortController();
    const again = Promise.withResolvers<void>();
    const seen = new Set<string>();
    let isDeleted = false;
    const running = worker.engine.run(
      workOf(worker.store, async (key, turn) => {
        await turn.commitPage(lastPage(key, Date.now() + 60_000));
        seen.add(key);
        if (isDeleted && key === 'b/1') again.resolve();
        if (seen.size < keys.length || isDeleted) return;
        isDeleted = true;
        await worker.database.query("DELETE FROM sagecfg_jobs.job WHERE singleton_key = 'b/1'");
      }),
      stop.signal,
    );
    await again.promise;
    stop.abort();
    await running;
    expect(worker.reports).toContainEqual({ kind: 'jobs-restored', polls: ['b/1'] });
    expect(await liveJobs(worker.database)).toEqual(keys);
  });

  it('runs a poll that somebody resumed, though its job waits for a later time', async () => {
    const address = await migrated();
    await using worker = await openWorker(address);
    const stop = new AbortController();
    const resumed = Promise.withResolvers<void>();
    let isWaiting = false;
    const failed = { reason: 'down', isPaused: false, dropCheckpoints: false, pageSize: undefined };
    const running = worker.engine.run(
      workOf(worker.store, async (key, turn) => {
        if (key !== 'b/2' || isWaiting) {
          await turn.commitPage(lastPage(key, Date.now() + 3_600_000));
          if (key === 'b/2') resumed.resolve();
          return;
        }
        isWaiting = true;
        await turn.recordFailure(key, { ...failed, notBeforeMs: Date.now() + 3_600_000 });
      }),
      stop.signal,
    );
    while (!(await worker.store.polls.list()).some(({ failures }) => failures > 0))
      await systemClock.sleep(20);
    expect(await worker.store.polls.resume({ instanceId: 'b', resource: 'b/2' }, Date.now())).toEqual([
      'b/2',
    ]);
    await resumed.promise;
    stop.abort();
    await running;
  });

  it('leaves no job behind of an instance that is forgotten', async () => {
    const address = await migrated();
    await using worker = await openWorker(address);
    const work = workOf(worker.store, async (key, turn) => {
      await turn.commitPage(lastPage(key, Date.now() + 3_600_000));
    });
    await worker.engine.runOnce(work, new AbortController().signal);
    await worker.store.instances.forget('a');
    expect(await liveJobs(worker.database)).toEqual(['b/1', 'b/2']);
    expect((await worker.store.polls.list()).map(({ key }) => key)).toEqual(['b/1', 'b/2']);
  });

  it('hands a poll back at once when it is stopped in the middle', async () => {
    const address = await migrated();
    await using worker = await openWorker(address);
    const stop = new AbortController();
    const work = workOf(worker.store, async (_key, _turn, signal) => {
      stop.abort();
      expect(signal.aborted).toBe(true);
    });
    await worker.engine.run(work, stop.signal);
    const { rows } = await worker.database.query(
      "SELECT count(*) AS count FROM sagecfg_jobs.job WHERE state = 'active'",
    );
    expect(rows).toEqual([{ count: 0 }]);
    expect(await liveJobs(worker.database)).toEqual(keys);
  });

  it('leaves to others what it knows nothing of', async () => {
    const address = await migrated();
    await using narrow = await openWorker(address);
    await using whole = await openWorker(address);
    const stop = new AbortController();
    const ran: string[] = [];
    const everything = workOf(whole.store, async (key, turn) => {
      await turn.commitPage(lastPage(key, Date.now() + 60_000));
      ran.push(key);
      if (new Set(ran).size === keys.length) stop.abort();
    });
    const alone = new AbortController();
    const nothing: EngineWork = {
      ...everything,
      polls: () => [],
      poll: () => undefined,
      instances: () => [],
      hasInstance: () => false,
    };
    await whole.engine.runOnce(
      { ...everything, polls: () => polls, nextRunMs: async () => undefined },
      stop.signal,
    );
    await whole.database.query('UPDATE sagecfg_jobs.job SET start_after = now()');
    const putOff = narrow.engine.run(nothing, alone.signal);
    while ((await postponed(whole.database)) < keys.length) await systemClock.sleep(50);
    alone.abort();
    await putOff;
    expect(ran).toEqual([]);
    await whole.engine.run(everything, stop.signal);
    expect(ran.toSorted()).toEqual(keys);
  });

  it('reads a time again only while nobody polls the same, and lets nobody poll meanwhile', async () => {
    const address = await migrated();
    await using first = await openWorker(address);
    await using second = await openWorker(address);
    const stop = new AbortController();
    const busy = new Set<string>();
    const pages = new Map<string, number>();
    let overlaps = 0;
    const occupy = async (key: string, { database }: Worker): Promise<void> => {
      if (busy.has(key)) overlaps += 1;
      busy.add(key);
      await database.query('SELECT pg_sleep(0.02)');
      busy.delete(key);
    };
    const busyWork = (worker: Worker): EngineWork => ({
      ...workOf(worker.store, async (key, turn) => {
        await occupy(key, worker);
        await turn.commitPage(lastPage(key, Date.now() + 100));
      }),
      backfill: {
        window: { fromMs: 0, untilMs: undefined },
        prepare: async () => {
          const key = 'a/1@1970-01-01T00:00:00Z..';
          const start = { baseline: { kind: 'now' }, nowMs: 0 } as const;
          await worker.store.polls.ensure({ key, instanceId: 'a', resource: '1' }, start);
        },
        read: async (_window, _signal, { turn } = {}) => {
          for (const key of keys) {
            const wasIdle = await turn?.whileIdle(key, () => occupy(key, worker));
            if (wasIdle === true) pages.set(key, (pages.get(key) ?? 0) + 1);
          }
          if (keys.every((key) => (pages.get(key) ?? 0) >= 3)) stop.abort();
          return Date.now();
        },
      },
    });
    await Promise.all([first, second].map((worker) => worker.engine.run(busyWork(worker), stop.signal)));
    expect(overlaps).toBe(0);
    expect(await liveJobs(first.database)).toEqual(keys);
  });

  it('runs every poll once, also those that are not due', async () => {
    const address = await migrated();
    await using worker = await openWorker(address);
    const ran: string[] = [];
    const work = workOf(worker.store, async (key, turn) => {
      await turn.commitPage(lastPage(key, Date.now() + 3_600_000));
      ran.push(key);
    });
    for (let round = 1; round <= 2; round += 1) {
      await worker.engine.runOnce(work, new AbortController().signal);
      expect(ran.splice(0).toSorted()).toEqual(keys);
    }
  });
});

describe('firstPollJobs', () => {
  const pollsOf = (count: number, intervalMs: number) =>
    Array.from({ length: count }, (_each, index) => ({
      key: `tenant-${index}/customers`,
      instanceId: `tenant-${index}`,
      intervalMs,
      app: 'app',
      // The list of changes, and for every other one that of deletions.
      requests: 1 + (index % 2),
    }));
  const jobsAt = (jobs: readonly { readonly startMs: number }[]): readonly number[] =>
    [...Map.groupBy(jobs, ({ startMs }) => Math.floor(startMs / 1000)).values()].map(({ length }) => length);

  it('spreads the first polls evenly, in the same order everywhere, within the budget of requests', () => {
    const many = pollsOf(5000, 3_600_000);
    const clock = { ...systemClock, now: () => 0 };
    const start = { clock, appPerSecond: 15 };
    const work = {
      polls: () => many,
      poll: () => undefined,
      instances: () => [],
      hasInstance: () => false,
      nextRunMs: async () => 0,
      runPoll: async () => undefined,
      deliver: async () => undefined,
      backfill: noBackfill,
    };
    const jobs = firstPollJobs(work, start);
    // 7,500 requests at 12 a second.
    expect(jobsAt(jobs)).toHaveLength(625);
    const requestsOf = new Map(many.map(({ key, requests }) => [key, requests]));
    const perSecond = Map.groupBy(jobs, ({ startMs }) => Math.floor(startMs / 1000));
    const asked = [...perSecond.values()].map((group) =>
      group.reduce((sum, { key }) => sum + (requestsOf.get(key) ?? 0), 0),
    );
    expect(Math.max(...asked)).toBeLessThanOrEqual(14);
    expect(Math.min(...asked)).toBeGreaterThanOrEqual(10);
    expect(firstPollJobs({ ...work, polls: () => many.toReversed() }, start)).toEqual(jobs);
    // Where the budget is too small, over an interval: none begins later than it would again.
    const hasty = firstPollJobs({ ...work, polls: () => pollsOf(5000, 300_000) }, start);
    expect(Math.max(...hasty.map(({ startMs }) => startMs))).toBeLessThan(300_000);
  });
});
