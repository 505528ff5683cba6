/**
 * An hour of one worker on Postgres with many tenants, in less time: `npm run bench:hour`. Its polls are those of an hour,
 * `--speed` times as close together; all else goes at its own pace. The worker is the built command, against the simulator,
 * with changes that it delivers. `--tenants N,N`, `--speed N,N`, `--interval-minutes N`, `--concurrency N`, `--plot FILE`.
 */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openDatabase } from '../src/runtime/adapters/store/postgres-database.ts';
import type { Database } from '../src/runtime/adapters/store/postgres-database.ts';
import { startSimulator } from '../src/simulator/start-simulator.ts';
import { startPostgres } from '../test/postgres-server.ts';
import { startRun } from '../test/runtime/run-process.ts';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { cpuSecondsOf } from './cpu-seconds.ts';
import { renderPanels } from './render-panels.ts';
import type { Series } from './render-panels.ts';

const { values } = parseArgs({
  options: {
    tenants: { type: 'string', default: '1000,5000' },
    speed: { type: 'string', default: '12,6' },
    'interval-minutes': { type: 'string', default: '30' },
    concurrency: { type: 'string', default: '16' },
    plot: { type: 'string' },
  },
});
const resources = ['customers', 'invoices', 'products', 'vendors', 'ledger-accounts'];
const environment = { SAGECFG_KEY: Buffer.alloc(32, 7).toString('base64') };
const intervalMinutes = Number(values['interval-minutes']);
const samplesAnHour = 120;

/** At one moment of the hour. */
interface Sample {
  /** Of the simulated hour. */
  readonly minute: number;
  readonly megabytes: number;
  /** How long ago the poll ended that ended longest ago, in intervals. */
  readonly slowest: number;
}

await using server = await startPostgres();
const hours = new Map<number, readonly Sample[]>();
console.log(
  '| tenants | polls in the hour | seconds to begin | most starts in a second ÷ mean | slowest, intervals | MB at begin, middle, end | MB an hour | processor ms a poll | events |',
);
console.log('|--:|--:|--:|--:|--:|--:|--:|--:|--:|');
const speeds = values.speed.split(',').map(Number);
for (const [index, tenants] of values.tenants.split(',').map(Number).entries()) {
  hours.set(tenants, await measure(tenants, speeds[index] ?? speeds.at(-1) ?? 1));
}
if (values.plot !== undefined) await writeFile(values.plot, plot());

async function measure(tenants: number, speed: number): Promise<readonly Sample[]> {
  const intervalMs = (intervalMinutes * 60_000) / speed;
  const polls = tenants * resources.length;
  await using simulator = await startSimulator({
    seed: 1,
    tenants: Array.from({ length: tenants }, (_each, index) => ({ name: `tenant-${index}` })),
    polled: resources,
    initialObjects: 2,
  });
  const files = simulator.tenants.map(({ name }) => [`${name}.yaml`, simulator.instanceFile(name)]);
  await using folder = await temporaryFolder(Object.fromEntries(files) as Record<string, string>);
  const store = await server.createMigrated();
  await using database = openDatabase(store, { connections: 2 });
  const pace = ['--interval-seconds', `${intervalMs / 1000}`, '--budget-app-per-second', `${15 * speed}`];
  const startedMs = performance.now();
  const flags = [...pace, '--concurrency', values.concurrency, '--log-level', 'warn'];
  const worker = startRun(simulator, folder.path, { store, environment, flags, names: ['.'] });
  while ((await read(database, 'count(finished_ms)')) === 0) await wait(200);
  const beganMs = performance.now();
  // The first round learns what there is and asks for everybody's token: the hour comes after it.
  while ((await read(database, 'count(finished_ms)')) < polls) await wait(500);
  const spread = await startSpread(database);
  console.error(
    `${tenants} tenants: first polls over, most starts in a second ${spread?.toFixed(2) ?? '?'} × the mean`,
  );
  simulator.changes.start({ changesPerSecond: 10, total: Infinity });
  const pid = worker.child.pid ?? 0;
  const before = { cpuSeconds: cpuSecondsOf(pid), turns: await countTurns(database) };
  const samples = await sampleHour(database, { pid, intervalMs, hourMs: 3_600_000 / speed });
  const turns = (await countTurns(database)) - before.turns;
  const cpuSeconds = cpuSecondsOf(pid) - before.cpuSeconds;
  worker.child.kill('SIGTERM');
  await simulator.quiesce();
  const { code, stderr } = await worker.ended;
  if (code !== 0) throw new Error(`the worker ended with ${code}: ${stderr.slice(-2000)}`);
  const megabytes = samples.map((sample) => sample.megabytes);
  const third = Math.floor(megabytes.length / 3);
  const cells = [
    tenants,
    turns,
    ((beganMs - startedMs) / 1000).toFixed(1),
    spread?.toFixed(2) ?? '',
    Math.max(...samples.map(({ slowest }) => slowest)).toFixed(2),
    [megabytes.slice(0, third), megabytes.slice(third, -third), megabytes.slice(-third)]
      .map(medianOf)
      .join(', '),
    slopeOf(samples).toFixed(1),
    ((cpuSeconds * 1000) / turns).toFixed(2),
    simulator.report().events,
  ];
  console.log(`| ${cells.join(' | ')} |`);
  return samples;
}

async function sampleHour(
  database: Database,
  { pid, intervalMs, hourMs }: { readonly pid: number; readonly intervalMs: number; readonly hourMs: number },
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  const beganMs = performance.now();
  while (samples.length < samplesAnHour) {
    await wait(beganMs + ((samples.length + 1) * hourMs) / samplesAnHour - performance.now());
    samples.push({
      minute: ((samples.length + 1) / samplesAnHour) * 60,
      megabytes: residentMegabytes(pid),
      slowest: (Date.now() - (await read(database, 'min(finished_ms)'))) / intervalMs,
    });
  }
  return samples;
}

async function read(database: Database, expression: string): Promise<number> {
  const { rows } = await database.query(`SELECT ${expression} AS value FROM polls`);
  return Number(rows[0]?.['value']);
}

/** Turns that have ended, whatever pg-boss has deleted since: it counts the statement that ends one. */
async function countTurns(database: Database): Promise<number> {
  const { rows } = await database.query(
    "SELECT n_tup_upd AS value FROM pg_stat_user_tables WHERE relname = 'polls'",
  );
  return Number(rows[0]?.['value']);
}

/** Of the first round, among the seconds that are full: the first and the last may be cut. Of a few it tells nothing. */
async function startSpread(database: Database): Promise<number | undefined> {
  const { rows } = await database.query(
    `SELECT count(*) AS count FROM (
      SELECT min(started_on) AS started_on FROM sagecfg_jobs.job WHERE name = 'poll' GROUP BY singleton_key) AS firsts
    GROUP BY date_trunc('second', started_on) ORDER BY date_trunc('second', started_on)`,
  );
  const counts = rows.slice(1, -1).map(({ count }) => Number(count));
  if (counts.length < 10) return undefined;
  return Math.max(...counts) / (counts.reduce((sum, count) => sum + count, 0) / counts.length);
}

/** Of a living process, on Linux. */
function residentMegabytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((left, right) => left - right);
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0);
}

/** By least squares, over the whole hour. */
function slopeOf(samples: readonly Sample[]): number {
  const meanX = samples.reduce((sum, { minute }) => sum + minute, 0) / samples.length;
  const meanY = samples.reduce((sum, { megabytes }) => sum + megabytes, 0) / samples.length;
  const both = samples.reduce(
    (sum, { minute, megabytes }) => sum + (minute - meanX) * (megabytes - meanY),
    0,
  );
  return (both / samples.reduce((sum, { minute }) => sum + (minute - meanX) ** 2, 0)) * 60;
}

function plot(): string {
  const xLabel = 'minute of the simulated hour';
  return renderPanels([
    { title: 'memory of the worker, MB', xLabel, series: seriesOf('megabytes') },
    { title: 'slowest poll: intervals since it ended', xLabel, series: seriesOf('slowest'), limit: 2 },
  ]);
}

function seriesOf(figure: 'megabytes' | 'slowest'): readonly Series[] {
  return [...hours].map(([tenants, samples]) => ({
    name: `${tenants.toLocaleString('en-US')} tenants`,
    points: samples.map((sample) => [sample.minute, sample[figure]] as const),
  }));
}
