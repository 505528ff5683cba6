import type { Clock } from '../../../sage/clock.ts';
import { readAgain } from '../../backfills.ts';
import type { Engine, EngineWork } from '../../ports/engine.ts';
import { runTogether } from '../../run-together.ts';

/** Runs polls in this process: instances side by side, the polls of one after another. */
export function createEmbeddedEngine(clock: Clock): Engine {
  let running: Lanes | undefined;
  async function runPolls(work: EngineWork, signal: AbortSignal): Promise<void> {
    running = openLanes(work, { clock, signal });
    try {
      await running.adjust();
      await running.ended;
    } finally {
      running = undefined;
    }
  }
  return {
    run: (work, signal) =>
      runTogether(
        [
          (stop) => runPolls(work, stop),
          (stop) => readAgain(work.backfill, { clock, untilDone: false }, stop),
          (stop) => work.deliver(stop, { untilIdle: false }),
        ],
        signal,
      ),
    runOnce: async (work, signal) => {
      const instances = [...instancesOf(work).values()];
      await runTogether(
        instances.map((keys) => (stop) => runEach(keys, work, stop)),
        signal,
      );
      await readAgain(work.backfill, { clock, untilDone: true }, signal);
      await work.deliver(signal, { untilIdle: true });
    },
    adjust: async () => running?.adjust(),
  };
}

/** The keys of each instance's polls. */
function instancesOf({ polls }: EngineWork): ReadonlyMap<string, readonly string[]> {
  const groups = Map.groupBy(polls(), ({ instanceId }) => instanceId);
  return new Map([...groups].map(([instanceId, group]) => [instanceId, group.map(({ key }) => key)]));
}

/** One instance's loop. */
interface Lane {
  readonly keys: readonly string[];
  readonly stop: AbortController;
  /** Never rejects. */
  readonly ended: Promise<void>;
}

interface Lanes {
  readonly adjust: () => Promise<void>;
  /** Resolves once the signal has aborted and every lane has ended; rejects when one has failed, once all have ended. */
  readonly ended: Promise<void>;
}

function openLanes(
  work: EngineWork,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Lanes {
  const lanes = new Map<string, Lane>();
  const failed = new AbortController();
  const stopped = AbortSignal.any([signal, failed.signal]);

  function start(instanceId: string, keys: readonly string[]): void {
    const stop = new AbortController();
    const loop = runInstance(keys, { work, clock }, AbortSignal.any([stopped, stop.signal]));
    const ended = loop.catch((cause: unknown) => failed.abort(cause));
    lanes.set(instanceId, { keys, stop, ended });
  }

  async function adjust(): Promise<void> {
    const wanted = instancesOf(work);
    const changed = [...lanes].filter(([id, lane]) => !haveSameItems(lane.keys, wanted.get(id)));
    for (const [id, lane] of changed) {
      lane.stop.abort();
      lanes.delete(id);
    }
    await Promise.all(changed.map(([, lane]) => lane.ended));
    if (stopped.aborted) return;
    for (const [id, keys] of wanted) if (!lanes.has(id)) start(id, keys);
  }

  async function end(): Promise<void> {
    await abortOf(stopped);
    await Promise.all([...lanes.values()].map((lane) => lane.ended));
    if (failed.signal.aborted) throw failed.signal.reason;
  }

  return { adjust, ended: end() };
}

function haveSameItems(left: readonly string[], right: readonly string[] | undefined): boolean {
  return left.length === right?.length && left.every((key, index) => key === right[index]);
}

function abortOf(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  else signal.addEventListener('abort', () => resolve(), { once: true });
  return promise;
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
