/**
 * How fast a backlog of changes is read and delivered by one process on a state file, and by one, two and four on
 * Postgres, in turns: `npm run bench:scale`. `--rounds N`, `--tenants N`, `--changes N`. The simulator, its receiver and
 * Postgres run on the same machine as the processes.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { migrateStorage } from '../src/runtime/open-storage.ts';
import { startSimulator } from '../src/simulator/start-simulator.ts';
import { startPostgres } from '../test/postgres-server.ts';
import { startRun } from '../test/runtime/run-process.ts';
import { temporaryFolder } from '../test/temporary-folder.ts';

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
const pace = ['--interval-seconds', '2', '--budget-app-per-second', '2000', '--budget-app-in-flight', '100'];

interface Measured {
  readonly eventsPerSecond: number;
  readonly pagesPerSecond: number;
  /** Seconds of processor that all processes together used for 1,000 events. */
  readonly cpuSeconds: number;
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
console.log('| | events a second | pages a second | processor seconds for 1,000 events |');
console.log('|---|--:|--:|--:|');
for (const [name, runs] of measured) {
  const cells = [
    describe(runs.map(({ eventsPerSecond }) => eventsPerSecond)),
    describe(runs.map(({ pagesPerSecond }) => pagesPerSecond)),
    describe(runs.map(({ cpuSeconds }) => cpuSeconds)),
  ];
  console.log(`| ${name} | ${cells.join(' | ')} |`);
}

/** With no process on Postgres, the state is in a file. */
async function measure(seed: number, processes: number): Promise<Measured> {
  const names = Array.from({ length: tenants }, (_each, index) => ({ name: `tenant-${index}` }));
  await using simulator = await startSimulator({ seed, tenants: names, initialObjects: 4 });
  const files = names.map(({ name }) => [`${name}.yaml`, simulator.instanceFile(name)]);
  await using folder = await temporaryFolder(Object.fromEntries(files) as Record<string, string>);
  const store = processes === 0 ? 'sqlite:state.db' : await server.createDatabase();
  const flags = [...pace, '--log-level', 'warn'];
  if (processes > 0) {
    await migrateStorage(
      { kind: 'postgres', url: store },
      { environment: {}, workingDirectory: folder.path },
    );
  }
  const run = (...more: readonly string[]) =>
    startRun(simulator, folder.path, { store, environment, flags: [...flags, ...more], names: ['.'] });
  const { code, stderr } = await run('--once').ended;
  if (code !== 0) throw new Error(`the first run ended with ${code}: ${stderr.slice(-2000)}`);
  simulator.changes.make(changes);
  await simulator.quiesce();
  const requestsBefore = simulator.traffic.report().requests;
  const workers = Array.from({ length: Math.max(processes, 1) }, () => run());
  while (simulator.report().comparison.lost > 0) await wait(500);
  const cpuSeconds = workers.reduce((sum, { child }) => sum + cpuSecondsOf(child.pid ?? 0), 0);
  const requests = simulator.traffic.report().requests - requestsBefore;
  for (const { child } of workers) child.kill('SIGTERM');
  await Promise.all(workers.map(({ ended }) => ended));
  const { ledger } = simulator;
  const events = ledger.reduce((sum, delivery) => sum + delivery.events.length, 0);
  const seconds = ((ledger.at(-1)?.receivedAtMs ?? 0) - (ledger[0]?.receivedAtMs ?? 0)) / 1000;
  return {
    eventsPerSecond: events / seconds,
    pagesPerSecond: requests / seconds,
    cpuSeconds: (cpuSeconds / events) * 1000,
  };
}

/** Of a living process, on Linux; a hundredth of a second is the clock's tick. */
function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function describe(figures: readonly number[]): string {
  const sorted = figures.toSorted((left, right) => left - right);
  return `${written(sorted[Math.floor(sorted.length / 2)])} (${written(sorted[0])}–${written(sorted.at(-1))})`;
}

function written(figure = 0): string {
  return Number(figure.toPrecision(3)).toString();
}
