import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/runtime/adapters/store/postgres-database.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { startPostgresProxy } from '../postgres-proxy.ts';
import { startPostgres } from '../postgres-server.ts';
import type { PostgresServer } from '../postgres-server.ts';
import { judgeLedger } from '../torture/judge-ledger.ts';
import { lostCommits } from '../torture/lost-commits.ts';
import { runUntilSettled, startRun, tenantFolder } from './run-process.ts';
import type { RunningProcess } from './run-process.ts';

const environment = { SAGECFG_KEY: Buffer.alloc(32, 7).toString('base64') };
const polls = 6;
let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(() => server[Symbol.asyncDispose]());

describe('a worker whose connection is cut after it sent COMMIT', () => {
  it('loses nothing, commits nothing twice, and goes on by itself', { timeout: 240_000 }, async () => {
    const store = await server.createMigrated();
    await using proxy = await startPostgresProxy(store);
    await using simulator = await startSimulator({
      seed: 11,
      tenants: [{ name: 'north' }, { name: 'south' }],
    });
    await using folder = await tenantFolder(simulator);
    const start = (): RunningProcess => startRun(simulator, folder.path, { store: proxy.url, environment });
    const once = startRun(simulator, folder.path, { store, environment, flags: ['--once'] });
    expect(await once.ended).toMatchObject({ code: 0 });
    const workers = [start(), start()];
    await Promise.all(workers.map((worker) => worker.line(/"kind":"started"/)));
    simulator.changes.start({ changesPerSecond: 40, total: Infinity });
    for (const statement of Object.values(lostCommits)) {
      const cut = proxy.cutAfterCommit(statement);
      if (statement === lostCommits.grant) simulator.faults.add({ kind: 'expired-token', count: 4 });
      await cut;
      simulator.faults.clear();
    }
    await simulator.quiesce();
    expect(workers.map(({ child }) => child.exitCode)).toEqual([null, null]);
    for (const { child } of workers) child.kill('SIGTERM');
    for (const { ended } of workers) expect(await ended).toMatchObject({ code: 0 });
    const troubles = (await Promise.all(workers.map(({ ended }) => ended)))
      .map(({ stderr }) => stderr)
      .join('');
    expect(troubles).toContain('"kind":"worker-trouble"');
    await runUntilSettled(() => startRun(simulator, folder.path, { store, environment, flags: ['--once'] }));
    expect(judgeLedger(simulator.report())).toEqual([]);
    expect(simulator.report().comparison.delivered).toBeGreaterThan(20);
    expect(simulator.report().grantRefusals).toEqual({});
    await using database = openDatabase(store, { connections: 1 });
    const { rows } = await database.query(
      "SELECT count(*) AS jobs, count(DISTINCT singleton_key) AS keys FROM sagecfg_jobs.job WHERE name = 'poll' AND state <= 'active'",
    );
    expect(rows).toEqual([{ jobs: polls, keys: polls }]);
  });
});
