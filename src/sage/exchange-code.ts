import type { Secret } from '../model/secret.ts';
import type { SendHttp } from './http.ts';
import { explainOauthError } from './oauth-errors.ts';
import type { ExplainedOauthError } from './oauth-errors.ts';
import { requestTokens } from './request-tokens.ts';
import type { AppCredentials, TokenPair } from './request-tokens.ts';
import type { SageFailure } from './sage-failure.ts';

export type ExchangeResult =
  | { readonly kind: 'granted'; readonly tokens: TokenPair }
  | { readonly kind: 'refused'; readonly error: ExplainedOauthError }
  | { readonly kind: 'failed'; readonly failure: SageFailure };

/** Trades the code of a redirect for tokens. A code works once, and for 60 seconds. */
export async function exchangeCode(
  {
    code,
    redirectUri,
    verifier,
    ...request
  }: {
    readonly tokenUrl: string;
    readonly app: AppCredentials;
    readonly code: Secret;
    /** As the authorisation had it, character for character. */
    readonly redirectUri: string;
    readonly verifier: Secret;
  },
  ports: { readonly send: SendHttp; readonly now: () => number },
): Promise<ExchangeResult> {
  const fields = {
    grant_type: 'authorization_code',
    code: code.reveal(),
    redirect_uri: redirectUri,
    code_verifier: verifier.reveal(),
  };
  const answer = await requestTokens({ ...request, fields }, ports);
  if (answer.kind === 'tokens') return { kind: 'granted', tokens: answer.tokens };
  if (answer.kind === 'failed') return answer;
  return { kind: 'refused', error: explainOauthError('exchange', answer.error) };
}
