import type { OutboxStore, PollStore } from './store.ts';

export interface EnginePoll {
  readonly key: string;
  readonly instanceId: string;
  readonly intervalMs: number;
  /** Polls with the same one share a budget of requests. */
  readonly app: string;
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
}

/**
 * Decides when polls run and who delivers. Promises: a poll never runs twice at once; an instance's notifications are
 * delivered in one place at a time; polls that were missed become one. When the signal aborts it starts nothing more and
 * resolves once what runs has stopped.
 */
export interface Engine {
  readonly run: (work: EngineWork, signal: AbortSignal) => Promise<void>;
  /** Runs every poll once, due or not, unless it is paused; then delivers until nothing is due. */
  readonly runOnce: (work: EngineWork, signal: AbortSignal) => Promise<void>;
  /**
   * To be called when the work has changed while `run` is under way: starts what is new and stops what is gone. Resolves
   * when nothing of what is gone runs any more. Does nothing while `run` is not under way.
   */
  readonly adjust: () => Promise<void>;
}
