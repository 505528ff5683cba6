import type { PollPlan } from '../poll-plan.ts';
import type { Checkpoint } from '../ports/poll-store.ts';
import { hashRecord } from './event-id.ts';

/**
 * A poll that was interrupted longer ago than this is started again: its pages have moved too much to go on. A backfill
 * costs too much for that; what moves meanwhile is noticed, and starts it again as well.
 */
const oldestMs = { poll: 10 * 60_000, backfill: 24 * 3_600_000 } as const;

/** The checkpoint, if a scan can still go on from it. */
export function usable(
  checkpoint: Checkpoint | undefined,
  {
    poll,
    scanOf,
    nowMs,
  }: { readonly poll: PollPlan; readonly scanOf: keyof typeof oldestMs; readonly nowMs: number },
): Checkpoint | undefined {
  const isUsable =
    checkpoint !== undefined &&
    checkpoint.planMark === planMarkOf(poll) &&
    nowMs - checkpoint.savedMs <= oldestMs[scanOf];
  return isUsable ? checkpoint : undefined;
}

/** Tells whether a scan that was interrupted asked for the same as one now would, and would understand it the same way. */
export function planMarkOf({ url, idField, updated, created }: PollPlan): string {
  return hashRecord({ url, idField, updated, created });
}
