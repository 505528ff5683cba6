import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { runCommand } from '../command-line.ts';
import { startPostgres } from '../postgres-server.ts';
import type { PostgresServer } from '../postgres-server.ts';
import { firstPolls, startRun, tenantFolder } from '../runtime/run-process.ts';

const environment = { SAGECFG_KEY: Buffer.alloc(32, 7).toString('base64') };
let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(() => server[Symbol.asyncDispose]());

async function migrated(): Promise<string> {
  const url = await server.createDatabase();
  expect(await runCommand(['db', 'migrate', '--store', url])).toMatchObject({ exitCode: 0 });
  return url;
}

async function moveState(from: string, to: string, workingDirectory: string): Promise<void> {
  const result = await runCommand(['state', 'copy', '--from', from, '--to', to], { workingDirectory });
  expect(result).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('records carried over'),
  });
}

describe('sagecfg state copy', () => {
  it(
    'moves a state to Postgres and back under load: nothing lost, no event under a new id',
    { timeout: 180_000 },
    async () => {
      const database = await migrated();
      await using simulator = await startSimulator({
        seed: 9,
        tenants: [{ name: 'north' }, { name: 'south' }],
      });
      await using folder = await tenantFolder(simulator);
      const stores = ['sqlite:first.db', database, 'sqlite:last.db'];
      for (const [index, store] of stores.entries()) {
        if (index > 0) await moveState(stores[index - 1] ?? '', store, folder.path);
        const run = startRun(simulator, folder.path, { store, environment });
        await firstPolls(run);
        simulator.changes.start({ changesPerSecond: 40, total: Infinity });
        await run.line(/notification-delivered/);
        await run.line(/"UPDATED":[1-9]/);
        run.child.kill('SIGTERM');
        expect(await run.ended).toMatchObject({ code: 0 });
      }
      await simulator.quiesce();
      for (let round = 0; round < 2; round += 1) {
        const once = startRun(simulator, folder.path, {
          store: 'sqlite:last.db',
          environment,
          flags: ['--once'],
        });
        expect(await once.ended).toMatchObject({ code: 0 });
      }
      expect(simulator.report().comparison).toMatchObject({
        lost: 0,
        duplicates: 0,
        differentIds: 0,
        outOfOrder: 0,
        unsourced: 0,
      });
      expect(simulator.report().comparison.delivered).toBeGreaterThan(20);
      expect(simulator.traffic.report().refreshes).toBe(2);
    },
  );

  it('refuses a state that is not there, one that has something in it, and one that is worked on', async () => {
    const database = await migrated();
    await using simulator = await startSimulator();
    await using folder = await tenantFolder(simulator);
    const copy = (from: string, to: string) =>
      runCommand(['state', 'copy', '--from', from, '--to', to], { workingDirectory: folder.path });
    expect(await copy('sqlite:none.db', database)).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining("there is no state file '"),
    });
    const run = startRun(simulator, folder.path, { store: database, environment });
    await run.line(/poll-finished/);
    expect(await copy(database, 'sqlite:new.db')).toMatchObject({
      exitCode: 2,
      stderr: 'sagecfg: processes work on the database: stop every sagecfg run on it first\n',
    });
    run.child.kill('SIGTERM');
    await run.ended;
    expect(await copy(database, 'sqlite:new.db')).toMatchObject({ exitCode: 0 });
    const full = await copy('sqlite:new.db', database);
    expect(full.exitCode).not.toBe(0);
    expect(full.stderr).toMatch(/^sagecfg: .*\n$/);
  });

  it('asks for both ends', async () => {
    expect(await runCommand(['state', 'copy', '--from', 'sqlite:x'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--from and --to'),
    });
    const secret = await runCommand(['state', 'copy', '--from', 'mysql://u:planted@h/d', '--to', 'sqlite:x']);
    expect(secret.stderr).toContain("--from begins with 'mysql:'");
    expect(secret.stderr).not.toContain('planted');
  });
});
