import { setTimeout as wait } from 'node:timers/promises';
import { openDatabase } from '../../src/runtime/adapters/store/postgres-database.ts';
import type { Database } from '../../src/runtime/adapters/store/postgres-database.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { startPostgresProxy } from '../postgres-proxy.ts';
import type { PostgresProxy } from '../postgres-proxy.ts';
import { startPostgres } from '../postgres-server.ts';
import type { PostgresServer } from '../postgres-server.ts';
import { startRun, tenantFolder } from '../runtime/run-process.ts';
import type { RunningProcess } from '../runtime/run-process.ts';

export interface WorkersScene extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly server: PostgresServer;
  readonly database: Database;
  /** What the workers reach the database through. */
  readonly proxy: PostgresProxy;
  /** Present ones; whoever kills one puts another in its place. */
  readonly workers: RunningProcess[];
  readonly start: () => RunningProcess;
  /** Keys of the jobs of polls that are not over. */
  readonly liveJobs: () => Promise<readonly string[]>;
  /** The database's clock. */
  readonly nowMs: () => Promise<number>;
  /** The jobs that somebody has, of which nothing was heard since. */
  readonly silentJobs: (sinceMs: number) => Promise<readonly ActiveJob[]>;
  /** What became of them. */
  readonly fatesOf: (jobs: readonly ActiveJob[]) => Promise<readonly Fate[]>;
  /** Stops the stream of changes and the workers, and polls and delivers what is left. */
  readonly settle: () => Promise<void>;
}

export interface ActiveJob {
  readonly id: string;
  readonly attempt: number;
}

interface Fate {
  /** How many owners it had since. */
  readonly takenOver: number;
  /** When the latest of them began. */
  readonly startMs: number;
}

const environment = { SAGECFG_KEY: Buffer.alloc(32, 7).toString('base64') };

interface SceneOptions {
  readonly tenants: number;
  readonly changesPerSecond: number;
  readonly intervalSeconds: number;
  /** Of every run, after the scene's own. */
  readonly flags?: readonly string[];
  /** Requests at once with which Sage begins to refuse. */
  readonly maxInFlight?: number;
}

/** Three processes on one Postgres, and tenants whose records change all the time. */
export async function openWorkersScene(
  seed: number,
  { tenants, changesPerSecond, intervalSeconds, flags: more = [], maxInFlight }: SceneOptions,
): Promise<WorkersScene> {
  await using opened = new AsyncDisposableStack();
  const server = opened.use(await startPostgres());
  const store = await server.createMigrated();
  const names = Array.from({ length: tenants }, (_each, index) => ({ name: `tenant-${index}` }));
  const simulator = opened.use(
    await startSimulator({
      seed,
      tenants: names,
      initialObjects: 4,
      ...(maxInFlight !== undefined && { maxInFlight }),
    }),
  );
  const folder = opened.use(await tenantFolder(simulator));
  const database = opened.use(openDatabase(store, { connections: 2 }));
  const proxy = opened.use(await startPostgresProxy(store));
  const flags = ['--interval-seconds', String(intervalSeconds), '--budget-app-in-flight', '64', ...more];
  const run = (address: string, own: readonly string[]): RunningProcess =>
    startRun(simulator, folder.path, {
      store: address,
      environment,
      flags: [...flags, ...own],
      names: ['.'],
    });
  const start = (): RunningProcess => run(proxy.url, ['--log-level', 'warn']);
  const once = run(store, ['--once']);
  const { code, stderr } = await once.ended;
  if (code !== 0) throw new Error(`the first run ended with ${code}: ${stderr.slice(-2000)}`);
  const workers = [start(), start(), start()];
  opened.defer(() => {
    for (const { child } of workers) child.kill('SIGKILL');
  });
  simulator.changes.start({ changesPerSecond, total: Infinity });
  const owned = opened.move();
  return {
    simulator,
    server,
    database,
    proxy,
    workers,
    start,
    liveJobs: () => readLiveJobs(database),
    nowMs: () => readNow(database),
    silentJobs: (sinceMs) => readSilentJobs(database, sinceMs),
    fatesOf: (jobs) => readFates(database, jobs),
    settle: async () => {
      await simulator.quiesce();
      await wait(longestStartMs);
      for (const { child } of workers) child.kill('SIGTERM');
      await Promise.all(workers.map(({ ended }) => ended));
      for (let round = 0; round < 2; round += 1) await run(store, ['--once']).ended;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A process that has only just been started does not know yet how to stop. */
const longestStartMs = 5000;

async function readLiveJobs(database: Database): Promise<readonly string[]> {
  const { rows } = await database.query(
    "SELECT singleton_key AS key FROM sagecfg_jobs.job WHERE name = 'poll' AND state <= 'active'",
  );
  return rows.map(({ key }) => String(key));
}

async function readNow(database: Database): Promise<number> {
  const { rows } = await database.query('SELECT extract(epoch FROM now()) * 1000 AS now_ms');
  return Number(rows[0]?.['now_ms']);
}

async function readSilentJobs(database: Database, sinceMs: number): Promise<readonly ActiveJob[]> {
  const { rows } = await database.query(
    `SELECT id, retry_count AS attempt FROM sagecfg_jobs.job
    WHERE name = 'poll' AND state = 'active' AND extract(epoch FROM heartbeat_on) * 1000 < $1`,
    [sinceMs],
  );
  return rows.map(({ id, attempt }) => ({ id: String(id), attempt: Number(attempt) }));
}

async function readFates(database: Database, jobs: readonly ActiveJob[]): Promise<readonly Fate[]> {
  const { rows } = await database.query(
    `SELECT retry_count - attempt AS taken_over, extract(epoch FROM started_on) * 1000 AS start_ms
    FROM sagecfg_jobs.job JOIN unnest($1::uuid[], $2::integer[]) AS known (id, attempt) USING (id)`,
    [jobs.map(({ id }) => id), jobs.map(({ attempt }) => attempt)],
  );
  return rows.map((row) => ({ takenOver: Number(row['taken_over']), startMs: Number(row['start_ms']) }));
}
