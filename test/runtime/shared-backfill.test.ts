import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openDatabase } from '../../src/runtime/adapters/store/postgres-database.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { startPostgres } from '../postgres-server.ts';
import type { PostgresServer } from '../postgres-server.ts';
import { startRun, tenantFolder } from './run-process.ts';
import type { RunningProcess } from './run-process.ts';

const environment = { SAGECFG_KEY: Buffer.alloc(32, 7).toString('base64') };
const window = ['--since', '2000-01-01T00:00:00Z'];
let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(() => server[Symbol.asyncDispose]());

/** Everything that the polls read, changed lately or long ago. */
function polledObjects({ truth }: Simulator): ReadonlySet<string> {
  const polled = truth.filter(({ resource }) => ['customers', 'invoices', 'products'].includes(resource));
  return new Set(polled.map(({ id }) => id));
}

function receivedObjects({ ledger }: Simulator): readonly string[] {
  return ledger.flatMap(({ events }) => events.map(({ objectId }) => objectId));
}

interface BackfillLine {
  readonly instance: string;
  readonly resource: string;
  readonly counts: { readonly records: number };
}

/** Records that a process has read again, as it told. */
async function recordsReadBy({ ended }: RunningProcess): Promise<number> {
  const lines = (await ended).stderr
    .split('\n')
    .filter((line) => /"kind":"backfill-(?:page|finished)"/.test(line));
  const told = lines.map((line) => JSON.parse(line) as BackfillLine); // our own log
  // Each line has the sum so far.
  const latest = new Map(
    told.map(({ instance, resource, counts }) => [`${instance}/${resource}`, counts.records]),
  );
  return [...latest.values()].reduce((sum, records) => sum + records, 0);
}

async function readToTheEnd(store: string): Promise<void> {
  await using database = openDatabase(store, { connections: 1 });
  const left = "SELECT count(*) AS left FROM polls WHERE key LIKE '%@%' AND due_ms < 8640000000000000";
  const jobs = "SELECT count(*) AS left FROM sagecfg_jobs.job WHERE name = 'backfill' AND state <= 'active'";
  const isDone = async (): Promise<void> => {
    for (const query of [left, jobs]) expect((await database.query(query)).rows).toEqual([{ left: 0 }]);
  };
  await vi.waitFor(isDone, { timeout: 90_000, interval: 200 });
}

describe('a backfill on a database', () => {
  it(
    'is read by one of the workers, and by another from where it was when that one is killed',
    { timeout: 180_000 },
    async () => {
      const store = await server.createMigrated();
      await using simulator = await startSimulator({
        seed: 9,
        tenants: [{ name: 'north' }, { name: 'south' }],
        initialObjects: 60,
      });
      await using folder = await tenantFolder(simulator);
      const start = (flags: readonly string[]): RunningProcess =>
        startRun(simulator, folder.path, {
          store,
          environment,
          flags: ['--interval-seconds', '5', ...flags],
        });
      const others = [start([]), start([])];
      await Promise.all(others.map((worker) => worker.line(/"kind":"poll-finished"/)));
      const asked = start(window);
      const workers = [asked, ...others];
      const reader = await Promise.race(
        workers.map(async (worker) => {
          await worker.line(/"kind":"backfill-page"/);
          return worker;
        }),
      );
      reader.child.kill('SIGKILL');
      const living = workers.filter((worker) => worker !== reader);
      await readToTheEnd(store);
      await vi.waitFor(() => expect(new Set(receivedObjects(simulator))).toEqual(polledObjects(simulator)), {
        timeout: 60_000,
        interval: 200,
      });
      for (const { child } of living) child.kill('SIGTERM');
      for (const { ended } of living) expect(await ended).toMatchObject({ code: 0 });

      const objects = polledObjects(simulator).size;
      const before = await recordsReadBy(reader);
      const after = (await Promise.all(living.map(recordsReadBy))).reduce((sum, records) => sum + records, 0);
      expect(before).toBeGreaterThan(0);
      expect(after).toBeGreaterThan(0);
      expect(before + after, 'no page is read twice').toBeLessThanOrEqual(objects);
      const again = startRun(simulator, folder.path, { store, environment, flags: ['--once', ...window] });
      expect(await again.ended).toMatchObject({ code: 0 });
      expect(await recordsReadBy(again), 'what was read is not read a second time').toBe(0);
      const received = receivedObjects(simulator);
      expect(received.length, 'nothing is delivered twice').toBe(new Set(received).size);
    },
  );

  it('is read whole by --once, alone', { timeout: 120_000 }, async () => {
    const store = await server.createMigrated();
    await using simulator = await startSimulator({ seed: 9, initialObjects: 12 });
    await using folder = await tenantFolder(simulator);
    const once = startRun(simulator, folder.path, { store, environment, flags: ['--once', ...window] });
    expect(await once.ended).toMatchObject({ code: 0 });
    expect(new Set(receivedObjects(simulator))).toEqual(polledObjects(simulator));
  });
});
