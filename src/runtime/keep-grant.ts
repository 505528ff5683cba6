import type { Secret } from '../model/secret.ts';
import { SagecfgError } from '../problem/sagecfg-error.ts';
import type { TokenPair } from '../sage/request-tokens.ts';
import type { AuthorisationPlan } from './authorisation-plan.ts';
import { grantLockName } from './grant-lock-name.ts';
import type { GrantStore } from './ports/grant-store.ts';
import type { TokenCipher } from './token-cipher.ts';

/**
 * Keeps what one authorisation gave, for each of the instances: tokens are a user's, so those of several businesses of
 * one user share them. `run` takes them in place of the refresh token of the file.
 */
export async function keepGrant(
  plans: readonly AuthorisationPlan[],
  {
    tokens,
    grants,
    cipher,
  }: { readonly tokens: TokenPair; readonly grants: GrantStore; readonly cipher: TokenCipher },
): Promise<void> {
  // A token of the file that differs from the mark would count as a newer authorisation than this one.
  const seedMark = cipher.mark(sharedFileToken(plans) ?? tokens.refreshToken);
  for (const { id } of plans) {
    const stored = await grants.read(id);
    await grants.exclusively(grantLockName(id, stored?.seedMark ?? ''), () =>
      grants.write(id, { tokens, seedMark }),
    );
  }
}

/** The refresh token that all the files have; undefined where none has one. Throws `SagecfgError` where they differ. */
export function sharedFileToken(plans: readonly AuthorisationPlan[]): Secret | undefined {
  const [first, ...others] = plans.map(({ fileToken }) => fileToken);
  const differs = others.some((token) => token?.reveal() !== first?.reveal());
  if (!differs) return first;
  const names = plans.map(({ id }) => `'${id}'`).join(', ');
  throw new SagecfgError(
    'refused',
    `the files of ${names} have different values of 'oauth.user.refresh_token': one grant cannot take the place of both; remove the key, or authorise one by one`,
  );
}

/**
 * Throws `SagecfgError` where the state's tokens are sealed with another key: what would be added could not be read by a
 * `run` that reads the others.
 */
export async function checkTokenKey(grants: GrantStore): Promise<void> {
  const [first] = await grants.list();
  if (first !== undefined) await grants.read(first.instanceId);
}
