/**
 * What a worker on Postgres costs as tenants grow, five polls each: `npm run bench:tenants`. The polls themselves read
 * nothing, so what is measured is jobs, turns and commits; Postgres runs on the same machine. `--tenants N,N`,
 * `--seconds N`, `--plot FILE`.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { setTimeout as wait } from 'node:timers/promises';
import { migrateJobs, openJobs } from '../src/runtime/adapters/engine/pg-boss-jobs.ts';
import { createPgBossEngine } from '../src/runtime/adapters/engine/pg-boss.ts';
import { createTroubles } from '../src/runtime/adapters/engine/troubles.ts';
import { openDatabase } from '../src/runtime/adapters/store/postgres-database.ts';
import type { Database } from '../src/runtime/adapters/store/postgres-database.ts';
import { migrateDatabase } from '../src/runtime/adapters/store/postgres-migrate.ts';
import { createPostgresStore } from '../src/runtime/adapters/store/postgres.ts';
import type { EngineWork } from '../src/runtime/ports/engine.ts';
import type { Store } from '../src/runtime/ports/store.ts';
import { createTokenCipher, generateTokenKey } from '../src/runtime/token-cipher.ts';
import { systemClock } from '../src/sage/clock.ts';
import { startPostgres } from '../test/postgres-server.ts';
import { noBackfill } from '../test/runtime/no-backfill.ts';
import { renderPanels } from './render-panels.ts';
import type { Panel } from './render-panels.ts';

const { values } = parseArgs({
  options: {
    tenants: { type: 'string', default: '100,1000,5000' },
    seconds: { type: 'string', default: '20' },
    plot: { type: 'string' },
  },
});
/** What grows with the tenants, or does not. */
interface Cost {
  readonly tenants: number;
  readonly beginSeconds: number;
  readonly idlePercent: number;
  readonly turnMs: number;
}

const resources = ['customers', 'invoices', 'products', 'suppliers', 'ledger-accounts'];
const intervalMs = 30 * 60_000;
const measureMs = Number(values.seconds) * 1000;

await using server = await startPostgres();
console.log(
  '| tenants | polls | seconds to begin | most starts in a second ÷ mean | processor idle, % | turns a second, busy | processor ms a turn |',
);
console.log('|--:|--:|--:|--:|--:|--:|--:|');
const costs: Cost[] = [];
for (const tenants of values.tenants.split(',')) costs.push(await measure(Number(tenants)));
if (values.plot !== undefined) await writeFile(values.plot, renderPanels(panels()));

async function measure(tenants: number): Promise<Cost> {
  const address = await server.createDatabase();
  await using opened = new AsyncDisposableStack();
  const database = opened.use(openDatabase(address, { connections: 12 }));
  await migrateDatabase(database);
  await migrateJobs(address);
  const store = createPostgresStore(database, { cipher: createTokenCipher(generateTokenKey()), crash });
  let turns = 0;
  // Else the few that run when all others are put off would run again and again, and nothing would be idle.
  let restMs = intervalMs;
  const work = fakeWork(tenants, store, () => {
    turns += 1;
    return restMs;
  });
  const beginMs = performance.now();
  await ensureAll(store, work);
  const jobs = opened.use(await openJobs(address, { onTrouble: console.error }));
  const engine = createPgBossEngine({
    database,
    jobs,
    clock: systemClock,
    crash,
    report: () => undefined,
    troubles: createTroubles({ report: () => undefined, clock: systemClock }),
    roles: ['poll', 'deliver'],
    concurrency: 16,
    appPerSecond: 15,
  });
  const stop = new AbortController();
  const running = engine.run(work, stop.signal);
  while ((await countJobs(database)) < work.polls().length) await wait(50);
  const beginSeconds = (performance.now() - beginMs) / 1000;
  const spread = await startSpread(database);
  await database.query("UPDATE sagecfg_jobs.job SET start_after = start_after + interval '1 day'");
  await wait(2000);
  const idle = await during(measureMs);
  await database.query("UPDATE sagecfg_jobs.job SET start_after = now() - interval '1 second'");
  turns = 0;
  restMs = 0;
  const busy = await during(measureMs);
  const busyTurns = turns;
  stop.abort();
  await running;
  const cost = {
    tenants,
    beginSeconds,
    idlePercent: (idle.cpuMs / measureMs) * 100,
    turnMs: busy.cpuMs / busyTurns,
  };
  const cells = [
    tenants,
    work.polls().length,
    beginSeconds.toFixed(1),
    spread.toFixed(2),
    cost.idlePercent.toFixed(1),
    (busyTurns / (measureMs / 1000)).toFixed(0),
    cost.turnMs.toFixed(2),
  ];
  console.log(`| ${cells.join(' | ')} |`);
  return cost;
}

function panels(): readonly Panel[] {
  return [
    panelOf('processor of a turn, ms', 'turnMs'),
    panelOf('idle worker, % of a core', 'idlePercent'),
    panelOf('seconds until every poll has its job', 'beginSeconds'),
  ];
}

function panelOf(title: string, figure: keyof Cost): Panel {
  const points = costs.map((cost) => [cost.tenants, cost[figure]] as const);
  return { title, xLabel: 'tenants, five polls each', series: [{ name: figure, points }] };
}

/** `count` is told of each poll, and says how long until its next. */
function fakeWork(tenants: number, store: Store, count: () => number): EngineWork {
  const polls = Array.from({ length: tenants }, (_each, index) =>
    resources.map((resource) => ({
      key: `tenant-${index}/${resource}`,
      instanceId: `tenant-${index}`,
      intervalMs,
      app: 'app',
      requests: 1,
    })),
  ).flat();
  const byKey = new Map(polls.map((poll) => [poll.key, poll]));
  const ids = new Set(polls.map(({ instanceId }) => instanceId));
  return {
    polls: () => polls,
    poll: (key) => byKey.get(key),
    instances: () => [...ids],
    hasInstance: (id) => ids.has(id),
    nextRunMs: async (key) => (await store.polls.read(key)).notBeforeMs,
    runPoll: async (key, _signal, turn = store.polls) => {
      await turn.commitPage({
        pollKey: key,
        scan: 'changes',
        startsScan: true,
        objectIds: [],
        ledger: [],
        events: [],
        checkpoint: undefined,
        watermarkMs: Date.now(),
        pollFinish: { dueMs: Date.now() + count(), pageSize: undefined, finishedMs: Date.now() },
      });
    },
    deliver: async () => undefined,
    backfill: noBackfill,
  };
}

async function ensureAll(store: Store, work: EngineWork): Promise<void> {
  const polls = work.polls();
  for (let start = 0; start < polls.length; start += 50) {
    await Promise.all(
      polls
        .slice(start, start + 50)
        .map(({ key, instanceId }) =>
          store.polls.ensure({ key, instanceId, resource: key }, { baseline: { kind: 'now' }, nowMs: 0 }),
        ),
    );
  }
}

async function countJobs(database: Database): Promise<number> {
  const { rows } = await database.query("SELECT count(*) AS count FROM sagecfg_jobs.job WHERE name = 'poll'");
  return Number(rows[0]?.['count']);
}

/** Of first polls, which all begin within an interval; among the seconds that are full: the first and the last may be cut. */
async function startSpread(database: Database): Promise<number> {
  const { rows } = await database.query(
    `SELECT count(*) AS count FROM sagecfg_jobs.job
    WHERE name = 'poll' AND state = 'created' AND start_after < now() + interval '29 minutes'
    GROUP BY date_trunc('second', start_after) ORDER BY date_trunc('second', start_after)`,
  );
  const counts = rows.slice(1, -1).map(({ count }) => Number(count));
  return Math.max(...counts) / (counts.reduce((sum, count) => sum + count, 0) / counts.length);
}

async function during(milliseconds: number): Promise<{ readonly cpuMs: number }> {
  const before = process.cpuUsage();
  await wait(milliseconds);
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1000 };
}

function crash(): void {}
