import { setTimeout as wait } from 'node:timers/promises';
import { openDatabase } from '../../src/runtime/adapters/store/postgres-database.ts';
import type { Database } from '../../src/runtime/adapters/store/postgres-database.ts';
import { migrateStorage } from '../../src/runtime/open-storage.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { startPostgres } from '../postgres-server.ts';
import type { PostgresServer } from '../postgres-server.ts';
import { startRun, tenantFolder } from '../runtime/run-process.ts';
import type { RunningProcess } from '../runtime/run-process.ts';

export interface WorkersScene extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly server: PostgresServer;
  readonly database: Database;
  /** Present ones; whoever kills one puts another in its place. */
  readonly workers: RunningProcess[];
  readonly start: () => RunningProcess;
  /** Jobs of polls that are not over. */
  readonly liveJobs: () => Promise<readonly LiveJob[]>;
  /** Stops the stream of changes and the workers, and polls and delivers what is left. */
  readonly settle: () => Promise<void>;
}

interface LiveJob {
  readonly id: string;
  readonly key: string;
  readonly isActive: boolean;
  readonly attempt: number;
}

const environment = { SAGECFG_KEY: Buffer.alloc(32, 7).toString('base64') };

/** Three processes on one Postgres, and tenants whose records change all the time. */
export async function openWorkersScene(
  seed: number,
  {
    tenants,
    changesPerSecond,
    intervalSeconds,
  }: { readonly tenants: number; readonly changesPerSecond: number; readonly intervalSeconds: number },
): Promise<WorkersScene> {
  await using opened = new AsyncDisposableStack();
  const server = opened.use(await startPostgres());
  const store = await server.createDatabase();
  await migrateStorage({ kind: 'postgres', url: store }, { environment: {}, workingDirectory: '/' });
  const names = Array.from({ length: tenants }, (_each, index) => ({ name: `tenant-${index}` }));
  const simulator = opened.use(await startSimulator({ seed, tenants: names, initialObjects: 4 }));
  const folder = opened.use(await tenantFolder(simulator));
  const database = opened.use(openDatabase(store, { connections: 2 }));
  const flags = ['--interval-seconds', String(intervalSeconds), '--budget-app-in-flight', '64'];
  const run = (more: readonly string[]): RunningProcess =>
    startRun(simulator, folder.path, { store, environment, flags: [...flags, ...more], names: ['.'] });
  const start = (): RunningProcess => run(['--log-level', 'warn']);
  const once = run(['--once']);
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
    workers,
    start,
    liveJobs: () => readLiveJobs(database),
    settle: async () => {
      await simulator.quiesce();
      await wait(longestStartMs);
      for (const { child } of workers) child.kill('SIGTERM');
      await Promise.all(workers.map(({ ended }) => ended));
      for (let round = 0; round < 2; round += 1) await run(['--once']).ended;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A process that has only just been started does not know yet how to stop. */
const longestStartMs = 5000;

async function readLiveJobs(database: Database): Promise<readonly LiveJob[]> {
  const { rows } = await database.query(
    `SELECT id, singleton_key, state = 'active' AS is_active, retry_count FROM sagecfg_jobs.job
    WHERE name = 'poll' AND state <= 'active'`,
  );
  return rows.map((row) => ({
    id: String(row['id']),
    key: String(row['singleton_key']),
    isActive: row['is_active'] === true,
    attempt: Number(row['retry_count']),
  }));
}
