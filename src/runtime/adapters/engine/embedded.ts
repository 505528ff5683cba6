import type { Clock } from '../../../sage/clock.ts';
import type { Engine, EngineWork } from '../../ports/engine.ts';
import { runTogether } from '../../run-together.ts';

/** Runs polls in this process: instances side by side, the polls of one after another. */
export function createEmbeddedEngine(clock: Clock): Engine {
  return {
    run: (work, signal) =>
      runTogether(
        instancesOf(work).map((keys) => (stop) => runInstance(keys, { work, clock }, stop)),
        signal,
      ),
    runOnce: (work, signal) =>
      runTogether(
        instancesOf(work).map((keys) => (stop) => runEach(keys, work, stop)),
        signal,
      ),
  };
}

function instancesOf({ polls }: EngineWork): readonly (readonly string[])[] {
  const keys = Map.groupBy(polls, ({ instanceId }) => instanceId);
  return [...keys.values()].map((group) => group.map(({ key }) => key));
}

/** Paused polls may be resumed from outside; it is enough to look now and then. */
const longestSleepMs = 60_000;

async function runInstance(
  keys: readonly string[],
  { work, clock }: { readonly work: EngineWork; readonly clock: Clock },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const nextMs = await runDue(keys, { work, clock }, signal);
    await clock.sleep(Math.min(nextMs - clock.now(), longestSleepMs), signal);
  }
}

/** Runs what is due, and tells when the next poll is. */
async function runDue(
  keys: readonly string[],
  { work, clock }: { readonly work: EngineWork; readonly clock: Clock },
  signal: AbortSignal,
): Promise<number> {
  let nextMs = Infinity;
  for (const key of keys) {
    const dueMs = await work.nextRunMs(key);
    const isDue = dueMs !== undefined && dueMs <= clock.now();
    if (isDue && !signal.aborted) await work.runPoll(key, signal);
    nextMs = Math.min(nextMs, (isDue ? await work.nextRunMs(key) : dueMs) ?? Infinity);
  }
  return nextMs;
}

async function runEach(keys: readonly string[], work: EngineWork, signal: AbortSignal): Promise<void> {
  for (const key of keys) {
    if (signal.aborted) return;
    if ((await work.nextRunMs(key)) !== undefined) await work.runPoll(key, signal);
  }
}
