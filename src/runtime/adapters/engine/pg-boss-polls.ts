import type { Clock } from '../../../sage/clock.ts';
import type { Crash } from '../../crash-points.ts';
import type { EnginePoll, EngineWork } from '../../ports/engine.ts';
import type { PollStore } from '../../ports/poll-store.ts';
import type { Connection, Database } from '../store/postgres-database.ts';
import { createPollStore } from '../store/postgres-polls.ts';
import { shortName } from './jobs.ts';
import type { Jobs, NextJob, Turn } from './jobs.ts';
import { laneJob, lockLane } from './pg-boss-lanes.ts';
import { postpone } from './postpone.ts';

interface PollParts {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly crash: Crash;
  /** A lane may have something to deliver. */
  readonly announce: () => void;
}

/** Paused polls may be resumed from outside: it is enough to look now and then. */
const lookAgainMs = 60_000;

export function createPollHandler(
  work: EngineWork,
  parts: PollParts,
): (turn: Turn, signal: AbortSignal) => Promise<void> {
  const { database, jobs, clock } = parts;
  return async (turn, signal) => {
    const poll = work.poll(turn.key);
    const endAt = (startMs: number): Promise<void> =>
      database.inTransaction((transaction) =>
        jobs.end(turn, { key: turn.key, group: turn.group, startMs }, transaction),
      );
    if (poll === undefined) return postpone(turn, parts);
    const nowMs = clock.now();
    const nextMs = await work.nextRunMs(poll.key);
    if (nextMs === undefined) return endAt(nowMs + lookAgainMs);
    // The job says when it starts; clocks differ a little, and to poll early does no harm.
    if (nextMs - nowMs > lookAgainMs) return endAt(nextMs);
    const state = writeAs(turn, poll, parts);
    await work.runPoll(poll.key, signal, state.polls);
    // Stopped in the middle: whoever comes next goes on from the checkpoint.
    if (!state.isEnded()) await endAt(clock.now());
  };
}

/** The state as this turn may write it. */
function writeAs(
  turn: Turn,
  poll: EnginePoll,
  { database, jobs, crash, announce }: PollParts,
): { readonly polls: PollStore; readonly isEnded: () => boolean } {
  let isEnded = false;
  const next = (startMs: number): NextJob => ({ key: poll.key, group: shortName(poll.app), startMs });
  const polls = createPollStore(database, {
    crash,
    turn: {
      keep: (transaction) => jobs.keep(turn, transaction),
      end: (transaction, nextMs) => jobs.end(turn, next(nextMs), transaction),
      announceEvents: (transaction) => addLane(transaction, poll, jobs),
    },
  });
  return {
    polls: {
      ...polls,
      commitPage: async (commit) => {
        await polls.commitPage(commit);
        isEnded ||= commit.pollFinish !== undefined;
        if (commit.events.length > 0) announce();
      },
      recordFailure: async (key, failure) => {
        await polls.recordFailure(key, failure);
        isEnded = true;
      },
    },
    isEnded: () => isEnded,
  };
}

/** The lock is shared by those that add events, and not with the lane that is about to end for want of them. */
export async function addLane(
  transaction: Connection,
  { instanceId, app }: EnginePoll,
  jobs: Jobs,
): Promise<void> {
  await lockLane(transaction, instanceId, 'shared');
  await jobs.add('lane', laneJob({ instanceId, app }, Date.now()), transaction);
}

/** Of the app's budget. With all of it, any request more, such as a second page, would leave a queue that never ends. */
const shareOfFirstPolls = 0.8;

/**
 * Jobs for polls that have none. Their first runs are spread evenly over the time that the app's budget needs for all of
 * them, or over an interval where that is shorter; later runs have their own phase. The order is the same in every
 * process.
 */
export function firstPollJobs(
  work: EngineWork,
  { clock, appPerSecond }: { readonly clock: Clock; readonly appPerSecond: number },
): readonly NextJob[] {
  const nowMs = clock.now();
  return [...Map.groupBy(work.polls(), ({ app }) => app).values()].flatMap((polls) => {
    const ranked = polls
      .map((poll) => ({ poll, rank: shortName(poll.key) }))
      .sort((left, right) => (left.rank < right.rank ? -1 : 1));
    const requests = polls.reduce((sum, poll) => sum + poll.requests, 0);
    const wholeMs = (requests / (appPerSecond * shareOfFirstPolls)) * 1000;
    let before = 0;
    return ranked.map(({ poll }) => {
      const startMs = nowMs + Math.floor((before / requests) * Math.min(wholeMs, poll.intervalMs));
      before += poll.requests;
      return { key: poll.key, group: shortName(poll.app), startMs };
    });
  });
}
