import type { Io } from '../../io.ts';
import { exitCodes, type ExitCode } from '../../problem/sagecfg-error.ts';
import { visibleText } from '../../report/visible-text.ts';
import type { AuthorisationPlan } from '../../runtime/authorisation-plan.ts';
import type { GrantStore } from '../../runtime/ports/grant-store.ts';
import type { HttpClient } from '../../sage/http.ts';
import { explainOauthError } from '../../sage/oauth-errors.ts';
import { revokeToken } from '../../sage/revoke-token.ts';
import type { RevokeResult } from '../../sage/revoke-token.ts';

interface RevokeOptions {
  readonly revokeUrl: string;
  readonly grants: GrantStore;
  readonly http: HttpClient;
  readonly io: Io;
  readonly now: () => number;
}

/** Takes each grant back at Sage, then forgets it here; what Sage did not take back stays, to be tried again. */
export async function revokeGrants(
  plans: readonly AuthorisationPlan[],
  options: RevokeOptions,
): Promise<ExitCode> {
  let failures = 0;
  for (const plan of plans) failures += (await revokeGrant(plan, options)) ? 0 : 1;
  return failures === 0 ? exitCodes.clean : exitCodes.problems;
}

async function revokeGrant(
  { id, app }: AuthorisationPlan,
  { revokeUrl, grants, http, io, now }: RevokeOptions,
): Promise<boolean> {
  const name = visibleText(id);
  const stored = await grants.read(id);
  if (stored === undefined) {
    io.stdout.write(`${name}: there is no grant in the state\n`);
    return true;
  }
  const result = await revokeToken(
    { revokeUrl, app, refreshToken: stored.tokens.refreshToken },
    { send: http.send, now },
  );
  const failure = failureOf(result);
  if (failure !== undefined) {
    io.stderr.write(
      `sagecfg: ${name}: not revoked, and kept: ${failure}; --local forgets it here all the same\n`,
    );
    return false;
  }
  await grants.remove(id);
  io.stdout.write(`${name}: ${successOf(result)}\n`);
  return true;
}

function failureOf(result: RevokeResult): string | undefined {
  if (result.kind === 'failed') return result.failure.message;
  return result.kind === 'refused' ? `${result.error.meaning}; ${result.error.advice}` : undefined;
}

function successOf({ kind }: RevokeResult): string {
  if (kind === 'revoked')
    return 'revoked at Sage and forgotten here; an access token that was given out works for its five minutes still';
  return `forgotten here; at Sage, ${explainOauthError('revoke', 'invalid_grant').meaning}`;
}

/** Forgets grants that may be good at Sage still, and that nobody can read here any more. */
export async function forgetGrants(
  ids: readonly string[],
  { grants, io }: { readonly grants: GrantStore; readonly io: Io },
): Promise<void> {
  for (const id of ids) {
    await grants.remove(id);
    io.stdout.write(`${visibleText(id)}: forgotten here; at Sage it is good until it idles out\n`);
  }
}
