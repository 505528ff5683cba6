import { setTimeout as wait } from 'node:timers/promises';
import { judgeLedger } from '../judge-ledger.ts';
import { exceeding } from '../scenario.ts';
import type { Scenario, ScenarioRun } from '../scenario.ts';
import { openWorkersScene } from '../workers-scene.ts';

const requestsASecond = 15;
const requestsAtOnce = 150;
/** So many show that more were wanted. */
const crowd = 100;
const longestMs = 120_000;

/** Three processes that want more than one app may, by Sage's own count: of a second, and of what is under way. */
export default {
  name: 'shared-budget',
  summary: 'three processes on Postgres that want more requests than their app may make',
  runs: 3,
  shortRuns: 0,
  run: async (seed) => {
    const bySecond = await askTooMuchASecond(seed);
    const atOnce = await askTooMuchAtOnce(seed);
    return {
      broken: [...bySecond.broken, ...atOnce.broken],
      figures: { ...bySecond.figures, ...atOnce.figures },
    };
  },
} satisfies Scenario;

async function askTooMuchASecond(seed: number): Promise<ScenarioRun> {
  const limit = ['--budget-app-per-second', String(requestsASecond), '--budget-business-per-minute', '6000'];
  await using scene = await openWorkersScene(seed, {
    tenants: 30,
    changesPerSecond: 20,
    intervalSeconds: 1,
    flags: limit,
  });
  await wait(30_000);
  await scene.settle();
  const report = scene.simulator.report();
  const { maxPerSecondPerApp, byStatus } = report.traffic;
  return {
    broken: [
      ...judgeLedger(report),
      ...exceeding({
        maxPerSecondPerApp: [maxPerSecondPerApp, requestsASecond],
        refused: [byStatus['429'] ?? 0, 0],
      }),
      ...(maxPerSecondPerApp < 12 ? [`only ${maxPerSecondPerApp} a second: nothing was tried`] : []),
    ],
    figures: { maxPerSecondPerApp },
  };
}

async function askTooMuchAtOnce(seed: number): Promise<ScenarioRun> {
  const limit = ['--budget-app-in-flight', String(requestsAtOnce), '--concurrency', '60'];
  await using scene = await openWorkersScene(seed, {
    tenants: 64,
    changesPerSecond: 20,
    intervalSeconds: 1,
    flags: [...limit, '--budget-business-per-minute', '6000'],
    maxInFlight: requestsAtOnce,
  });
  scene.simulator.faults.add({ kind: 'slow', delayMs: 5000, count: 'always' });
  const untilMs = performance.now() + longestMs;
  const isCrowded = (): boolean => scene.simulator.traffic.report().maxInFlightPerApp >= crowd;
  while (!isCrowded() && performance.now() < untilMs) await wait(1000);
  await wait(20_000);
  scene.simulator.faults.clear();
  await scene.settle();
  const report = scene.simulator.report();
  const { maxInFlightPerApp, byStatus } = report.traffic;
  return {
    broken: [
      ...judgeLedger(report),
      ...exceeding({
        maxInFlightPerApp: [maxInFlightPerApp, requestsAtOnce],
        refused: [byStatus['429'] ?? 0, 0],
      }),
      ...(maxInFlightPerApp < crowd ? [`only ${maxInFlightPerApp} were in flight: nothing was tried`] : []),
    ],
    figures: { maxInFlightPerApp },
  };
}
