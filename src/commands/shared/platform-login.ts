import type { Io } from '../../io.ts';
import type { Secret } from '../../model/secret.ts';
import type { PlatformAccount } from '../../platform/call-platform.ts';
import type { DesiredInstance } from '../../platform/desired-instance.ts';
import { readOAuthUrl } from '../../platform/read-oauth-url.ts';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import { buildAuthorisationPlan } from '../../runtime/authorisation-plan.ts';
import { beginAttempt } from '../../sage/authorisation.ts';
import { systemClock } from '../../sage/clock.ts';
import type { HttpClient } from '../../sage/http.ts';
import { refusedBySage, requireRedirectUri } from './authorise-instances.ts';
import { obtainAnswer } from './receive-answer.ts';
import type { AskOptions } from './receive-answer.ts';

/**
 * Asks the user of each instance for access in the platform's name, one after the other, and gives the code that the
 * platform exchanges. It lives 60 seconds and is kept nowhere. Throws `SagecfgError` where there is none.
 */
export function createPlatformLogin({
  account,
  http,
  io,
  scope,
  signal,
  ...asking
}: AskOptions & {
  readonly account: PlatformAccount;
  readonly http: HttpClient;
  readonly io: Io;
  /** The platform's own where undefined. */
  readonly scope?: string | undefined;
  /** Once it aborts, nobody else is asked. */
  readonly signal?: AbortSignal | undefined;
}): (desired: DesiredInstance) => Promise<Secret> {
  let last: Promise<unknown> = Promise.resolve();
  const ask = async (desired: DesiredInstance): Promise<Secret> => {
    if (signal?.aborted === true) throw new SagecfgError('refused', 'stopped before its user was asked');
    const { environment, workingDirectory } = io;
    const plan = buildAuthorisationPlan(desired.instance, { environment, workingDirectory });
    const attempt = beginAttempt();
    io.stderr.write(`${plan.id}: the platform needs access to the business\n`);
    const { answer } = await obtainAnswer(requireRedirectUri(plan), {
      ...asking,
      io,
      attempt,
      urlFor: async (redirectUri) => {
        const { clientId, clientSecret } = plan.app;
        const { state } = attempt;
        const wanted = { elementKey: desired.elementKey, clientId, clientSecret, redirectUri, scope, state };
        const url = await readOAuthUrl(wanted, { account, send: http.send, clock: systemClock });
        if (url.ok) return url.value;
        throw new SagecfgError('platform', url.failure.message);
      },
    });
    if (answer.kind === 'code') return answer.code;
    throw refusedBySage(answer.error);
  };
  return (desired) => {
    const mine = last.then(() => ask(desired));
    last = mine.catch(() => undefined);
    return mine;
  };
}
