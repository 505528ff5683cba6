import type { Clock } from '../../../sage/clock.ts';
import type { Report } from '../../report.ts';
import { asDatabaseError, isPassing } from '../store/postgres-failure.ts';

/** What goes wrong between this process, the others and the database, so that a person can read it. */
export interface Troubles {
  /** With what it was about, if anything. */
  readonly tell: (error: unknown, about?: string) => void;
  /** The database has answered. */
  readonly answered: () => void;
}

/** While the database is away, every look at it fails: one line a minute says as much as hundreds. */
const toldEveryMs = 60_000;

export function createTroubles({
  report,
  clock,
}: {
  readonly report: Report;
  readonly clock: Pick<Clock, 'now'>;
}): Troubles {
  let awaySinceMs: number | undefined;
  let toldMs = -Infinity;
  return {
    tell: (error, about) => {
      const known = asDatabaseError(error);
      const reason = known instanceof Error ? known.message : String(known);
      const nowMs = clock.now();
      if (isPassing(known)) {
        awaySinceMs ??= nowMs;
        if (nowMs - toldMs < toldEveryMs) return;
        toldMs = nowMs;
        report({ kind: 'worker-trouble', reason });
        return;
      }
      report({ kind: 'worker-trouble', reason: about === undefined ? reason : `'${about}': ${reason}` });
    },
    answered: () => {
      if (awaySinceMs === undefined) return;
      report({ kind: 'database-back', awayMs: clock.now() - awaySinceMs });
      awaySinceMs = undefined;
      toldMs = -Infinity;
    },
  };
}
