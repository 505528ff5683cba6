import type { PollPlan } from '../poll-plan.ts';
import type { SourceFailure } from '../ports/source.ts';
import type { PollState } from '../ports/poll-store.ts';
import { backoffMs } from './backoff.ts';
import type { ScanPorts } from './scan.ts';

/** After so many failures in a row a poll is paused. */
const mostFailures = 100;
const smallestPage = 10;

export interface WrittenFailure {
  /** In a row. */
  readonly failures: number;
  readonly retryAtMs: number;
  readonly isPaused: boolean;
}

/** Counts a failure where `state` is kept, and settles when to try again, and with how large a page. */
export async function writeFailure(
  {
    failure,
    keepsCheckpoint,
    state,
    poll,
  }: {
    readonly failure: SourceFailure;
    readonly keepsCheckpoint: boolean;
    readonly state: PollState;
    readonly poll: PollPlan;
  },
  { clock, store, random }: Pick<ScanPorts, 'clock' | 'store'> & { readonly random: () => number },
): Promise<WrittenFailure> {
  const failures = state.failures + 1;
  const retryAtMs = clock.now() + waitMs(failure, { failures, poll, random });
  const isPaused = failures >= mostFailures;
  const pageSize = state.pageSize ?? poll.pageSize;
  await store.polls.recordFailure(state.key, {
    reason: failure.message,
    notBeforeMs: retryAtMs,
    isPaused,
    dropCheckpoints: !keepsCheckpoint,
    pageSize:
      failure.kind === 'overloaded' ? Math.max(smallestPage, Math.floor(pageSize / 2)) : state.pageSize,
  });
  return { failures, retryAtMs, isPaused };
}

function waitMs(
  { kind, retryAfterMs }: SourceFailure,
  {
    failures,
    poll,
    random,
  }: { readonly failures: number; readonly poll: PollPlan; readonly random: () => number },
): number {
  const wait = backoffMs(failures, { retryAfterMs, random });
  // Only a person can help, so there is no hurry.
  return kind === 'reauthorise' ? Math.max(wait, poll.intervalMs) : wait;
}
