import type { GrantSummary } from '../ports/grant-store.ts';
import type { Report } from '../report.ts';
import type { HealthMonitor } from './health.ts';

/** A grant that nobody uses ends after 31 days; a week is time enough for a person to see to it. */
const warningMs = 7 * 24 * 3_600_000;

/** `idle`: nothing has used the grant for so long that it ends within a week; `dead`: a person has to authorise again. */
export function grantStateOf(
  { deadReason, refreshExpiresMs }: GrantSummary,
  nowMs: number,
): 'good' | 'idle' | 'dead' {
  if (deadReason !== undefined) return 'dead';
  if (refreshExpiresMs === undefined) return 'good';
  return refreshExpiresMs - nowMs < warningMs ? 'idle' : 'good';
}

const checkMs = 6 * 3_600_000;

/** Tells of grants that are about to end for want of use, now and every few hours, until disposed. */
export function warnOfIdleGrants(parts: {
  readonly health: Pick<HealthMonitor, 'read'>;
  readonly report: Report;
  readonly now: () => number;
}): AsyncDisposable {
  let last = warnOnce(parts);
  const timer = setInterval(() => {
    last = warnOnce(parts);
  }, checkMs);
  timer.unref();
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await last;
    },
  };
}

async function warnOnce({ health, report, now }: Parameters<typeof warnOfIdleGrants>[0]): Promise<void> {
  // While a database does not answer, the polls tell, and readiness does.
  const { grants } = await health.read().catch(() => ({ grants: [] }));
  for (const grant of grants) {
    const { instanceId: instance, refreshExpiresMs: endsMs } = grant;
    if (endsMs !== undefined && grantStateOf(grant, now()) === 'idle')
      report({ kind: 'grant-idle', instance, endsMs });
  }
}
