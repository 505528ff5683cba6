import type { Clock } from '../sage/clock.ts';
import { backfillKeyOf, nextStepMs, stepBackfill } from './poll/step-backfill.ts';
import type { BackfillWindow } from './poll/step-backfill.ts';
import { countTogether, noCounts } from './poll/poll-counts.ts';
import type { PollPorts } from './poll/run-poll.ts';
import type { PollPlan } from './poll-plan.ts';
import type { PollCounts } from './report.ts';

export interface BackfillProgress {
  /** Resources that are read to the end, or given up. */
  readonly done: number;
  readonly total: number;
}

/**
 * Reads a time again, beside the polls and after them: one page at a time over all instances, and none of an instance
 * whose polls are at work.
 */
export interface BackfillLane {
  /** Until the signal aborts; with `untilDone`, until nothing is left that has not failed. */
  readonly run: (signal: AbortSignal, options: { readonly untilDone: boolean }) => Promise<void>;
  readonly progress: () => BackfillProgress;
  /** Resolves when the page under way is done with. */
  readonly settled: () => Promise<void>;
}

export interface BackfillParts extends PollPorts {
  readonly window: BackfillWindow;
  readonly polls: () => readonly PollPlan[];
  readonly isBusy: (instanceId: string) => boolean;
  /** Runs the work when no poll of the instance is at work, and lets none begin meanwhile. */
  readonly inTurn: (instanceId: string, work: () => Promise<void>) => Promise<void>;
}

const busyWaitMs = 200;
const longestWaitMs = 5000;

export function createBackfillLane(parts: BackfillParts): BackfillLane {
  const state: LaneState = { known: new Set(), finished: new Set(), failed: new Set(), counts: new Map() };
  let current: Promise<void> = Promise.resolve();
  return {
    run: async (signal, { untilDone }) => {
      while (!signal.aborted) {
        const next = await findNext(state, parts, { leavesFailed: untilDone });
        if (next.kind === 'nothing' && untilDone) return;
        if (next.kind !== 'poll') {
          await parts.clock.sleep(next.kind === 'wait' ? next.waitMs : longestWaitMs, signal);
          continue;
        }
        current = parts.inTurn(next.poll.instanceId, () => step(next.poll, state, parts, signal));
        await current;
      }
    },
    progress: () => ({ done: state.finished.size, total: parts.polls().length }),
    settled: () => current.catch(() => undefined),
  };
}

interface LaneState {
  /** Keys of backfills that are in the state. */
  readonly known: Set<string>;
  readonly finished: Set<string>;
  readonly failed: Set<string>;
  readonly counts: Map<string, PollCounts>;
}

type Next =
  | { readonly kind: 'poll'; readonly poll: PollPlan }
  | { readonly kind: 'wait'; readonly waitMs: number }
  | { readonly kind: 'nothing' };

async function findNext(
  state: LaneState,
  parts: BackfillParts & { readonly clock: Clock },
  { leavesFailed }: { readonly leavesFailed: boolean },
): Promise<Next> {
  let waitMs: number | undefined;
  for (const poll of parts.polls()) {
    const key = backfillKeyOf(poll, parts.window);
    if (state.finished.has(key) || (leavesFailed && state.failed.has(key))) continue;
    const dueMs = await dueOf(key, poll, state, parts);
    if (dueMs === undefined) {
      state.finished.add(key);
      continue;
    }
    const inMs = parts.isBusy(poll.instanceId) ? busyWaitMs : dueMs - parts.clock.now();
    if (inMs <= 0) return { kind: 'poll', poll };
    waitMs = Math.min(waitMs ?? longestWaitMs, inMs);
  }
  return waitMs === undefined ? { kind: 'nothing' } : { kind: 'wait', waitMs };
}

async function dueOf(
  key: string,
  { instanceId, resource }: PollPlan,
  { known }: LaneState,
  { store, window, clock }: BackfillParts,
): Promise<number | undefined> {
  if (!known.has(key)) {
    const baseline = { kind: 'since', fromMs: window.fromMs } as const;
    await store.polls.ensure({ key, instanceId, resource }, { baseline, nowMs: clock.now() });
    known.add(key);
  }
  return nextStepMs(await store.polls.read(key));
}

async function step(
  poll: PollPlan,
  state: LaneState,
  parts: BackfillParts,
  signal: AbortSignal,
): Promise<void> {
  const key = backfillKeyOf(poll, parts.window);
  const about = { instance: poll.instanceId, resource: poll.resource };
  const result = await stepBackfill(poll, parts.window, parts, signal);
  if (result.kind === 'stopped') return;
  if (result.kind === 'failed') {
    const { reason, failures, retryAtMs, isPaused } = result;
    state.failed.add(key);
    parts.report({ kind: 'backfill-failed', ...about, reason, failures, retryAtMs, isPaused });
    return;
  }
  const counts = countTogether(state.counts.get(key) ?? noCounts, result.counts);
  state.counts.set(key, counts);
  state.failed.delete(key);
  if (result.kind === 'done') state.finished.add(key);
  parts.report({ kind: result.kind === 'done' ? 'backfill-finished' : 'backfill-page', ...about, counts });
}
