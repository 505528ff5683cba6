import type { Clock } from '../../../sage/clock.ts';
import type { Crash } from '../../crash-points.ts';
import { parseWindowName, windowName } from '../../poll/backfill-window.ts';
import type { BackfillWindow } from '../../poll/backfill-window.ts';
import { neverMs } from '../../poll/step-backfill.ts';
import type { BackfillTurn, EngineWork } from '../../ports/engine.ts';
import type { PollStore } from '../../ports/poll-store.ts';
import type { Connection, Database } from '../store/postgres-database.ts';
import { createPollStore } from '../store/postgres-polls.ts';
import type { Jobs, NextJob, Turn } from './jobs.ts';
import { addLane } from './pg-boss-polls.ts';
import { aliveEveryMs } from './pg-boss-queue.ts';
import { postpone } from './postpone.ts';

interface BackfillParts {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly crash: Crash;
  /** A lane may have something to deliver. */
  readonly announce: () => void;
  /** A poll that is due goes first. Not where nobody may be there to run it. */
  readonly leavesDue: boolean;
}

/** After so long another process may go on. */
const longestTurnMs = 20_000;
/** What may be read so soon is waited for. */
const shortWaitMs = 2000;
/** Where one poll is at work, the next may be too. */
const afterBusyMs = 50;

export function backfillJob(window: BackfillWindow, startMs: number): NextJob {
  return { key: windowName(window), group: 'backfill', startMs };
}

/** Whether anything of this time is left to read, whoever polls it. */
export async function isLeftToRead(database: Connection, window: BackfillWindow): Promise<boolean> {
  const { rows } = await database.query(
    `SELECT EXISTS (
      SELECT 1 FROM polls WHERE right(key, length($1)) = $1 AND due_ms < $2 AND is_paused = 0) AS is_left`,
    [`@${windowName(window)}`, neverMs],
  );
  return rows[0]?.['is_left'] === true;
}

/** Reads a time again, in one process at a time. Whoever comes next goes on from the last page that was written. */
export function createBackfillHandler(
  work: EngineWork,
  parts: BackfillParts,
): (turn: Turn, signal: AbortSignal) => Promise<void> {
  const { database, jobs } = parts;
  return async (turn, signal) => {
    const window = parseWindowName(turn.key);
    const nextMs = await readForAWhile(window, { turn, work, parts }, signal);
    const isOthers = nextMs === undefined && (await isLeftToRead(database, window));
    if (isOthers) return postpone(turn, parts);
    const next = nextMs === undefined ? undefined : backfillJob(window, nextMs);
    await database.inTransaction((transaction) => jobs.end(turn, next, transaction));
  };
}

interface TurnParts {
  readonly turn: Turn;
  readonly work: EngineWork;
  readonly parts: BackfillParts;
}

/** When to go on, epoch milliseconds; undefined when nothing is left that this process polls. */
async function readForAWhile(
  window: BackfillWindow,
  { turn, work, parts }: TurnParts,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { clock } = parts;
  const endMs = clock.now() + longestTurnMs;
  for (;;) {
    const nextMs = await work.backfill.read(window, signal, {
      untilMs: endMs,
      turn: { whileIdle: whileIdle({ turn, work, parts }) },
    });
    if (nextMs === undefined || signal.aborted || clock.now() >= endMs) return nextMs;
    if (nextMs - clock.now() > shortWaitMs) return nextMs;
    await clock.sleep(nextMs - clock.now(), signal);
  }
}

/**
 * The poll's own job is what keeps others from polling: it is taken while it waits for its time, and given back. If this
 * process dies with it, it is free again like any other.
 */
function whileIdle({ turn, work, parts }: TurnParts): BackfillTurn['whileIdle'] {
  const { database, jobs, clock } = parts;
  return async (pollKey, readPage) => {
    const taken = await jobs.takeWaiting('poll', pollKey, { evenIfDue: !parts.leavesDue });
    if (taken === undefined) {
      await clock.sleep(afterBusyMs);
      return false;
    }
    const { key, group } = taken.turn;
    const giveBack = (): Promise<void> =>
      database.inTransaction((transaction) =>
        jobs.end(taken.turn, { key, group, startMs: taken.dueMs }, transaction),
      );
    const polls = writeAs([turn, taken.turn], { pollKey, work, parts });
    try {
      await whileAlive(taken.turn, parts, () => readPage(polls));
    } catch (error) {
      // Where this fails too, the missing heartbeat frees it.
      await giveBack().catch(() => undefined);
      throw error;
    }
    await giveBack();
    return true;
  };
}

/** The state as whoever has these turns may write it. */
function writeAs(
  turns: readonly Turn[],
  {
    pollKey,
    work,
    parts,
  }: { readonly pollKey: string; readonly work: EngineWork; readonly parts: BackfillParts },
): PollStore {
  const { database, jobs, crash, announce } = parts;
  const keep = async (transaction: Connection): Promise<void> => {
    for (const turn of turns) await jobs.keep(turn, transaction);
  };
  const polls = createPollStore(database, {
    crash,
    turn: {
      keep,
      end: keep,
      announceEvents: async (transaction) => {
        const poll = work.poll(pollKey);
        if (poll !== undefined) await addLane(transaction, poll, jobs);
      },
    },
  });
  return {
    ...polls,
    commitPage: async (commit) => {
      await polls.commitPage(commit);
      if (commit.events.length > 0) announce();
    },
  };
}

/** A page may wait long for its turn in the budget. */
async function whileAlive(
  turn: Turn,
  { jobs, clock }: BackfillParts,
  read: () => Promise<void>,
): Promise<void> {
  const done = new AbortController();
  const beating = (async () => {
    while (!done.signal.aborted) {
      await clock.sleep(aliveEveryMs, done.signal);
      // One that fails is made good by the next; whoever has lost the turn is told when it writes.
      if (!done.signal.aborted) await jobs.keepAlive('poll', [turn]).catch(() => undefined);
    }
  })();
  try {
    await read();
  } finally {
    done.abort();
    await beating;
  }
}
