import type { Secret } from '../model/secret.ts';
import type { SendHttp } from './http.ts';
import { explainOauthError } from './oauth-errors.ts';
import { requestTokens } from './request-tokens.ts';
import type { AppCredentials, TokenPair } from './request-tokens.ts';
import type { SageFailure } from './sage-failure.ts';

export type RefreshResult =
  | { readonly kind: 'refreshed'; readonly tokens: TokenPair }
  /** The refresh token is used, superseded, revoked or expired; Sage says the same for all. */
  | { readonly kind: 'invalid-grant' }
  | { readonly kind: 'failed'; readonly failure: SageFailure };

/** Trades a refresh token for a new pair. The given token is dead once Sage has answered, also when the answer gets lost. */
export async function refreshTokens(
  {
    refreshToken,
    ...request
  }: {
    readonly tokenUrl: string;
    readonly app: AppCredentials;
    readonly refreshToken: Secret;
  },
  ports: { readonly send: SendHttp; readonly now: () => number },
): Promise<RefreshResult> {
  const fields = { grant_type: 'refresh_token', refresh_token: refreshToken.reveal() };
  const answer = await requestTokens({ ...request, fields, usedToken: refreshToken }, ports);
  if (answer.kind === 'failed') return answer;
  if (answer.kind === 'tokens') return { kind: 'refreshed', tokens: answer.tokens };
  if (answer.error === 'invalid_grant') return { kind: 'invalid-grant' };
  const { meaning, advice } = explainOauthError('refresh', answer.error);
  const message = `the token endpoint answered ${answer.status} '${answer.error}': ${meaning}; ${advice}`;
  return { kind: 'failed', failure: { kind: 'refused', message } };
}
