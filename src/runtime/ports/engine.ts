import type { BackfillWindow } from '../poll/backfill-window.ts';
import type { OutboxStore } from './outbox-store.ts';
import type { PollStore } from './poll-store.ts';

export interface EnginePoll {
  readonly key: string;
  readonly instanceId: string;
  readonly intervalMs: number;
  /** Polls with the same one share a budget of requests. */
  readonly app: string;
  /** That a run takes at least: one a list. */
  readonly requests: number;
}

/** What an engine runs. */
export interface EngineWork {
  /** The polls that there are now; asked again at each `Engine.adjust`. */
  readonly polls: () => readonly EnginePoll[];
  /** One of them, by its key. */
  readonly poll: (key: string) => EnginePoll | undefined;
  /** The instances that there are now, whose notifications are delivered. */
  readonly instances: () => readonly string[];
  readonly hasInstance: (id: string) => boolean;
  /** When the poll may run next, epoch milliseconds; undefined while it is paused. */
  readonly nextRunMs: (key: string) => Promise<number | undefined>;
  /**
   * Runs one poll to its end or its failure; both are in the store when it resolves. What it writes goes through `turn`
   * where the engine gives one: the state as a single run of the poll may write it. `turn` refuses to write once another
   * process has the poll, and ends the run in the very transaction that holds its last page or its failure.
   */
  readonly runPoll: (key: string, signal: AbortSignal, turn?: PollStore) => Promise<void>;
  /** Delivers until the signal aborts, and waits for what is under way; with `untilIdle`, until nothing is due. */
  readonly deliver: (
    signal: AbortSignal,
    scope: {
      readonly untilIdle: boolean;
      /** Left out, every instance. */
      readonly instanceId?: string;
      /** In place of the state's own: what the engine lets this delivery see of it, while nobody else has the instance. */
      readonly outbox?: OutboxStore;
    },
  ) => Promise<void>;
  readonly backfill: BackfillWork;
}

/** A time that is read again, beside the polls: one page at a time, and none of a poll that is at work. */
export interface BackfillWork {
  /** What this process was asked to read again. */
  readonly window: BackfillWindow | undefined;
  /** Makes known what there is to read, so that everybody sees what is left of it. */
  readonly prepare: (window: BackfillWindow) => Promise<void>;
  /**
   * Reads until the signal aborts, or nothing may be read for now. Tells when it may go on, epoch milliseconds; undefined
   * when there is nothing left to read, of what this process polls.
   */
  readonly read: (
    window: BackfillWindow,
    signal: AbortSignal,
    options?: {
      /** What has failed is left as it is. */
      readonly leavesFailed?: boolean;
      /** Begins no page from then on, epoch milliseconds. */
      readonly untilMs?: number;
      /** Left out, nobody else polls. */
      readonly turn?: BackfillTurn;
    },
  ) => Promise<number | undefined>;
}

/** What an engine lets a backfill do while it has its turn. */
export interface BackfillTurn {
  /**
   * Runs `work` while nobody else polls this, with the state as it may write it; false, at once, where somebody does or is
   * about to. It refuses to write once another process has the backfill, or the poll.
   */
  readonly whileIdle: (pollKey: string, work: (turn: PollStore) => Promise<void>) => Promise<boolean>;
}

/**
 * Decides when polls run and who delivers. Promises: a poll never runs twice at once; an instance's notifications are
 * delivered in one place at a time; polls that were missed become one. When the signal aborts it starts nothing more and
 * resolves once what runs has stopped.
 */
export interface Engine {
  readonly run: (work: EngineWork, signal: AbortSignal) => Promise<void>;
  /** Runs every poll once, due or not, unless it is paused, and what is to be read again; then delivers until nothing is due. */
  readonly runOnce: (work: EngineWork, signal: AbortSignal) => Promise<void>;
  /**
   * To be called when the work has changed while `run` is under way: starts what is new and stops what is gone. Resolves
   * when nothing of what is gone runs any more. Does nothing while `run` is not under way.
   */
  readonly adjust: () => Promise<void>;
}
