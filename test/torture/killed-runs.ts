import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { startRun, tenantFolder } from '../runtime/run-process.ts';
import type { RunningProcess } from '../runtime/run-process.ts';
import { judgeLedger } from './judge-ledger.ts';
import type { Scenario } from './scenario.ts';
import { findTornPages } from './torn-pages.ts';

/** What one process may have sent, and not yet written down, when it dies: two instances, eight notifications each, of ten events. */
const mostEventsInFlight = 160;
const changesPerSecond = 50;

/** Two tenants whose `sagecfg run` is killed again and again. */
interface KilledRuns {
  readonly simulator: Simulator;
  readonly folder: string;
  /** Starts the command, and kills it after so long; tells when it was ready, if it got so far. */
  readonly killAfter: (delayMs: number) => Promise<void>;
  /** Starts the command so that it dies at that point; false when it did not within a generous time. */
  readonly killAt: (crashAt: string) => Promise<boolean>;
}

/** Runs `torment` on two tenants with a stream of changes, and judges what is there in the end. */
export async function surviveKills(
  seed: number,
  torment: (runs: KilledRuns) => Promise<readonly string[]>,
): Promise<Awaited<ReturnType<Scenario['run']>>> {
  await using simulator = await startSimulator({ seed, tenants: [{ name: 'north' }, { name: 'south' }] });
  await using folder = await tenantFolder(simulator);
  const readyMs: number[] = [];
  const torn: string[] = [];
  let kills = 0;
  const first = startRun(simulator, folder.path, { flags: ['--once'] });
  const { code, stderr } = await first.ended;
  if (code !== 0) throw new Error(`the first run ended with ${code}: ${stderr}`);
  simulator.changes.start({ changesPerSecond, total: Infinity });

  async function bury(run: RunningProcess): Promise<void> {
    await run.ended;
    kills += 1;
    torn.push(...findTornPages(folder.path));
  }

  const broken = await torment({
    simulator,
    folder: folder.path,
    killAfter: async (delayMs) => {
      const startedMs = performance.now();
      const run = startRun(simulator, folder.path);
      run.line(/poll-finished/).then(
        () => readyMs.push(Math.round(performance.now() - startedMs)),
        () => undefined,
      );
      await Promise.race([wait(delayMs), once(run.child, 'exit')]);
      if (run.child.exitCode !== null) throw new Error(`it ended by itself: ${(await run.ended).stderr}`);
      run.child.kill('SIGKILL');
      await bury(run);
    },
    killAt: async (crashAt) => {
      const run = startRun(simulator, folder.path, { environment: { SAGECFG_CRASH_AT: crashAt } });
      const died = await Promise.race([once(run.child, 'exit'), wait(patienceMs, false, { ref: false })]);
      if (died === false) run.child.kill('SIGKILL');
      await bury(run);
      return died !== false;
    },
  });

  await simulator.quiesce();
  for (let round = 0; round < 2; round += 1)
    await startRun(simulator, folder.path, { flags: ['--once'] }).ended;
  const report = simulator.report();
  const { delivered, duplicates } = report.comparison;
  return {
    broken: [...broken, ...torn, ...judgeLedger(report, { duplicates: kills * mostEventsInFlight })],
    figures: { kills, delivered, repeated: duplicates, readyMs: Math.max(0, ...readyMs) },
  };
}

/** For a process to start, and to reach a point, on a slow machine. */
const patienceMs = 20_000;
