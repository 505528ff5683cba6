interface EnginePoll {
  readonly key: string;
  readonly instanceId: string;
}

/** What an engine runs. */
export interface EngineWork {
  /** The polls that there are now; asked again at each `Engine.adjust`. */
  readonly polls: () => readonly EnginePoll[];
  /** When the poll may run next, epoch milliseconds; undefined while it is paused. */
  readonly nextRunMs: (key: string) => Promise<number | undefined>;
  /** Runs one poll to its end or its failure; both are in the store when it resolves. */
  readonly runPoll: (key: string, signal: AbortSignal) => Promise<void>;
}

/**
 * Decides when polls run. Promises: a poll never runs twice at once; the polls of an instance run one after another;
 * polls that were missed become one. When the signal aborts it starts nothing more and resolves once what runs has
 * stopped.
 */
export interface Engine {
  readonly run: (work: EngineWork, signal: AbortSignal) => Promise<void>;
  /** Runs every poll once, due or not, unless it is paused. */
  readonly runOnce: (work: EngineWork, signal: AbortSignal) => Promise<void>;
  /**
   * To be called when `EngineWork.polls` has changed while `run` is under way: starts what is new and stops what is
   * gone. Resolves when nothing of what is gone runs any more. Does nothing while `run` is not under way.
   */
  readonly adjust: () => Promise<void>;
}
