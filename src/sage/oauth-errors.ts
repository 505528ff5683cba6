/** The step at which Sage said no: on the way back from the consent page, or at the token or revoke endpoint. */
export type OauthStep = 'consent' | 'exchange' | 'refresh' | 'revoke';

interface OauthErrorRow {
  readonly steps: readonly OauthStep[];
  readonly error: string;
  /** Sage adds this to errors that are none of OAuth's. */
  readonly reason?: string;
  readonly meaning: string;
  readonly advice: string;
}

export interface ExplainedOauthError {
  /** As Sage wrote it, where it is a word that can be printed. */
  readonly error: string;
  /** One sentence without a capital and a full stop, as is `advice`. */
  readonly meaning: string;
  readonly advice: string;
}

const tokenSteps: readonly OauthStep[] = ['exchange', 'refresh', 'revoke'];

/** Every error that Sage documents. It says no more than the code, so the rest is what the code can mean. */
export const oauthErrors: readonly OauthErrorRow[] = [
  {
    steps: ['consent'],
    error: 'access_denied',
    meaning: 'the user did not give access',
    advice: 'run it again, and choose to allow it on the page of Sage',
  },
  {
    steps: ['consent'],
    error: 'invalid_request',
    meaning: 'Sage did not understand the address of the consent page',
    advice:
      "check that 'oauth.callback.url' is registered with the app at Sage, character for character, and that 'country' is one of CA, GB, IE",
  },
  {
    steps: ['consent'],
    error: 'Invalid request',
    reason: 'Email already in use',
    meaning: 'the business of this user is in another country than the one that was asked for',
    advice: "correct 'country' in the file, or leave it out: Sage then asks the user",
  },
  {
    steps: ['consent'],
    error: 'invalid_scope',
    meaning: 'Sage does not know the scope',
    advice: 'use --scope readonly or --scope full_access',
  },
  {
    steps: ['consent'],
    error: 'server_error',
    meaning: 'Sage failed',
    advice: 'run it again in a minute',
  },
  {
    steps: ['consent'],
    error: 'temporarily_unavailable',
    meaning: 'Sage cannot take it at the moment',
    advice: 'wait ten minutes, then run it again',
  },
  {
    steps: ['consent'],
    error: 'unauthorized_client',
    meaning: 'Sage does not let this app ask for access',
    advice: "check 'oauth.api.key' against the Client ID of the app, and that the app is not disabled",
  },
  {
    steps: ['consent'],
    error: 'unsupported_response_type',
    meaning: 'Sage gives no code at this address',
    advice:
      'check runtime.sage.authorizeUrl: expected https://www.sageone.com/oauth2/auth/central?filter=apiv3.1',
  },
  {
    steps: ['exchange'],
    error: 'invalid_grant',
    meaning:
      'Sage does not accept the code: it lives 60 seconds, works once, and only with its own callback URL',
    advice: 'run it again, and come back from the page of Sage within a minute',
  },
  {
    steps: ['refresh'],
    error: 'invalid_grant',
    meaning:
      'Sage no longer accepts the refresh token: it expired after 31 idle days, was revoked, or was used elsewhere',
    advice: 'authorise the instance again with sagecfg auth',
  },
  {
    steps: ['revoke'],
    error: 'invalid_grant',
    meaning: 'there is nothing to take back: the grant had ended before',
    advice: 'nothing is left to do',
  },
  {
    steps: tokenSteps,
    error: 'invalid_client',
    meaning: 'Sage does not know the app by these credentials',
    advice:
      "check 'oauth.api.key' and 'oauth.api.secret' against Client ID and Client Secret of the app: blanks, a cut end, the secret of another app",
  },
  {
    steps: tokenSteps,
    error: 'invalid_request',
    meaning: 'Sage misses something in the request, or has something twice',
    advice: "check that 'oauth.api.key', 'oauth.api.secret' and 'oauth.callback.url' are not blank",
  },
  {
    steps: tokenSteps,
    error: 'unauthorized_client',
    meaning: 'Sage does not let this app use grants of this kind',
    advice: 'check at Sage that the app is not disabled, and that the grant was given to this very app',
  },
  {
    steps: tokenSteps,
    error: 'unsupported_grant_type',
    meaning: 'this address does not give tokens of this kind',
    advice: 'check runtime.sage.tokenUrl: expected https://oauth.accounting.sage.com/token',
  },
];

/** What an error of Sage means and what to do about it; also of one that is not documented. */
export function explainOauthError(step: OauthStep, error: string, reason?: string): ExplainedOauthError {
  const rows = oauthErrors.filter((row) => row.steps.includes(step) && row.error === error);
  const row = rows.find((each) => each.reason === reason) ?? rows.find((each) => each.reason === undefined);
  if (row !== undefined) return { error, meaning: row.meaning, advice: row.advice };
  const said = [error, reason].filter((text) => text !== undefined).map(printable);
  return {
    error: printable(error),
    meaning: `Sage answered ${said.join(', ')}, which it does not document`,
    advice: 'run it again; if it stays, ask the support of Sage with these words',
  };
}

/** What came from outside is printed on a terminal: only plain words, and not many. */
function printable(text: string): string {
  const plain = text.replaceAll(/[^\p{L}\p{N} ._'-]+/gu, ' ').trim();
  return `'${plain.length > 80 ? `${plain.slice(0, 80)}…` : plain}'`;
}
