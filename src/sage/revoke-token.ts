import type { Secret } from '../model/secret.ts';
import type { SendHttp } from './http.ts';
import { explainOauthError } from './oauth-errors.ts';
import type { ExplainedOauthError } from './oauth-errors.ts';
import { oauthErrorOf, postForm } from './request-tokens.ts';
import type { AppCredentials } from './request-tokens.ts';
import { classifyResponse } from './sage-failure.ts';
import type { SageFailure } from './sage-failure.ts';

export type RevokeResult =
  | { readonly kind: 'revoked' }
  /** Nothing to take back: the token was used, superseded, revoked or expired before. */
  | { readonly kind: 'dead-already' }
  | { readonly kind: 'refused'; readonly error: ExplainedOauthError }
  | { readonly kind: 'failed'; readonly failure: SageFailure };

/** Takes a grant back. Its access token lives on until it expires: Sage can revoke refresh tokens only. */
export async function revokeToken(
  {
    revokeUrl,
    app,
    refreshToken,
  }: { readonly revokeUrl: string; readonly app: AppCredentials; readonly refreshToken: Secret },
  { send, now }: { readonly send: SendHttp; readonly now: () => number },
): Promise<RevokeResult> {
  const answer = await postForm(revokeUrl, { app, fields: { token: refreshToken.reveal() }, send });
  if (answer.kind === 'failed') return answer;
  if (answer.response.status === 200) return { kind: 'revoked' };
  const error = oauthErrorOf(answer.response);
  if (error === 'invalid_grant') return { kind: 'dead-already' };
  if (error !== undefined) return { kind: 'refused', error: explainOauthError('revoke', error) };
  return { kind: 'failed', failure: classifyResponse(answer.response, now()) };
}
