import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { migrations } from '../../src/runtime/adapters/store/postgres-migrations.ts';
import { openDatabase } from '../../src/runtime/adapters/store/postgres-database.ts';
import type { Database } from '../../src/runtime/adapters/store/postgres-database.ts';
import { migrateStorage } from '../../src/runtime/open-storage.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { startPostgres } from '../postgres-server.ts';
import type { PostgresServer } from '../postgres-server.ts';
import { startRun, tenantFolder } from './run-process.ts';

const environment = { SAGECFG_KEY: Buffer.alloc(32, 7).toString('base64') };
const patience = { timeout: 60_000, interval: 200 };
const known = migrations.length;
let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(() => server[Symbol.asyncDispose]());

/** As `db migrate` of the version after this one would. */
async function migrateFurther(database: Database, worksFrom: number): Promise<void> {
  await database.inTransaction(async (transaction) => {
    await transaction.query(`ALTER TABLE polls ADD COLUMN of_version_${worksFrom} bigint`);
    const count = 'INSERT INTO migrations (version, works_from) SELECT max(version) + 1, $1 FROM migrations';
    await transaction.query(count, [worksFrom]);
  });
}

async function lastFinished(database: Database): Promise<number> {
  const { rows } = await database.query('SELECT max(finished_ms) AS finished_ms FROM polls');
  return Number(rows[0]?.['finished_ms']);
}

async function pollsOn(database: Database): Promise<void> {
  const before = await lastFinished(database);
  await vi.waitFor(async () => expect(await lastFinished(database)).toBeGreaterThan(before), patience);
}

describe('a worker of an older version', () => {
  it(
    'works on while the database is migrated, and begins again unless it knows too little',
    { timeout: 180_000 },
    async () => {
      const store = await server.createMigrated();
      await using database = openDatabase(store, { connections: 1 });
      await using simulator = await startSimulator();
      await using folder = await tenantFolder(simulator);
      const running = startRun(simulator, folder.path, { store, environment });
      await running.line(/"kind":"poll-finished"/);
      await migrateFurther(database, known);
      await pollsOn(database);
      const again = startRun(simulator, folder.path, { store, environment });
      await again.line(/"kind":"started"/);

      await migrateFurther(database, known + 2);
      await pollsOn(database);
      const tooOld = await startRun(simulator, folder.path, { store, environment }).ended;
      expect(tooOld).toMatchObject({
        code: 4,
        stderr: `sagecfg: the database was migrated by a newer sagecfg (schema ${known + 2}, this one knows ${known}): update this one\n`,
      });
      for (const { child } of [running, again]) child.kill('SIGTERM');
      for (const { ended } of [running, again]) expect(await ended).toMatchObject({ code: 0 });
    },
  );
});

describe('a worker of a newer version', () => {
  it('begins only once the database is migrated', { timeout: 120_000 }, async () => {
    const store = await server.createMigrated();
    await using database = openDatabase(store, { connections: 1 });
    await database.query('ALTER TABLE polls DROP COLUMN requests_per_hundred');
    await database.query('DELETE FROM migrations WHERE version = $1', [known]);
    await using simulator = await startSimulator();
    await using folder = await tenantFolder(simulator);
    const tooEarly = await startRun(simulator, folder.path, { store, environment }).ended;
    expect(tooEarly).toMatchObject({
      code: 4,
      stderr: `sagecfg: the database has the schema of an older sagecfg (${known - 1}): run 'sagecfg db migrate' first\n`,
    });
    const steps = await migrateStorage(
      { kind: 'postgres', url: store },
      { environment: {}, workingDirectory: '/' },
    );
    expect(steps).toBe(1);
    const once = startRun(simulator, folder.path, { store, environment, flags: ['--once'] });
    expect(await once.ended).toMatchObject({ code: 0 });
  });
});

describe('a worker whose database goes away', () => {
  it('says so, is not ready meanwhile, and goes on by itself', { timeout: 180_000 }, async () => {
    await using own = await startPostgres();
    const store = await own.createMigrated();
    await using simulator = await startSimulator();
    await using folder = await tenantFolder(simulator);
    const run = startRun(simulator, folder.path, { store, environment, flags: ['--health-port', '0'] });
    const served = JSON.parse(await run.line(/"kind":"health-served"/)) as { url: string }; // our own log
    await run.line(/"kind":"poll-finished"/);
    const readiness = async (): Promise<{ readonly status: number; readonly text: string }> => {
      const response = await fetch(`${served.url}/readyz`);
      return { status: response.status, text: await response.text() };
    };
    await vi.waitFor(async () => expect(await readiness()).toEqual({ status: 200, text: 'ok\n' }), patience);
    await own.crash();
    await vi.waitFor(
      async () =>
        expect(await readiness()).toEqual({
          status: 503,
          text: expect.stringContaining('the state cannot be written: the database does not answer: '),
        }),
      patience,
    );
    expect(await run.line(/"kind":"worker-trouble"/)).toContain('the database does not answer: ');
    await own.start();
    await run.line(/"kind":"database-back","awayMs":\d+/);
    await vi.waitFor(async () => expect(await readiness()).toEqual({ status: 200, text: 'ok\n' }), patience);
    run.child.kill('SIGTERM');
    expect(await run.ended).toMatchObject({ code: 0 });
  });
});
