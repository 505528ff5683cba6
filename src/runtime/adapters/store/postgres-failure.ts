import { SagecfgError } from '../../../problem/sagecfg-error.ts';
import type { Clock } from '../../../sage/clock.ts';

/** What the database or the way to it is at, for which sagecfg cannot help; anything else is a bug of ours. */
export function asDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // Connecting to a name with several addresses fails with all of their errors, and no message.
  const reason = error.message === '' ? code : error.message;
  const remedy = remedies.find(({ codes, reasons }) => codes?.test(code) ?? reasons?.test(reason))?.remedy;
  const what = remedy === undefined ? reason : `${reason}: ${remedy}`;
  if (passingCodes.test(code) || passingReasons.test(reason)) {
    return new DatabaseUnreachableError('state', `the database does not answer: ${what}`, { cause: error });
  }
  if (!isSettled.test(code) && !settledReasons.test(reason)) return error;
  return new SagecfgError('state', `the database refuses: ${what}`, { cause: error });
}

/** Whether it is worth another try: the database is away, or on its way. */
export function isPassing(error: unknown): boolean {
  return error instanceof Error && 'isPassing' in error;
}

/** Worth another try. */
class DatabaseUnreachableError extends SagecfgError {
  readonly isPassing = true;
}

/** Classes of SQLSTATE: connection, starting or stopping, out of resources; and errors of the network. */
const passingCodes = /^(?:08|57P|53|E[A-Z]{3,})/;
const passingReasons = /^(?:Connection terminated|timeout exceeded when trying to connect|Client network)/;

/** Who may not come in, a database or a right that is not there, a disk that may not be written, a certificate. */
const isSettled =
  /^(?:28|3D|42501|25006|58|ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(?:GET_ISSUER|VERIFY))/;
const settledReasons = /^The server does not support SSL/;

/** What a person can do about it; the first that fits. */
const remedies: readonly {
  readonly codes?: RegExp;
  readonly reasons?: RegExp;
  readonly remedy: string;
}[] = [
  {
    codes: /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH)$/,
    remedy: 'is it running, and is the address right?',
  },
  { codes: /^28P01$/, remedy: 'look at the user and the password of --store' },
  {
    reasons: /no pg_hba\.conf entry .*no encryption/,
    remedy: 'it wants TLS: add ?sslmode=verify-full to the address',
  },
  {
    reasons: /^The server does not support SSL/,
    remedy: 'leave sslmode out of the address, or give the server a certificate',
  },
  {
    codes: /^(?:ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/,
    remedy:
      'name the authority of its certificate with ?sslmode=verify-full&sslrootcert=FILE, and the host as the certificate does',
  },
  { codes: /^3D000$/, remedy: 'make it with CREATE DATABASE, then run sagecfg db migrate' },
  {
    codes: /^42501$/,
    remedy:
      "'db migrate' needs CREATE on the database, 'run' all rights on the schemas sagecfg and sagecfg_jobs: give both to one user, or GRANT them",
  },
  {
    codes: /^53300$/,
    remedy:
      'fewer processes, a smaller --concurrency, or a higher max_connections (docs/scaling.md has the sums)',
  },
];

const longestWaitMs = 30_000;
const pauseMs = 1000;

/** At the start: a database that is about to come, as after a failover, is waited for. */
export async function whileUnreachable<Result>(
  work: () => Promise<Result>,
  { clock, onTrouble }: { readonly clock: Clock; readonly onTrouble: (error: unknown) => void },
): Promise<Result> {
  const untilMs = clock.now() + longestWaitMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const isOver = clock.now() >= untilMs;
      if (!isPassing(error) || isOver) throw error;
      onTrouble(error);
      await clock.sleep(pauseMs);
    }
  }
}
