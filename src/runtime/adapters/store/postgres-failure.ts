import { SagecfgError } from '../../../problem/sagecfg-error.ts';
import type { Clock } from '../../../sage/clock.ts';

/** What the database or the way to it is at, for which sagecfg cannot help; anything else is a bug of ours. */
export function asDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // Connecting to a name with several addresses fails with all of their errors, and no message.
  const reason = error.message === '' ? code : error.message;
  if (isPassing(code, reason)) {
    return new DatabaseUnreachableError('state', `the database does not answer: ${reason}`, { cause: error });
  }
  if (!isSettled.test(code)) return error;
  return new SagecfgError('state', `the database refuses: ${reason}`, { cause: error });
}

/** Worth another try. */
class DatabaseUnreachableError extends SagecfgError {
  readonly isPassing = true;
}

/** Classes of SQLSTATE: connection, starting or stopping, out of resources; and errors of the network. */
const passingCodes = /^(?:08|57P|53|E[A-Z]{3,})/;
const passingReasons = /^(?:Connection terminated|timeout exceeded when trying to connect|Client network)/;

function isPassing(code: string, reason: string): boolean {
  return passingCodes.test(code) || passingReasons.test(reason);
}

/** Who may not come in, a database or a right that is not there, a disk that may not be written. */
const isSettled = /^(?:28|3D|42501|25006|58)/;

const longestWaitMs = 30_000;
const pauseMs = 1000;

/** At the start: a database that is about to come, as after a failover, is waited for. */
export async function whileUnreachable<Result>(
  work: () => Promise<Result>,
  { clock, onTrouble }: { readonly clock: Clock; readonly onTrouble: (reason: string) => void },
): Promise<Result> {
  const untilMs = clock.now() + longestWaitMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const isOver = clock.now() >= untilMs;
      if (!(error instanceof Error && 'isPassing' in error) || isOver) throw error;
      onTrouble(error.message);
      await clock.sleep(pauseMs);
    }
  }
}
