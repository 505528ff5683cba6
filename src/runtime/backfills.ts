import type { Clock } from '../sage/clock.ts';
import { windowName } from './poll/backfill-window.ts';
import type { BackfillWindow } from './poll/backfill-window.ts';
import { backfillKeyOf, nextStepMs, stepBackfill } from './poll/step-backfill.ts';
import { countTogether, noCounts } from './poll/poll-counts.ts';
import type { PollPorts } from './poll/run-poll.ts';
import type { PollPlan } from './poll-plan.ts';
import type { BackfillTurn, BackfillWork } from './ports/engine.ts';
import type { PollStore } from './ports/poll-store.ts';
import type { PollCounts } from './report.ts';

export interface BackfillProgress {
  /** Resources that are read to the end, or given up. */
  readonly done: number;
  readonly total: number;
}

/**
 * Reads times again, beside the polls and after them: one page at a time over all instances, and none of an instance
 * whose polls are at work.
 */
export interface Backfills extends BackfillWork {
  /** Of the time that was read last, or is to be read; undefined where there is none. */
  readonly progress: () => BackfillProgress | undefined;
  /** Resolves when the page under way is done with. */
  readonly settled: () => Promise<void>;
}

export interface BackfillParts extends PollPorts {
  /** What this process was asked to read again. */
  readonly window: BackfillWindow | undefined;
  readonly polls: () => readonly PollPlan[];
  readonly isBusy: (instanceId: string) => boolean;
  /** Runs the work when no poll of the instance is at work, and lets none begin meanwhile. */
  readonly inTurn: (instanceId: string, work: () => Promise<void>) => Promise<void>;
}

const busyWaitMs = 200;
/** To a database, each is a message there and back. */
const ensuredAtOnce = 50;

export function createBackfills(parts: BackfillParts): Backfills {
  const lanes = new Map<string, Lane>();
  const laneOf = (window: BackfillWindow): Lane => {
    const lane = lanes.get(windowName(window)) ?? openLane(window);
    lanes.set(windowName(window), lane);
    return lane;
  };
  let latest = parts.window === undefined ? undefined : laneOf(parts.window);
  let current: Promise<void> = Promise.resolve();
  return {
    window: parts.window,
    prepare: async (window) => {
      const lane = laneOf(window);
      const polls = parts.polls();
      for (let start = 0; start < polls.length; start += ensuredAtOnce) {
        await Promise.all(
          polls.slice(start, start + ensuredAtOnce).map((poll) => makeKnown(poll, lane, parts)),
        );
      }
    },
    read: async (window, signal, { leavesFailed = false, untilMs = Infinity, turn } = {}) => {
      const lane = laneOf(window);
      latest = lane;
      while (!signal.aborted && parts.clock.now() < untilMs) {
        const next = await findNext(lane, parts, leavesFailed);
        if (next.kind === 'nothing') return undefined;
        if (next.kind === 'wait') return next.untilMs;
        current = readInTurn(next.poll, { lane, parts, turn }, signal);
        await current;
      }
      return parts.clock.now();
    },
    progress: () =>
      latest === undefined ? undefined : { done: latest.finished.size, total: parts.polls().length },
    settled: () => current.catch(() => undefined),
  };
}

/** What this process knows of the reading of one time. All sets and maps are by the keys of backfills. */
interface Lane {
  readonly window: BackfillWindow;
  /** They are in the state. */
  readonly known: Set<string>;
  readonly finished: Set<string>;
  readonly failed: Set<string>;
  /** Their polls are at work elsewhere: when to look again. */
  readonly busyUntilMs: Map<string, number>;
  readonly counts: Map<string, PollCounts>;
}

function openLane(window: BackfillWindow): Lane {
  return {
    window,
    known: new Set(),
    finished: new Set(),
    failed: new Set(),
    busyUntilMs: new Map(),
    counts: new Map(),
  };
}

type Next =
  | { readonly kind: 'poll'; readonly poll: PollPlan }
  | { readonly kind: 'wait'; readonly untilMs: number }
  | { readonly kind: 'nothing' };

async function findNext(lane: Lane, parts: BackfillParts, leavesFailed: boolean): Promise<Next> {
  let untilMs = Infinity;
  for (const poll of parts.polls()) {
    const key = backfillKeyOf(poll, lane.window);
    if (lane.finished.has(key) || (leavesFailed && lane.failed.has(key))) continue;
    const dueMs = await dueOf(poll, lane, parts);
    if (dueMs === undefined) {
      lane.finished.add(key);
      continue;
    }
    if (dueMs <= parts.clock.now()) return { kind: 'poll', poll };
    untilMs = Math.min(untilMs, dueMs);
  }
  return untilMs === Infinity ? { kind: 'nothing' } : { kind: 'wait', untilMs };
}

/** Undefined when there is nothing left to read. */
async function dueOf(poll: PollPlan, lane: Lane, parts: BackfillParts): Promise<number | undefined> {
  const key = backfillKeyOf(poll, lane.window);
  const nowMs = parts.clock.now();
  const busyUntilMs = parts.isBusy(poll.instanceId) ? nowMs + busyWaitMs : lane.busyUntilMs.get(key);
  if (busyUntilMs !== undefined && busyUntilMs > nowMs) return busyUntilMs;
  await makeKnown(poll, lane, parts);
  return nextStepMs(await parts.store.polls.read(key));
}

async function makeKnown(poll: PollPlan, lane: Lane, { store, clock }: BackfillParts): Promise<void> {
  const key = backfillKeyOf(poll, lane.window);
  if (lane.known.has(key)) return;
  const { instanceId, resource } = poll;
  const baseline = { kind: 'since', fromMs: lane.window.fromMs } as const;
  await store.polls.ensure({ key, instanceId, resource }, { baseline, nowMs: clock.now() });
  lane.known.add(key);
}

async function readInTurn(
  poll: PollPlan,
  {
    lane,
    parts,
    turn,
  }: { readonly lane: Lane; readonly parts: BackfillParts; readonly turn: BackfillTurn | undefined },
  signal: AbortSignal,
): Promise<void> {
  const { store, inTurn, clock } = parts;
  const readPage = (polls: PollStore): Promise<void> =>
    step(poll, lane, { ...parts, store: { ...store, polls } }, signal);
  await inTurn(poll.instanceId, async () => {
    if (turn === undefined) return readPage(store.polls);
    if (await turn.whileIdle(poll.key, readPage)) return;
    lane.busyUntilMs.set(backfillKeyOf(poll, lane.window), clock.now() + busyWaitMs);
  });
}

async function step(poll: PollPlan, lane: Lane, parts: BackfillParts, signal: AbortSignal): Promise<void> {
  const key = backfillKeyOf(poll, lane.window);
  const about = { instance: poll.instanceId, resource: poll.resource };
  const result = await stepBackfill(poll, lane.window, parts, signal);
  if (result.kind === 'stopped') return;
  if (result.kind === 'failed') {
    const { reason, failures, retryAtMs, isPaused } = result;
    lane.failed.add(key);
    parts.report({ kind: 'backfill-failed', ...about, reason, failures, retryAtMs, isPaused });
    return;
  }
  const counts = countTogether(lane.counts.get(key) ?? noCounts, result.counts);
  lane.counts.set(key, counts);
  lane.failed.delete(key);
  if (result.kind === 'done') lane.finished.add(key);
  parts.report({ kind: result.kind === 'done' ? 'backfill-finished' : 'backfill-page', ...about, counts });
}

const longestWaitMs = 5000;

/** Reads again what this process was asked to, alone; until the signal aborts or, with `untilDone`, until only what failed is left. */
export async function readAgain(
  { window, read }: BackfillWork,
  { clock, untilDone }: { readonly clock: Clock; readonly untilDone: boolean },
  signal: AbortSignal,
): Promise<void> {
  if (window === undefined) return;
  while (!signal.aborted) {
    const nextMs = await read(window, signal, { leavesFailed: untilDone });
    if (nextMs === undefined && untilDone) return;
    await clock.sleep(Math.min((nextMs ?? Infinity) - clock.now(), longestWaitMs), signal);
  }
}
