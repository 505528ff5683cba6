import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { signRequest } from '../../src/sage/sign-request.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import type { Tenant } from '../../src/simulator/tenant.ts';
import type { ManualClock } from './manual-clock.ts';
import { createManualClock } from './manual-clock.ts';
import type { SageAnswer } from './sage-session.ts';
import { fieldOf, postForm, readAnswer } from './sage-session.ts';

interface LegacySession {
  readonly tenant: Tenant;
  readonly token: SageAnswer;
  readonly get: (path: string, headers?: Record<string, string | undefined>) => Promise<SageAnswer>;
}

async function signIn(simulator: Simulator): Promise<LegacySession> {
  const [tenant] = simulator.tenants;
  if (tenant === undefined) throw new Error('no tenant');
  const token = await postForm(simulator.legacyTokenUrl, {
    grant_type: 'refresh_token',
    refresh_token: tenant.refreshToken,
    client_id: tenant.clientId,
    client_secret: tenant.clientSecret,
  });
  const usual = {
    authorization: `Bearer ${String(fieldOf(token.body, 'access_token'))}`,
    'ocp-apim-subscription-key': tenant.subscriptionKey,
    'x-site': tenant.resourceOwnerId,
  };
  return {
    tenant,
    token,
    get: async (path, headers = {}) => {
      const given = Object.entries({ ...usual, ...headers }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value] as const],
      );
      return readAnswer(await fetch(`${simulator.legacyUrl}${path}`, { headers: Object.fromEntries(given) }));
    },
  };
}

const start = async (
  clock: ManualClock = createManualClock(),
  legacySignature: 'ignore' | 'require' = 'ignore',
) => startSimulator({ clock, initialObjects: 3, choices: { legacySignature } });

describe('the simulated v3 API', () => {
  it('gives tokens of 40 digits for an hour, and says whose data they open', async () => {
    const clock = createManualClock();
    await using simulator = await start(clock);
    const { token, tenant, get } = await signIn(simulator);
    expect(token.body).toMatchObject({
      access_token: expect.stringMatching(/^[0-9a-f]{40}$/),
      expires_in: 3600,
      resource_owner_id: tenant.resourceOwnerId,
    });
    expect(token.body).not.toHaveProperty('refresh_token_expires_in');
    await clock.advance(3_599_000);
    expect((await get('/contacts')).status).toBe(200);
    await clock.advance(1000);
    expect((await get('/contacts')).status).toBe(401);
  });

  it('has the lists of v3.1, but those that came later, and links without its prefix', async () => {
    await using simulator = await start();
    const { get } = await signIn(simulator);
    const { body } = await get('/contacts?items_per_page=2&show_legacy_id=true');
    expect(body).toMatchObject({
      $total: 6,
      $next: '/contacts?page=2&items_per_page=2&show_legacy_id=true',
    });
    expect((await get('/analysis_types')).status).toBe(404);
  });

  it.each([
    ['ocp-apim-subscription-key', undefined, 'HeaderNotFound'],
    ['ocp-apim-subscription-key', 'another', 'AuthorizationFailure'],
    ['x-site', undefined, 'HeaderNotFound'],
    ['x-site', 'another', 'AuthorizationFailure'],
  ])('refuses a request whose %s is %s, as its gateway does', async (name, value, code) => {
    await using simulator = await start();
    const { get } = await signIn(simulator);
    const answer = await get('/contacts', { [name]: value });
    expect(answer).toMatchObject({
      status: 401,
      body: [{ $severity: 'APIM error', $dataCode: code }],
    });
  });

  it('looks at the signature only where it is told to', async () => {
    await using lenient = await start();
    expect((await (await signIn(lenient)).get('/contacts', { 'x-signature': 'wrong' })).status).toBe(200);
    await using strict = await start(createManualClock(), 'require');
    const { get, tenant, token } = await signIn(strict);
    const path = '/contacts?attributes=created_at,updated_at&search=a%20b+c';
    const nonce = 'd6657d14f6d3d9de453ff4b0dc686c6d';
    const url = new URL(`${strict.legacyUrl}${path}`);
    const resourceOwnerId = tenant.resourceOwnerId;
    const signature = signRequest(
      { version: 'v3', method: 'GET', url, nonce, body: '', resourceOwnerId },
      {
        signingSecret: new Secret(tenant.signingSecret),
        accessToken: new Secret(String(fieldOf(token.body, 'access_token'))),
      },
    );
    const headers = { 'x-nonce': nonce, 'x-signature': signature };
    expect((await get(path, headers)).status).toBe(200);
    expect((await get('/products', headers)).status).toBe(401);
    expect((await get(path, { ...headers, 'x-nonce': 'another' })).status).toBe(401);
  });
});
