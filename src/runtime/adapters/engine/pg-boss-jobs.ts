import { randomUUID } from 'node:crypto';
import { PgBoss } from 'pg-boss';
import { SagecfgError } from '../../../problem/sagecfg-error.ts';
import type { Connection } from '../store/postgres-database.ts';
import { asDatabaseError } from '../store/postgres-failure.ts';
import { TurnLostError } from './jobs.ts';
import type { Jobs, NextJob, QueueName } from './jobs.ts';

const schema = 'sagecfg_jobs';
const queues: readonly QueueName[] = ['poll', 'lane', 'backfill'];
const aYearSeconds = 366 * 24 * 3600;
const mostAtOnce = 1000;
const takeoverSeconds = 10;

const queueOptions = {
  policy: 'exclusive',
  heartbeatSeconds: takeoverSeconds,
  // A page may wait long for its turn in the budget; a process that is gone is known by its missing heartbeat.
  expireInSeconds: 3600,
  // The defaults would give a job up after two tries, and delete one that has waited for two weeks.
  retryLimit: 1_000_000,
  retryDelay: 0,
  retentionSeconds: aYearSeconds,
  deleteAfterSeconds: 600,
} as const;

const quiet = { schedule: false, registerInstance: false, openTelemetry: { enabled: false } } as const;

/** How the connections of a worker are called in the database's list. */
const workerName = 'sagecfg jobs';

/** Throws `SagecfgError` while any process works on the database. */
export async function refuseWorkers(database: Connection): Promise<void> {
  const { rows } = await database.query(
    `SELECT count(*) > 0 AS are_there FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = $1`,
    [workerName],
  );
  if (rows[0]?.['are_there'] !== true) return;
  throw new SagecfgError(
    'state-in-use',
    'processes work on the database: stop every sagecfg run on it first',
  );
}

/** Those of the polls that have no job. Thousands are looked up at once, by the index that keeps them single. */
export async function findJobless(database: Connection, keys: readonly string[]): Promise<readonly string[]> {
  const { rows } = await database.query(
    `SELECT wanted.key FROM unnest($1::text[]) AS wanted (key)
    WHERE NOT EXISTS (
      SELECT 1 FROM ${schema}.job
      WHERE name = 'poll' AND coalesce(singleton_key, '') = wanted.key AND state <= 'active' AND policy = 'exclusive')`,
    [keys],
  );
  return rows.map(({ key }) => String(key));
}

/** Makes or updates what the jobs are kept in. */
export async function migrateJobs(url: string): Promise<void> {
  const boss = new PgBoss({ ...quiet, connectionString: url, schema, max: 2, supervise: false });
  boss.on('error', () => undefined);
  try {
    await boss.start();
    for (const queue of queues) {
      const { policy, ...changeable } = queueOptions;
      if ((await boss.getQueue(queue)) === null) await boss.createQueue(queue, { policy, ...changeable });
      else await boss.updateQueue(queue, changeable);
    }
  } catch (error) {
    throw asDatabaseError(error);
  } finally {
    await boss.stop({ graceful: false });
  }
}

/** Throws `SagecfgError` when the database is not migrated. `onTrouble` hears of what fails in the background. */
export async function openJobs(
  url: string,
  { onTrouble }: { readonly onTrouble: (error: unknown) => void },
): Promise<Jobs> {
  const boss = new PgBoss({
    ...quiet,
    connectionString: url,
    schema,
    max: 3,
    application_name: workerName,
    migrate: false,
    superviseIntervalSeconds: 2,
    monitorIntervalSeconds: 2,
  });
  boss.on('error', onTrouble);
  try {
    await boss.start();
    const known = new Set((await boss.getQueues()).map(({ name }) => name));
    if (queues.some((queue) => !known.has(queue))) throw new SagecfgError('state', notMigrated);
  } catch (cause) {
    await boss.stop({ graceful: false });
    throw startError(cause);
  }
  return {
    ...namingErrors({ ...adding(boss), ...taking(boss), ...takingWaiting(boss), ...ending(boss) }),
    [Symbol.asyncDispose]: () => boss.stop({ graceful: false }),
  };
}

type Calls = Omit<Jobs, typeof Symbol.asyncDispose>;

/** The same, but an error of the database says that it is one. */
function namingErrors(calls: Calls): Calls {
  const named = Object.entries(calls).map(([name, call]) => [
    name,
    async (...values: readonly unknown[]): Promise<unknown> => {
      try {
        return await (call as (...values: readonly unknown[]) => Promise<unknown>)(...values);
      } catch (error) {
        throw asDatabaseError(error);
      }
    },
  ]);
  return Object.fromEntries(named) as Calls; // the same calls, each around one of them
}

const notMigrated = "the database has no job tables of this version: run 'sagecfg db migrate' first";

function startError(cause: unknown): unknown {
  const isSchema = cause instanceof Error && /not installed|requires migrations/i.test(cause.message);
  return isSchema ? new SagecfgError('state', notMigrated, { cause }) : asDatabaseError(cause);
}

function adding(boss: PgBoss): Pick<Jobs, 'addMissing' | 'add'> {
  return {
    addMissing: async (queue, jobs) => {
      // In a settled order, so that two processes never wait for each other.
      const sorted = jobs.toSorted((left, right) => (left.key < right.key ? -1 : 1));
      const added: string[] = [];
      for (let start = 0; start < sorted.length; start += mostAtOnce) {
        const batch = new Map<string, NextJob>(
          sorted.slice(start, start + mostAtOnce).map((job) => [randomUUID(), job]),
        );
        const rows = [...batch].map(([id, job]) => ({ id, ...toJob(job) }));
        const ids = await boss.insert(queue, rows, { returnId: true });
        for (const id of ids ?? []) added.push(batch.get(id)?.key ?? '');
      }
      return added;
    },
    add: async (queue, job, transaction) => {
      const { data, ...options } = toJob(job);
      await boss.send(queue, data, { ...options, db: within(transaction) });
    },
  };
}

function taking(
  boss: PgBoss,
): Pick<Jobs, 'take' | 'keepAlive' | 'pullForward' | 'findPostponed' | 'isPending'> {
  return {
    take: async (queue, { limit, exceptGroups }) => {
      const jobs = await boss.fetch<JobData>(queue, { batchSize: limit, ignoreGroups: [...exceptGroups] });
      return jobs.map(({ id, retryCount, data }) => ({ queue, ...data, attempt: { id, retryCount } }));
    },
    keepAlive: async (queue, turns) => {
      const { settled } = toOutcome(
        await boss.touch(
          queue,
          turns.map(({ attempt }) => attempt),
        ),
      );
      return new Set(settled);
    },
    pullForward: async (queue, key) => {
      await boss.update(queue, undefined, { singletonKey: key, startAfter: new Date() });
    },
    findPostponed: async (queue) => {
      const jobs = await boss.findJobs<JobData>(queue, { data: { isPostponed: true }, queued: true });
      return jobs.map(({ data }) => data.key);
    },
    isPending: async (queue, key, nowMs) => {
      const jobs = await boss.findJobs(queue, { key });
      return jobs.some(
        ({ state, startAfter }) => state === 'active' || (isWaiting(state) && startAfter.getTime() <= nowMs),
      );
    },
  };
}

/** As `fetch` takes what is due: there is no way to have it take a certain job. */
const takeWaitingStatement = `
  UPDATE ${schema}.job SET
    state = 'active', started_on = ${schema}.job_now(), heartbeat_on = ${schema}.job_now(),
    retry_count = CASE WHEN started_on IS NULL THEN retry_count ELSE retry_count + 1 END
  WHERE name = $1 AND id = (
    SELECT id FROM ${schema}.job
    WHERE name = $1 AND coalesce(singleton_key, '') = $2 AND policy = 'exclusive' AND state <= 'active'
      AND state < 'active' AND ($3 OR start_after > ${schema}.job_now())
    FOR UPDATE SKIP LOCKED)
  RETURNING id, retry_count, data, extract(epoch FROM start_after) * 1000 AS due_ms`;

function takingWaiting(boss: PgBoss): Pick<Jobs, 'takeWaiting'> {
  return {
    takeWaiting: async (queue, key, { evenIfDue }) => {
      const { rows } = await boss.getDb().executeSql(takeWaitingStatement, [queue, key, evenIfDue]);
      const row: TakenRow | undefined = rows[0];
      if (row === undefined) return undefined;
      const { id, retry_count: retryCount, data, due_ms: dueMs } = row;
      return { turn: { queue, ...data, attempt: { id, retryCount } }, dueMs: Number(dueMs) };
    },
  };
}

interface TakenRow {
  readonly id: string;
  readonly retry_count: number;
  readonly data: JobData;
  readonly due_ms: string;
}

function isWaiting(state: string): boolean {
  return state === 'created' || state === 'retry';
}

function ending(boss: PgBoss): Pick<Jobs, 'keep' | 'end'> {
  return {
    keep: async ({ queue, key, attempt }, transaction) => {
      const { affected } = toOutcome(await boss.touch(queue, attempt, { db: within(transaction) }));
      if (affected !== 1) throw new TurnLostError(`another process has taken over '${key}'`);
    },
    end: async ({ queue, key, attempt }, next, transaction) => {
      const db = within(transaction);
      const { affected } = toOutcome(await boss.complete(queue, attempt, null, { db }));
      if (affected !== 1) throw new TurnLostError(`another process has taken over '${key}'`);
      if (next === undefined) return;
      const { data, ...options } = toJob(next);
      const id = await boss.send(queue, data, { ...options, db });
      if (id === null) throw new TurnLostError(`'${key}' has a next job already`);
    },
  };
}

interface JobData {
  readonly key: string;
  readonly group: string;
  readonly postponed: number;
  readonly isPostponed: boolean;
}

function toJob({ key, group, startMs, postponed = 0 }: NextJob) {
  const data: JobData = { key, group, postponed, isPostponed: postponed > 0 };
  return { data, singletonKey: key, group: { id: group }, startAfter: new Date(startMs) };
}

/** What `pg-boss` really answers; it declares the type empty. */
function toOutcome(response: object): { readonly affected: number; readonly settled: readonly string[] } {
  const { affected = 0, settled = [] } = response as { affected?: number; settled?: readonly string[] };
  return { affected, settled };
}

function within(transaction: Connection) {
  return {
    executeSql: async (text: string, values?: unknown[]) => {
      const { rows } = await transaction.query(text, values);
      return { rows: [...rows] };
    },
  };
}
