import type { PollPlan } from '../poll-plan.ts';
import type { ScanKind } from '../ports/source.ts';
import type { PageCommit, PollState } from '../ports/poll-store.ts';
import type { PollCounts } from '../report.ts';
import { windowName } from './backfill-window.ts';
import type { BackfillWindow } from './backfill-window.ts';
import { noCounts } from './poll-counts.ts';
import type { PollPorts } from './run-poll.ts';
import { runScan } from './scan.ts';
import type { ScanPlan } from './scan.ts';
import { usable } from './usable-checkpoint.ts';
import { writeFailure } from './write-failure.ts';
import type { WrittenFailure } from './write-failure.ts';

export type BackfillStep =
  | { readonly kind: 'page'; readonly counts: PollCounts }
  | { readonly kind: 'done'; readonly counts: PollCounts }
  | ({ readonly kind: 'failed'; readonly reason: string } & WrittenFailure)
  /** The signal aborted before a page was read. */
  | { readonly kind: 'stopped' };

/** Names the progress of a backfill of this window in the state: the same window is not read twice. */
export function backfillKeyOf({ key }: Pick<PollPlan, 'key'>, window: BackfillWindow): string {
  return `${key}@${windowName(window)}`;
}

/** When a backfill that is done is due again: the last instant that there is. */
export const neverMs = 8.64e15;
/** Before a list that kept changing under the scan is read again. */
const unstableWaitMs = 60_000;

/** Undefined when it is done; otherwise when it may go on. */
export function nextStepMs({ dueMs, notBeforeMs, isPaused }: PollState): number | undefined {
  return dueMs === neverMs || isPaused ? undefined : Math.max(dueMs, notBeforeMs);
}

/**
 * Reads one more page of a resource for its backfill: of the changes first, then of the deletions. The poll's own
 * watermark, checkpoint and due time stay as they are; ledger and events are the poll's, so ids are the same.
 */
export async function stepBackfill(
  poll: PollPlan,
  window: BackfillWindow,
  ports: PollPorts,
  signal: AbortSignal,
): Promise<BackfillStep> {
  const progressKey = backfillKeyOf(poll, window);
  const state = await ports.store.polls.read(progressKey);
  const sight = ports.source.deletionSight(poll);
  const kind: ScanKind = state.scans.changes.watermarkMs === undefined ? 'changes' : 'deletions';
  const isLast = kind === 'deletions' || sight.kind !== 'scan';
  const plan: ScanPlan = {
    poll,
    kind,
    sight,
    pageSize: state.pageSize ?? poll.pageSize,
    sinceMs: window.fromMs,
    baselineMs: window.fromMs,
    learns: 'nothing',
    checkpoint: usable(state.scans[kind].checkpoint, {
      poll,
      scanOf: 'backfill',
      nowMs: ports.clock.now(),
    }),
    backfill: { progressKey, untilMs: window.untilMs ?? Infinity },
    mostPages: 1,
    // A page that was read ends the failures before it: hours of pages may well have a hundred.
    afterPage: () => pageEnd(state, ports.clock.now()),
    finish: ({ movesWatermark }) => finishOf({ movesWatermark, isLast, state, window }, ports.clock.now()),
  };
  const result = await runScan(plan, noCounts, ports, signal);
  if (result.kind === 'failed') {
    const { failure, keepsCheckpoint } = result;
    const written = await writeFailure({ failure, keepsCheckpoint, state, poll }, ports);
    return { kind: 'failed', reason: failure.message, ...written };
  }
  if (result.counts.pages === 0) return { kind: 'stopped' };
  const isDone = result.kind === 'finished' && result.movesWatermark && isLast;
  return { kind: isDone ? 'done' : 'page', counts: result.counts };
}

/** The watermark says that the scan is done with; without it, the next step starts it again. */
function finishOf(
  {
    movesWatermark,
    isLast,
    state,
    window,
  }: {
    readonly movesWatermark: boolean;
    readonly isLast: boolean;
    readonly state: PollState;
    readonly window: BackfillWindow;
  },
  nowMs: number,
): ReturnType<ScanPlan['finish']> {
  const { pageSize } = state;
  const finishedMs = nowMs;
  if (!movesWatermark) return { pollFinish: { dueMs: nowMs + unstableWaitMs, pageSize, finishedMs } };
  return {
    watermarkMs: window.fromMs,
    pollFinish: { dueMs: isLast ? neverMs : nowMs, pageSize, finishedMs },
  };
}

function pageEnd({ pageSize }: PollState, nowMs: number): Pick<PageCommit, 'pollFinish'> {
  return { pollFinish: { dueMs: nowMs, pageSize, finishedMs: nowMs } };
}
