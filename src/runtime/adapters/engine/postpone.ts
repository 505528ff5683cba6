import type { Clock } from '../../../sage/clock.ts';
import type { Database } from '../store/postgres-database.ts';
import type { Jobs, Turn } from './jobs.ts';

const firstWaitMs = 1000;
const longestWaitMs = 15 * 60_000;

/**
 * Puts off what this process knows nothing of: another, with another configuration, may know it, and otherwise it waits
 * until the configuration comes back.
 */
export async function postpone(
  turn: Turn,
  { database, jobs, clock }: { readonly database: Database; readonly jobs: Jobs; readonly clock: Clock },
): Promise<void> {
  const waitMs = Math.min(firstWaitMs * 2 ** Math.min(turn.postponed, 20), longestWaitMs);
  const { key, group, postponed } = turn;
  const next = { key, group, startMs: clock.now() + waitMs, postponed: postponed + 1 };
  await database.inTransaction((transaction) => jobs.end(turn, next, transaction));
}
