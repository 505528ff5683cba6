import { setTimeout as wait } from 'node:timers/promises';
import { createRandom } from '../../../src/simulator/random.ts';
import { startSimulator } from '../../../src/simulator/start-simulator.ts';
import { startPostgres } from '../../postgres-server.ts';
import { startRun, tenantFolder } from '../../runtime/run-process.ts';
import type { RunningProcess } from '../../runtime/run-process.ts';
import { judgeLedger } from '../judge-ledger.ts';
import type { Scenario } from '../scenario.ts';

const environment = { SAGECFG_KEY: Buffer.alloc(32, 7).toString('base64') };
const tenants = Array.from({ length: 6 }, (_each, index) => ({ name: `tenant-${index}` }));

/** A backup of the database takes the place of the database, which has gone on since: all of that is done again. */
export default {
  name: 'restored',
  summary: 'a Postgres that is replaced by its own backup',
  runs: 10,
  shortRuns: 0,
  run: async (seed) => {
    const random = createRandom(seed, 'restored');
    await using server = await startPostgres();
    const database = await server.createMigrated();
    await using simulator = await startSimulator({ seed, tenants });
    await using folder = await tenantFolder(simulator);
    const start = (store: string, ...flags: readonly string[]): RunningProcess =>
      startRun(simulator, folder.path, { store, environment, flags, names: ['.'] });
    const once = await start(database, '--once').ended;
    if (once.code !== 0) throw new Error(`the first run ended with ${once.code}: ${once.stderr}`);
    simulator.changes.start({ changesPerSecond: 60, total: Infinity });
    const deliverFor = async (run: RunningProcess, signal: NodeJS.Signals): Promise<void> => {
      await run.line(/notification-delivered/);
      await wait(random.integer(3000));
      run.child.kill(signal);
      await run.ended;
    };
    await deliverFor(start(database), random.integer(2) === 0 ? 'SIGKILL' : 'SIGTERM');
    const backup = await server.copyDatabase(database);
    const atBackup = simulator.ledger.length;
    await deliverFor(start(database), 'SIGTERM');
    const deliveredSince = simulator.ledger.length - atBackup;
    await deliverFor(start(backup), 'SIGTERM');
    await simulator.quiesce();
    for (let round = 0; round < 2; round += 1) await start(backup, '--once').ended;
    const report = simulator.report();
    const { delivered, duplicates, createdAgain } = report.comparison;
    return {
      // The backup does not know the objects that came after it: whatever of them is read looks new.
      broken: judgeLedger(report, { duplicates: Infinity, createdAgain: Infinity }),
      figures: { notificationsSinceBackup: deliveredSince, delivered, repeated: duplicates, createdAgain },
    };
  },
} satisfies Scenario;
