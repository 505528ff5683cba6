/** What one of several processes on a database does. */
export interface WorkerOptions {
  readonly roles: readonly Role[];
  /** Polls at once, and as many instances whose notifications are delivered. */
  readonly concurrency: number;
}

type Role = 'poll' | 'deliver';

export const defaultWorker: WorkerOptions = { roles: ['poll', 'deliver'], concurrency: 16 };
