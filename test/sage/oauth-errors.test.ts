import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { beginAttempt, readRedirect } from '../../src/sage/authorisation.ts';
import { exchangeCode } from '../../src/sage/exchange-code.ts';
import { explainOauthError, oauthErrors } from '../../src/sage/oauth-errors.ts';
import { refreshTokens } from '../../src/sage/refresh-tokens.ts';
import { revokeToken } from '../../src/sage/revoke-token.ts';

type Row = readonly [step: string, error: string, reason?: string];

/** What Sage's pages list, and what it was seen to answer. */
const documented: readonly Row[] = [
  ['consent', 'access_denied'],
  ['consent', 'invalid_request'],
  ['consent', 'invalid_scope'],
  ['consent', 'server_error'],
  ['consent', 'temporarily_unavailable'],
  ['consent', 'unauthorized_client'],
  ['consent', 'unsupported_response_type'],
  ['consent', 'Invalid request', 'Email already in use'],
  ...['exchange', 'refresh', 'revoke'].flatMap((step) =>
    [
      'invalid_request',
      'invalid_client',
      'invalid_grant',
      'unauthorized_client',
      'unsupported_grant_type',
    ].map((error): Row => [step, error]),
  ),
];

const app = { clientId: 'client', clientSecret: new Secret('planted-secret') };

/** The whole of what a user is told when Sage answers with the error at that step. */
async function sentenceFor(step: string, error: string, reason: string | undefined): Promise<unknown> {
  const ports = {
    send: async () => ({ status: 400, headers: {}, text: JSON.stringify({ error }) }),
    now: () => 0,
  };
  const token = new Secret('planted-token');
  const address = { tokenUrl: 'https://sage.example/token', app };
  switch (step) {
    case 'consent': {
      const attempt = beginAttempt();
      const query = new URLSearchParams({ error, ...(reason !== undefined && { reason }) });
      return readRedirect(query, attempt);
    }
    case 'exchange':
      return exchangeCode(
        { ...address, code: token, redirectUri: 'http://localhost/', verifier: token },
        ports,
      );
    case 'refresh':
      return refreshTokens({ ...address, refreshToken: token }, ports);
    default:
      return revokeToken({ revokeUrl: address.tokenUrl, app, refreshToken: token }, ports);
  }
}

/** A dead grant is a state of its own after these steps, for which the caller has the sentence. */
function expectedWords(step: string, row: (typeof oauthErrors)[number] | undefined): readonly string[] {
  if (row?.error === 'invalid_grant' && step === 'refresh') return ['"invalid-grant"'];
  if (row?.error === 'invalid_grant' && step === 'revoke') return ['"dead-already"'];
  return [row?.meaning ?? '', row?.advice ?? ''];
}

describe('the errors of Sage’s OAuth', () => {
  it.each(documented)(
    'at %s, %s %s: says what it means and what to do',
    async (step = '', error = '', reason) => {
      const rows = oauthErrors.filter(
        (row) => row.steps.some((each) => each === step) && row.error === error && row.reason === reason,
      );
      expect(rows).toHaveLength(1);
      const told = JSON.stringify(await sentenceFor(step, error, reason));
      for (const words of expectedWords(step, rows[0])) expect(told).toContain(words);
      expect(told).not.toContain('planted');
    },
  );

  it('has no row that nobody documented', () => {
    const pairs = oauthErrors.flatMap(({ steps, error }) => steps.map((step) => `${step} ${error}`));
    expect([...new Set(pairs)].sort()).toEqual(
      [...new Set(documented.map(([step, error]) => `${step} ${error}`))].sort(),
    );
  });

  it('quotes one that is not documented, without what a terminal would obey', () => {
    const { meaning } = explainOauthError('consent', 'odd\u001B[31m', '<b>very</b>');
    expect(meaning).toBe("Sage answered 'odd 31m', 'b very b', which it does not document");
  });
});
