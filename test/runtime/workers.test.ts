import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openDatabase } from '../../src/runtime/adapters/store/postgres-database.ts';
import { systemClock } from '../../src/sage/clock.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { startPostgres } from '../postgres-server.ts';
import type { PostgresServer } from '../postgres-server.ts';
import { firstPolls, runUntilSettled, startRun, tenantFolder } from './run-process.ts';
import type { RunningProcess } from './run-process.ts';

const environment = { SAGECFG_KEY: Buffer.alloc(32, 7).toString('base64') };
let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(() => server[Symbol.asyncDispose]());

async function allPolled(store: string, polls: number): Promise<void> {
  await using database = openDatabase(store, { connections: 1 });
  const count = 'SELECT count(*) AS finished FROM polls WHERE finished_ms IS NOT NULL';
  await vi.waitFor(async () => expect((await database.query(count)).rows).toEqual([{ finished: polls }]), {
    timeout: 60_000,
    interval: 100,
  });
}

describe('workers on one database', () => {
  it(
    'lose nothing while one is killed, another stands still and the database crashes',
    { timeout: 240_000 },
    async () => {
      const store = await server.createMigrated();
      await using simulator = await startSimulator({
        seed: 5,
        tenants: [{ name: 'north' }, { name: 'south' }, { name: 'east' }],
      });
      await using folder = await tenantFolder(simulator);
      const start = (): RunningProcess => startRun(simulator, folder.path, { store, environment });
      const workers = [start(), start(), start()];
      await Promise.all(workers.map((worker) => worker.line(/"kind":"started"/)));
      // What changes before the first poll of its list is not the poller's to deliver.
      await allPolled(store, 9);
      simulator.changes.start({ changesPerSecond: 40, total: Infinity });

      const [still] = workers;
      await still?.line(/poll-finished/);
      still?.child.kill('SIGSTOP');
      const frozenMs = systemClock.now();
      for (let round = 0; round < 4; round += 1) {
        const index = 1 + (round % 2);
        await workers[index]?.line(round < 2 ? /notification-delivered/ : /poll-finished/);
        workers[index]?.child.kill('SIGKILL');
        await workers[index]?.ended;
        workers[index] = start();
        if (round % 2 === 1) {
          await server.crash();
          await server.start();
        }
      }
      // Until the heartbeat has been missing for long enough, whatever the machine is at.
      await systemClock.sleep(frozenMs + 13_000 - systemClock.now());
      still?.child.kill('SIGCONT');

      await simulator.quiesce();
      for (const worker of workers) await worker.line(/"kind":"started"/);
      for (const { child } of workers) child.kill('SIGTERM');
      for (const worker of workers) expect(await worker.ended).toMatchObject({ code: 0 });
      await runUntilSettled(() =>
        startRun(simulator, folder.path, { store, environment, flags: ['--once'] }),
      );
      const { comparison } = simulator.report();
      expect(comparison).toMatchObject({
        lost: 0,
        differentIds: 0,
        badSignatures: 0,
        outOfOrder: 0,
        unsourced: 0,
      });
      expect(comparison.delivered).toBeGreaterThan(20);
      await using database = openDatabase(store, { connections: 1 });
      const { rows } = await database.query(
        "SELECT count(*) AS jobs, count(DISTINCT singleton_key) AS keys FROM sagecfg_jobs.job WHERE name = 'poll' AND state <= 'active'",
      );
      expect(rows).toEqual([{ jobs: 9, keys: 9 }]);
    },
  );

  it('share out: one polls, another delivers', { timeout: 120_000 }, async () => {
    const store = await server.createMigrated();
    await using simulator = await startSimulator();
    await using folder = await tenantFolder(simulator);
    const start = (role: string): RunningProcess =>
      startRun(simulator, folder.path, { store, environment, flags: ['--role', role] });
    const [polling, delivering] = [start('poll'), start('deliver')];
    await firstPolls(polling);
    simulator.changes.make(20);
    await delivering.line(/notification-delivered/);
    for (const { child } of [polling, delivering]) child.kill('SIGTERM');
    for (const { ended } of [polling, delivering]) expect(await ended).toMatchObject({ code: 0 });
    expect((await polling.ended).stderr).not.toContain('notification-delivered');
    expect((await delivering.ended).stderr).not.toContain('poll-finished');
  });

  it(
    'refuse a database that is not migrated, in one line and without the password',
    { timeout: 120_000 },
    async () => {
      const store = await server.createDatabase();
      await using simulator = await startSimulator();
      await using folder = await tenantFolder(simulator);
      const { code, stderr } = await startRun(simulator, folder.path, { store, environment }).ended;
      expect(code).toBe(4);
      expect(stderr).toBe("sagecfg: the database has no sagecfg schema: run 'sagecfg db migrate' first\n");
      const { password } = new URL(store);
      const wrong = store.replace(password, '${env:DB_PASSWORD}');
      const refused = await startRun(simulator, folder.path, {
        store: wrong,
        environment: { ...environment, DB_PASSWORD: 'planted p@ss/word' },
      }).ended;
      expect(refused.stderr).toContain('password authentication failed');
      expect(refused.stderr).not.toContain('planted');
    },
  );
});
