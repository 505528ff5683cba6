import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import { createRandom } from '../random.ts';
import type { TruthEntry } from './truth-entry.ts';
import type { World } from './world.ts';

interface ChangePlan {
  readonly changesPerSecond: number;
  /** Stops by itself after so many changes; Infinity goes on. */
  readonly total: number;
}

export interface ChangeStreamOptions {
  readonly clock: Clock;
  readonly seed: number;
  readonly world: World;
  readonly tenants: readonly string[];
  /** What changes: names such as `customers`. */
  readonly resources: readonly string[];
  /** Chance that a change starts a burst, and how many changes a burst puts into the same instant. */
  readonly burst: { readonly probability: number; readonly size: number };
  /** Chance that a change becomes visible late, and how late at most. */
  readonly late: { readonly probability: number; readonly maxMs: number };
  /** How long an object is left alone after a change, so that each change can be seen before the next. */
  readonly restMs: number;
}

export interface ChangeStream {
  /** Makes so many random changes now, without waiting. */
  make(count: number): readonly TruthEntry[];
  /** Makes changes at that rate until `total` is reached or `stop` is called. Replaces a running plan. */
  start(plan: ChangePlan): void;
  stop(): Promise<void>;
  /** Resolves when the running plan has made its total, at once if none runs. */
  finished(): Promise<void>;
}

/** Random changes, the same for the same seed at the same times. */
export function createChangeStream(options: ChangeStreamOptions): ChangeStream {
  const random = createRandom(options.seed, 'changes');
  const makeOne = (): TruthEntry => makeRandomChange(options, random);
  let running: { readonly abort: AbortController; readonly done: Promise<void> } | undefined;
  const stop = async (): Promise<void> => {
    running?.abort.abort();
    await running?.done;
  };
  return {
    make: (count) => Array.from({ length: count }, makeOne),
    start: (plan) => {
      running?.abort.abort();
      const abort = new AbortController();
      running = { abort, done: followPlan(plan, options, random, makeOne, abort.signal) };
    },
    stop,
    finished: async () => await running?.done,
  };
}

async function followPlan(
  { changesPerSecond, total }: ChangePlan,
  { clock, burst }: ChangeStreamOptions,
  random: Random,
  makeOne: () => TruthEntry,
  signal: AbortSignal,
): Promise<void> {
  const startedMs = clock.nowMs();
  const pauseMs = Math.max(5, 1000 / changesPerSecond);
  let made = 0;
  while (made < total && !signal.aborted) {
    const due = Math.min(total, Math.floor(((clock.nowMs() - startedMs) / 1000) * changesPerSecond) + 1);
    while (made < due) {
      const size = random.chance(burst.probability) ? Math.min(burst.size, total - made) : 1;
      for (let index = 0; index < size; index += 1) makeOne();
      made += size;
    }
    if (made < total) await clock.wait(pauseMs, signal);
  }
}

function makeRandomChange(options: ChangeStreamOptions, random: Random): TruthEntry {
  const { world, late } = options;
  const tenant = random.pick(options.tenants);
  const name = random.pick(options.resources);
  const action = random.next();
  const timing = random.chance(late.probability) ? { lateMs: random.integer(late.maxMs + 1) } : {};
  const target = action < 0.3 ? undefined : pickSettled(options, random, tenant, name);
  if (target === undefined) return world.create(tenant, name, timing);
  const { canEdit, removal } = world.resourceOf(name);
  const removes = removal !== 'never' && (action >= 0.9 || !canEdit);
  if (removes) return world.remove(tenant, target.id, timing);
  return canEdit ? world.edit(tenant, target.id, timing) : world.create(tenant, name, timing);
}

/**
 * Leaves alone what changed in this second or is still hidden: a second change with the same `updated_at` that does
 * not show in the polled attributes could be noticed by no poller, and would look like its mistake.
 */
function pickSettled(
  { world, clock, restMs }: ChangeStreamOptions,
  random: Random,
  tenant: string,
  name: string,
): TruthEntry | undefined {
  const nowMs = clock.nowMs();
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const candidate = world.pickLive(tenant, name, random);
    if (candidate === undefined) return undefined;
    const isEarlierSecond = Math.floor(candidate.changedAtMs / 1000) < Math.floor(nowMs / 1000);
    const isRested = nowMs - candidate.changedAtMs >= restMs;
    if (isEarlierSecond && isRested && candidate.visibleAtMs <= nowMs) return candidate;
  }
  return undefined;
}
