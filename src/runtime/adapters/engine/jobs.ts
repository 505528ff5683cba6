import { createHash } from 'node:crypto';
import type { Connection } from '../store/postgres-database.ts';

/**
 * `poll`: one job a poll, always. `lane`: one job an instance that has something to deliver. `backfill`: one job a time
 * that is read again.
 */
export type QueueName = 'poll' | 'lane' | 'backfill';

/** A job that this process has; `attempt` is its proof. */
export interface Turn {
  readonly queue: QueueName;
  readonly key: string;
  readonly group: string;
  readonly attempt: { readonly id: string; readonly retryCount: number };
  /** How often it was put off because no process that had it knew its key. */
  readonly postponed: number;
}

export interface NextJob {
  readonly key: string;
  readonly group: string;
  readonly startMs: number;
  readonly postponed?: number;
}

/** The jobs of all processes, in the database. For each key of a queue there is one that is not over, at most. */
export interface Jobs extends AsyncDisposable {
  /** Adds the jobs that are missing, and returns their keys. */
  readonly addMissing: (queue: QueueName, jobs: readonly NextJob[]) => Promise<readonly string[]>;
  /** In the caller's transaction: adds the job unless the key has one. */
  readonly add: (queue: QueueName, job: NextJob, transaction: Connection) => Promise<void>;
  readonly take: (
    queue: QueueName,
    most: { readonly limit: number; readonly exceptGroups: readonly string[] },
  ) => Promise<readonly Turn[]>;
  /** Takes the key's job if it waits, for a later time unless `evenIfDue`; tells when that is, epoch milliseconds. */
  readonly takeWaiting: (
    queue: QueueName,
    key: string,
    options: { readonly evenIfDue: boolean },
  ) => Promise<{ readonly turn: Turn; readonly dueMs: number } | undefined>;
  /** Tells that these go on, and returns the ids of those that nobody has taken over. */
  readonly keepAlive: (queue: QueueName, turns: readonly Turn[]) => Promise<ReadonlySet<string>>;
  /** In the caller's transaction; throws `TurnLostError` when another process has taken over. */
  readonly keep: (turn: Turn, transaction: Connection) => Promise<void>;
  /** In the caller's transaction: the job is over, and `next` takes its place. Throws as `keep` does. */
  readonly end: (turn: Turn, next: NextJob | undefined, transaction: Connection) => Promise<void>;
  /** Lets what waits start at once. */
  readonly pullForward: (queue: QueueName, key: string) => Promise<void>;
  /** The keys of what waits because nobody knew it. */
  readonly findPostponed: (queue: QueueName) => Promise<readonly string[]>;
  /** Whether the key has a job that is due or runs. */
  readonly isPending: (queue: QueueName, key: string, nowMs: number) => Promise<boolean>;
}

/** Another process has the poll or the lane by now: what was to be written is not. */
export class TurnLostError extends Error {
  override name = 'TurnLostError';
}

/** A name for what may be long or private. */
export function shortName(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
