/**
 * How fast a burst of changes is read and delivered by one process on a state file, and by one, two and four on Postgres,
 * in turns: `npm run bench:scale`. `--rounds N`, `--tenants N`, `--changes N`. The processes are up and have polled before
 * the changes come; a rate is that of the middle 80 % of the events. The simulator, its receiver and Postgres run on the
 * same machine.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Simulator } from '../src/simulator/simulator.ts';
import { startSimulator } from '../src/simulator/start-simulator.ts';
import { startPostgres } from '../test/postgres-server.ts';
import { startRun } from '../test/runtime/run-process.ts';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { cpuSecondsOf } from './cpu-seconds.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    tenants: { type: 'string', default: '32' },
    changes: { type: 'string', default: '6000' },
  },
});
const tenants = Number(values.tenants);
const changes = Number(values.changes);
const environment = { SAGECFG_KEY: Buffer.alloc(32, 7).toString('base64') };
/** Nothing is to be waited for but the work itself. */
const pace = ['--interval-seconds', '2', '--budget-app-per-second', '500', '--budget-app-in-flight', '100'];

/** Long enough for each process to have polled, whatever the machine is at. */
const warmUpMs = 3000;

interface Measured {
  readonly eventsPerSecond: number;
  readonly pagesPerSecond: number;
  /** Seconds of processor that all processes together used for 1,000 events, and those of the simulator and its receiver. */
  readonly cpuSeconds: number;
  readonly simulatorCpuSeconds: number;
  /** The same of Postgres. */
  readonly databaseCpuSeconds: number;
}

await using server = await startPostgres();
const kinds: readonly (readonly [string, number])[] = [
  ['state file, 1 process', 0],
  ['Postgres, 1 process', 1],
  ['Postgres, 2 processes', 2],
  ['Postgres, 4 processes', 4],
];
const measured = new Map(kinds.map(([name]) => [name, [] as Measured[]]));
for (let round = 1; round <= Number(values.rounds); round += 1) {
  for (const [name, processes] of kinds) measured.get(name)?.push(await measure(round, processes));
}
console.log(
  '| | events a second | pages a second | processor seconds for 1,000 events, all processes | each process | Postgres | simulator and receiver |',
);
console.log('|---|--:|--:|--:|--:|--:|--:|');
for (const [name, processes] of kinds) {
  const runs = measured.get(name) ?? [];
  const cells = [
    describe(runs.map(({ eventsPerSecond }) => eventsPerSecond)),
    describe(runs.map(({ pagesPerSecond }) => pagesPerSecond)),
    describe(runs.map(({ cpuSeconds }) => cpuSeconds)),
    describe(runs.map(({ cpuSeconds }) => cpuSeconds / Math.max(processes, 1))),
    processes === 0 ? '' : describe(runs.map(({ databaseCpuSeconds }) => databaseCpuSeconds)),
    describe(runs.map(({ simulatorCpuSeconds }) => simulatorCpuSeconds)),
  ];
  console.log(`| ${name} | ${cells.join(' | ')} |`);
}

/** With no process on Postgres, the state is in a file. */
async function measure(seed: number, processes: number): Promise<Measured> {
  const names = Array.from({ length: tenants }, (_each, index) => ({ name: `tenant-${index}` }));
  await using simulator = await startSimulator({ seed, tenants: names, initialObjects: 4 });
  const files = names.map(({ name }) => [`${name}.yaml`, simulator.instanceFile(name)]);
  await using folder = await temporaryFolder(Object.fromEntries(files) as Record<string, string>);
  const store = processes === 0 ? 'sqlite:state.db' : await server.createMigrated();
  const run = (...more: readonly string[]) =>
    startRun(simulator, folder.path, { store, environment, flags: [...pace, ...more], names: ['.'] });
  const { code, stderr } = await run('--once', '--log-level', 'warn').ended;
  if (code !== 0) throw new Error(`the first run ended with ${code}: ${stderr.slice(-2000)}`);
  const databaseBefore = cpuSecondsOf(server.processId(), { ofChildren: true });
  const workers = Array.from({ length: Math.max(processes, 1) }, () => run('--log-level', 'info'));
  await Promise.all(workers.map(({ line }) => line(/"kind":"started"/)));
  await wait(warmUpMs);
  const pids = workers.map(({ child }) => child.pid ?? 0);
  const before = cpuNow(pids);
  simulator.changes.make(changes);
  const requestsBefore = simulator.traffic.report().requests;
  const madeMs = Date.now();
  await allDelivered(simulator);
  const { ledger } = simulator;
  const after = cpuNow(pids);
  const requests = simulator.traffic.report().requests - requestsBefore;
  for (const { child } of workers) child.kill('SIGTERM');
  await Promise.all(workers.map(({ ended }) => ended));
  const thousands = ledger.reduce((sum, delivery) => sum + delivery.events.length, 0) / 1000;
  const lastMs = ledger.at(-1)?.receivedAtMs ?? madeMs;
  return {
    eventsPerSecond: middleRate(simulator),
    pagesPerSecond: requests / ((lastMs - madeMs) / 1000),
    cpuSeconds: (after.workers - before.workers) / thousands,
    simulatorCpuSeconds: (after.simulator - before.simulator) / thousands,
    databaseCpuSeconds: (cpuSecondsOf(server.processId(), { ofChildren: true }) - databaseBefore) / thousands,
  };
}

function cpuNow(pids: readonly number[]): { readonly workers: number; readonly simulator: number } {
  const { user, system } = process.cpuUsage();
  const workers = pids.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);
  return { workers, simulator: (user + system) / 1e6 };
}

/** Comparing takes the simulator's processor, so it is done only when nothing has come for a while. */
async function allDelivered(simulator: Simulator): Promise<void> {
  const { ledger } = simulator;
  await simulator.quiesce();
  let count = -1;
  for (;;) {
    await wait(250);
    if (count === ledger.length && simulator.report().comparison.lost === 0) return;
    count = ledger.length;
  }
}

/** Events a second between the first tenth and the last. */
function middleRate({ ledger }: Simulator): number {
  const total = ledger.reduce((sum, { events }) => sum + events.length, 0);
  let count = 0;
  const reached = ledger.map(({ events, receivedAtMs }) => ({
    count: (count += events.length),
    receivedAtMs,
  }));
  const middle = reached.filter((each) => each.count >= total * 0.1 && each.count <= total * 0.9);
  const [first, last] = [middle[0], middle.at(-1)];
  if (first === undefined || last === undefined || first === last) return NaN;
  return (last.count - first.count) / ((last.receivedAtMs - first.receivedAtMs) / 1000);
}

function describe(figures: readonly number[]): string {
  const sorted = figures.toSorted((left, right) => left - right);
  return `${written(sorted[Math.floor(sorted.length / 2)])} (${written(sorted[0])}–${written(sorted.at(-1))})`;
}

function written(figure = 0): string {
  return Number(figure.toPrecision(3)).toString();
}
