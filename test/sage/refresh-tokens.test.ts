import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import type { HttpRequest, HttpResponse } from '../../src/sage/http.ts';
import { refreshTokens } from '../../src/sage/refresh-tokens.ts';
import type { RefreshResult } from '../../src/sage/refresh-tokens.ts';

async function refreshWith(
  answer: Partial<HttpResponse> | Error,
): Promise<[RefreshResult, HttpRequest | undefined]> {
  let sent: HttpRequest | undefined;
  const result = await refreshTokens(
    {
      tokenUrl: 'https://oauth.example.com/token',
      app: { clientId: 'client', clientSecret: new Secret('s&cret') },
      refreshToken: new Secret('old+token'),
    },
    {
      now: () => 1000,
      send: async (request) => {
        sent = request;
        if (answer instanceof Error) throw answer;
        return { status: 200, headers: {}, text: '', ...answer };
      },
    },
  );
  return [result, sent];
}

describe('refreshTokens', () => {
  it('sends the documented form and reads the documented answer', async () => {
    const text = JSON.stringify({
      access_token: 'new access',
      expires_in: 300,
      refresh_token: 'new refresh',
      refresh_token_expires_in: 2_678_400,
    });
    const [result, sent] = await refreshWith({ text });
    expect(sent?.method).toBe('POST');
    expect(sent?.body).toBe(
      'client_id=client&client_secret=s%26cret&grant_type=refresh_token&refresh_token=old%2Btoken',
    );
    expect(result.kind === 'refreshed' && result.tokens.accessToken.reveal()).toBe('new access');
    expect(result.kind === 'refreshed' && result.tokens.refreshToken.reveal()).toBe('new refresh');
    expect(result).toMatchObject({ tokens: { accessExpiresMs: 301_000, refreshExpiresMs: 2_678_401_000 } });
  });

  it('keeps the refresh token where the answer has none, and reads lifetimes that are text', async () => {
    const [result] = await refreshWith({ text: '{"access_token":"a","expires_in":"3600"}' });
    expect(result.kind === 'refreshed' && result.tokens.refreshToken.reveal()).toBe('old+token');
    expect(result).toMatchObject({ tokens: { accessExpiresMs: 3_601_000, refreshExpiresMs: undefined } });
  });

  it.each([
    ['a dead grant', { status: 400, text: '{"error":"invalid_grant"}' }, { kind: 'invalid-grant' }],
    [
      'wrong client credentials',
      { status: 400, text: '{"error":"invalid_client"}' },
      { kind: 'failed', failure: { kind: 'refused' } },
    ],
    ['a gateway’s page', { status: 503, text: '<html>' }, { kind: 'failed', failure: { kind: 'server' } }],
    ['no token', { status: 200, text: '{}' }, { kind: 'failed', failure: { kind: 'malformed' } }],
    ['no JSON', { status: 200, text: 'OK' }, { kind: 'failed', failure: { kind: 'malformed' } }],
    ['no answer', new Error('socket hang up'), { kind: 'failed', failure: { kind: 'network' } }],
  ])('understands %s', async (_case, answer, expected) => {
    const [result] = await refreshWith(answer);
    expect(result).toMatchObject(expected);
  });
});
