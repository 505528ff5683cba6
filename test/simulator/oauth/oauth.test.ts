import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Simulator, SimulatorOptions } from '../../../src/simulator/simulator.ts';
import { startSimulator } from '../../../src/simulator/start-simulator.ts';
import type { ManualClock } from '../manual-clock.ts';
import { createManualClock } from '../manual-clock.ts';
import type { SageAnswer } from '../sage-session.ts';
import { fieldOf, namesOf, postForm } from '../sage-session.ts';

interface Setting {
  readonly clock: ManualClock;
  readonly simulator: Simulator;
  readonly client: Record<string, string>;
  readonly refreshToken: string;
}

const redirectUri = 'http://127.0.0.1:9999/done';

async function start(options: SimulatorOptions = {}): Promise<Setting & AsyncDisposable> {
  const clock = createManualClock();
  const simulator = await startSimulator({ clock, initialObjects: 0, ...options });
  const [tenant] = simulator.tenants;
  return {
    clock,
    simulator,
    client: { client_id: tenant?.clientId ?? '', client_secret: tenant?.clientSecret ?? '' },
    refreshToken: tenant?.refreshToken ?? '',
    [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose](),
  };
}

async function refresh({ simulator, client }: Setting, token: string): Promise<SageAnswer> {
  return await postForm(simulator.tokenUrl, { ...client, grant_type: 'refresh_token', refresh_token: token });
}

async function authorize(
  { simulator, client }: Setting,
  parameters: Record<string, string> = {},
): Promise<URL | number> {
  const query = new URLSearchParams({
    filter: 'apiv3.1',
    client_id: client['client_id'] ?? '',
    response_type: 'code',
    redirect_uri: redirectUri,
    ...parameters,
  });
  const answer = await fetch(`${simulator.authorizeUrl}?${query.toString()}`, { redirect: 'manual' });
  const location = answer.headers.get('location');
  return location === null ? answer.status : new URL(location);
}

async function newCode(setting: Setting, parameters: Record<string, string> = {}): Promise<string> {
  const url = await authorize(setting, parameters);
  return typeof url === 'number' ? String(url) : (url.searchParams.get('code') ?? '');
}

async function exchange(
  { simulator, client }: Setting,
  code: string,
  more: Record<string, string> = {},
): Promise<SageAnswer> {
  return await postForm(simulator.tokenUrl, {
    ...client,
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    ...more,
  });
}

const invalidGrant = { status: 400, body: { error: 'invalid_grant' } };

describe('authorize', () => {
  test('redirects with a code that starts with the country, the country and the state', async () => {
    await using setting = await start();
    const url = await authorize(setting, { state: 'a b' });
    if (typeof url === 'number') throw new Error(`no redirect: ${url}`);
    expect(`${url.origin}${url.pathname}`).toBe(redirectUri);
    expect(url.search).toMatch(/^\?code=GB%2F[0-9a-f]{40}&country=GB&state=a\+b$/);
  });

  test.each([
    [{ response_type: 'token' }, 'error=unsupported_response_type'],
    [{ scope: 'everything' }, 'error=invalid_scope'],
    [{ code_challenge: 'short' }, 'error=invalid_request'],
    [{ country: 'US' }, 'error=invalid_request'],
    [{ country: 'ca' }, 'error=Invalid+request&reason=Email+already+in+use'],
  ])('%j redirects with %s', async (parameters, search) => {
    await using setting = await start();
    const url = await authorize(setting, parameters);
    expect(typeof url === 'number' ? url : url.search).toBe(`?${search}`);
  });

  test.each([
    ['access_denied', 'error=access_denied'],
    ['Email already in use', 'error=Invalid+request&reason=Email+already+in+use'],
  ])('says %s when it is asked to', async (error, search) => {
    await using setting = await start();
    const url = await authorize(setting, { simulator_error: error, state: 's' });
    expect(typeof url === 'number' ? url : url.search).toBe(`?${search}&state=s`);
  });

  test('asks whose business it is where there are several, and takes a no', async () => {
    await using setting = await start({ tenants: [{ name: 'north' }, { name: 'south' }] });
    const query = new URLSearchParams({
      client_id: setting.client['client_id'] ?? '',
      response_type: 'code',
      redirect_uri: redirectUri,
      state: 's',
    });
    const page = await (await fetch(`${setting.simulator.authorizeUrl}?${query.toString()}`)).text();
    const links = [...page.matchAll(/href="([^"]+)">([^<]+)</g)].map(([, path = '', text]) => [
      text,
      new URL(path.replaceAll('&amp;', '&'), setting.simulator.authorizeUrl),
    ]);
    expect(links.map(([text]) => text)).toEqual(['Yes, as north', 'Yes, as south', 'No']);
    const answers = links.map(async ([, url]) =>
      (await fetch(url ?? '', { redirect: 'manual' })).headers.get('location'),
    );
    const [, yes, no] = await Promise.all(answers);
    expect(yes).toContain('/done?code=GB%2F');
    expect(no).toContain('/done?error=access_denied&state=s');
  });

  test.each([
    ['an unknown client', { client_id: 'nobody' }, []],
    ['an unknown tenant', { simulator_tenant: 'west' }, []],
    ['an address elsewhere', { redirect_uri: 'https://example.test/' }, []],
    ['an address in other case than registered', { redirect_uri: `${redirectUri}/` }, [redirectUri]],
  ])('%s is not redirected', async (_name, parameters, redirectUris) => {
    await using setting = await start({ redirectUris });
    expect(await authorize(setting, parameters)).toBe(400);
  });
});

describe('code exchange', () => {
  test('gives the documented fields', async () => {
    await using setting = await start();
    const answer = await exchange(setting, await newCode(setting, { scope: 'readonly' }));
    expect(answer).toMatchObject({
      status: 200,
      body: {
        scope: 'readonly',
        token_type: 'bearer',
        expires_in: 300,
        refresh_token_expires_in: 2_678_400,
        requested_by_id: expect.stringMatching(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      },
    });
    expect(namesOf(answer.body)).toEqual([
      'access_token',
      'expires_in',
      'refresh_token',
      'refresh_token_expires_in',
      'requested_by_id',
      'scope',
      'token_type',
    ]);
    const [, claims = ''] = String(fieldOf(answer.body, 'access_token')).split('.');
    const parsed: unknown = JSON.parse(Buffer.from(claims, 'base64url').toString());
    expect(namesOf(parsed)).toEqual(['aud', 'azp', 'country', 'exp', 'iat', 'iss', 'jti', 'scopes', 'sub']);
  });

  test('a code works once, for 60 seconds, with its own redirect address', async () => {
    await using setting = await start();
    const once = await newCode(setting);
    expect((await exchange(setting, once)).status).toBe(200);
    expect(await exchange(setting, once)).toMatchObject(invalidGrant);
    const elsewhere = await newCode(setting);
    const answer = await exchange(setting, elsewhere, { redirect_uri: `${redirectUri}?` });
    expect(answer).toMatchObject(invalidGrant);
    const slow = await newCode(setting);
    await setting.clock.advance(60_000);
    expect(await exchange(setting, slow)).toMatchObject(invalidGrant);
    expect(await exchange(setting, 'GB/none')).toMatchObject(invalidGrant);
    expect(setting.simulator.report().grantRefusals).toEqual({
      used: 1,
      'wrong-redirect-uri': 1,
      expired: 1,
      unknown: 1,
    });
  });

  test.each(['S256', 'plain'])('a %s challenge needs its verifier', async (method) => {
    await using setting = await start();
    const verifier = 'v'.repeat(43);
    const hashed = createHash('sha256').update(verifier).digest('base64url');
    const challenge = {
      code_challenge: method === 'S256' ? hashed : verifier,
      code_challenge_method: method,
    };
    const right = await newCode(setting, challenge);
    expect((await exchange(setting, right, { code_verifier: verifier })).status).toBe(200);
    for (const wrong of [{}, { code_verifier: 'w'.repeat(43) }]) {
      expect(await exchange(setting, await newCode(setting, challenge), wrong)).toMatchObject(invalidGrant);
    }
  });

  test('the code belongs to the tenant that was asked for', async () => {
    await using setting = await start({ tenants: [{ name: 'north' }, { name: 'south' }] });
    const code = await newCode(setting, { simulator_tenant: 'south' });
    const token = String(fieldOf((await exchange(setting, code)).body, 'access_token'));
    const answer = await fetch(`${setting.simulator.sageUrl}/user`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await answer.json()).toMatchObject({ displayed_as: 'south' });
  });
});

describe('refresh', () => {
  test('gives a new refresh token each time; the used one is dead', async () => {
    await using setting = await start();
    const first = await refresh(setting, setting.refreshToken);
    const next = String(fieldOf(first.body, 'refresh_token'));
    expect(next).not.toBe(setting.refreshToken);
    expect(await refresh(setting, setting.refreshToken)).toMatchObject(invalidGrant);
    expect((await refresh(setting, next)).status).toBe(200);
    expect(setting.simulator.report().grantRefusals).toEqual({ used: 1 });
  });

  test('an unused token is dead once a newer one was given', async () => {
    await using setting = await start();
    await exchange(setting, await newCode(setting));
    expect(await refresh(setting, setting.refreshToken)).toMatchObject(invalidGrant);
    expect(setting.simulator.report().grantRefusals).toEqual({ superseded: 1 });
  });

  test('a refresh token lives 31 days', async () => {
    await using setting = await start();
    await setting.clock.advance(31 * 86_400_000 - 1);
    const answer = await refresh(setting, setting.refreshToken);
    expect(answer.status).toBe(200);
    await setting.clock.advance(31 * 86_400_000);
    expect(await refresh(setting, String(fieldOf(answer.body, 'refresh_token')))).toMatchObject(invalidGrant);
    expect(setting.simulator.report().grantRefusals).toEqual({ expired: 1 });
  });

  test('an earlier access token works on until it expires', async () => {
    await using setting = await start();
    const first = await refresh(setting, setting.refreshToken);
    await refresh(setting, String(fieldOf(first.body, 'refresh_token')));
    const answer = await fetch(`${setting.simulator.sageUrl}/contacts`, {
      headers: { authorization: `Bearer ${String(fieldOf(first.body, 'access_token'))}` },
    });
    expect(answer.status).toBe(200);
  });
});

describe('clients and mistakes', () => {
  test('the secret goes into the body or a Basic header, and the report tells which', async () => {
    await using setting = await start();
    const { simulator, client, refreshToken } = setting;
    const credentials = Buffer.from(`${client['client_id']}:${client['client_secret']}`).toString('base64');
    const basic = await postForm(
      simulator.tokenUrl,
      { grant_type: 'refresh_token', refresh_token: refreshToken },
      { authorization: `Basic ${credentials}` },
    );
    expect(basic.status).toBe(200);
    expect((await refresh(setting, String(fieldOf(basic.body, 'refresh_token')))).status).toBe(200);
    expect(simulator.report().clientAuthentication).toEqual({ body: 1, basic: 1 });
  });

  test.each([
    [{ client_secret: 'wrong' }, 'invalid_client'],
    [{ client_id: 'wrong' }, 'invalid_client'],
    [{ grant_type: 'client_credentials' }, 'unsupported_grant_type'],
    [{ grant_type: 'authorization_code' }, 'invalid_request'],
    [{ refresh_token: 'made-up' }, 'invalid_grant'],
  ])('%j answers 400 %s', async (change, error) => {
    await using setting = await start();
    const fields = {
      ...setting.client,
      grant_type: 'refresh_token',
      refresh_token: setting.refreshToken,
      ...change,
    };
    const answer = await postForm(setting.simulator.tokenUrl, fields);
    expect(answer).toMatchObject({ status: 400, body: { error } });
  });

  test('anything but a form is an invalid request', async () => {
    await using setting = await start();
    const answer = await fetch(setting.simulator.tokenUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...setting.client, grant_type: 'refresh_token' }),
    });
    expect([answer.status, await answer.json()]).toEqual([400, { error: 'invalid_request' }]);
  });
});

test('a revoked grant is over', async () => {
  await using setting = await start();
  const { simulator, client, refreshToken } = setting;
  const revoke = (token: string): Promise<SageAnswer> => postForm(simulator.revokeUrl, { ...client, token });
  expect(await revoke(refreshToken)).toMatchObject({ status: 200, body: { success: 'ok' } });
  expect(await refresh(setting, refreshToken)).toMatchObject(invalidGrant);
  expect(await revoke('made-up')).toMatchObject(invalidGrant);
  expect(await postForm(simulator.revokeUrl, { token: refreshToken })).toMatchObject({
    status: 400,
    body: { error: 'invalid_client' },
  });
  expect(simulator.report().grantRefusals).toEqual({ revoked: 1 });
});
