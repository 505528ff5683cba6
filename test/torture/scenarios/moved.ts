import { setTimeout as wait } from 'node:timers/promises';
import { createRandom } from '../../../src/simulator/random.ts';
import { startSimulator } from '../../../src/simulator/start-simulator.ts';
import { runCommand } from '../../command-line.ts';
import { startPostgres } from '../../postgres-server.ts';
import { startRun, tenantFolder } from '../../runtime/run-process.ts';
import type { RunningProcess } from '../../runtime/run-process.ts';
import { judgeLedger } from '../judge-ledger.ts';
import type { Scenario } from '../scenario.ts';

const environment = { SAGECFG_KEY: Buffer.alloc(32, 7).toString('base64') };
const tenants = Array.from({ length: 6 }, (_each, index) => ({ name: `tenant-${index}` }));
/** Six instances, eight notifications each, of ten events. */
const mostEventsInFlight = 480;

/**
 * A state goes from a file to Postgres and back, twice, while records change all the time. Before each move the process is
 * stopped or killed, at whatever it is.
 */
export default {
  name: 'moved',
  summary: 'a state that goes from SQLite to Postgres and back, twice',
  runs: 10,
  shortRuns: 0,
  run: async (seed) => {
    const random = createRandom(seed, 'moved');
    await using server = await startPostgres();
    await using simulator = await startSimulator({ seed, tenants });
    await using folder = await tenantFolder(simulator);
    const stores = ['sqlite:first.db', await migrated(server.createDatabase), 'sqlite:second.db'];
    stores.push(await migrated(server.createDatabase), 'sqlite:last.db');
    const start = (store: string, ...flags: readonly string[]): RunningProcess =>
      startRun(simulator, folder.path, { store, environment, flags, names: ['.'] });
    const once = await start(stores[0] ?? '', '--once').ended;
    if (once.code !== 0) throw new Error(`the first run ended with ${once.code}: ${once.stderr}`);
    simulator.changes.start({ changesPerSecond: 60, total: Infinity });
    let kills = 0;
    let carriedOver = 0;
    for (const [index, store] of stores.entries()) {
      if (index > 0) carriedOver += await moveState(stores[index - 1] ?? '', store, folder.path);
      const run = start(store);
      await run.line(/notification-delivered/);
      await wait(random.integer(1500));
      const isKilled = random.integer(2) === 0;
      if (isKilled) kills += 1;
      run.child.kill(isKilled ? 'SIGKILL' : 'SIGTERM');
      await run.ended;
    }
    await simulator.quiesce();
    for (let round = 0; round < 2; round += 1) await start('sqlite:last.db', '--once').ended;
    const report = simulator.report();
    const { delivered, duplicates } = report.comparison;
    return {
      broken: judgeLedger(report, { duplicates: kills * mostEventsInFlight }),
      figures: { moves: stores.length - 1, kills, carriedOver, delivered, repeated: duplicates },
    };
  },
} satisfies Scenario;

async function migrated(createDatabase: () => Promise<string>): Promise<string> {
  const address = await createDatabase();
  const { exitCode, stderr } = await runCommand(['db', 'migrate', '--store', address]);
  if (exitCode !== 0) throw new Error(stderr);
  return address;
}

/** Returns how many records were carried over. */
async function moveState(from: string, to: string, workingDirectory: string): Promise<number> {
  const copy = ['state', 'copy', '--from', from, '--to', to];
  const { exitCode, stdout, stderr } = await runCommand(copy, { workingDirectory });
  const [, count] = /(\d[\d,]*) records carried over/.exec(stdout) ?? [];
  if (exitCode !== 0 || count === undefined) throw new Error(`state copy ended with ${exitCode}: ${stderr}`);
  return Number(count.replaceAll(',', ''));
}
