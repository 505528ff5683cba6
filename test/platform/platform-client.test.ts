import { describe, expect, it, test } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { createPlatformClient, type PlatformClient } from '../../src/platform/platform-client.ts';
import { documentedErrors, providerErrors } from '../../src/platform/platform-errors.ts';
import type { PlatformResult } from '../../src/platform/platform-failure.ts';
import type { HttpResponse, SendHttp } from '../../src/sage/http.ts';
import { openHttpClient } from '../../src/sage/http.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { liveDefinition } from './simulated-platform.ts';

/** What each documented error tells the user to do, in the words that he needs. */
const sayings: readonly { readonly status: number; readonly words: readonly string[] }[] = [
  { status: 400, words: ['missing or wrong', 'sagecfg validate'] },
  { status: 401, words: ['User Secret', 'SAGECFG_USER_SECRET', 'platform.baseUrl'] },
  { status: 403, words: ['may not do that', 'right to manage instances'] },
  { status: 404, words: ['no such instance', 'sagecfg plan again'] },
  { status: 405, words: ['platform.baseUrl'] },
  { status: 406, words: ['JSON', 'platform.baseUrl'] },
  { status: 409, words: ['contradicts', 'sagecfg plan again'] },
  { status: 415, words: ['JSON', 'platform.baseUrl'] },
  { status: 429, words: ['too many requests', '--concurrency 1'] },
  { status: 500, words: ['run it again', 'request id'] },
  { status: 502, words: ['gateway', 'run it again'] },
  { status: 503, words: ['not available', 'run it again later'] },
  { status: 504, words: ['gateway', 'run it again'] },
];

test('every documented status has a row here', () => {
  expect(sayings.map(({ status }) => status)).toEqual(documentedErrors.map(({ status }) => status));
});

test.each(sayings)('$status is told with what it means and what to do', async ({ status, words }) => {
  await using platform = await openSimulated();
  platform.simulator.faults.add({ on: 'instances', kind: 'status', status, count: 'always' });
  const message = messageOf(await platform.client.create({ value: {}, secrets: [] }));
  expect(message).toMatch(new RegExp(`^the platform answered ${status} ".+" \\(request [0-9a-f]{24}\\): `));
  for (const word of words) expect(message).toContain(word);
});

const providerSayings: readonly (readonly [answer: string, ...words: readonly string[]])[] = [
  ['invalid_grant', 'used up', '60 seconds', 'oauth.callback.url'],
  ['invalid_client', 'oauth.api.key', 'oauth.api.secret'],
  ['redirect_uri_mismatch', 'oauth.callback.url exactly'],
];

test('every known error of the provider has a row here', () => {
  const matched = providerErrors.map(({ pattern }) =>
    providerSayings.findIndex(([answer]) => pattern.test(answer)),
  );
  expect(matched).toEqual(providerSayings.map((_saying, index) => index));
});

test.each(providerSayings)('the provider’s %s is told with what to do', async (providerMessage, ...words) => {
  const text = JSON.stringify({ requestId: 'abc', message: 'Failed', providerMessage });
  const client = clientWith(async () => answer(400, text));
  const message = messageOf(await client.create({ value: {}, secrets: [] }));
  for (const word of words) expect(message).toContain(word);
});

describe('repeating', () => {
  it('waits as long as it is asked to, and gives up after five attempts', async () => {
    const waits: number[] = [];
    let calls = 0;
    const client = clientWith(
      async () => {
        calls += 1;
        return answer(429, '{"message":"slow down"}', { 'retry-after': '3' });
      },
      { waits },
    );
    expect(messageOf(await client.list())).toContain('429');
    expect([calls, waits]).toEqual([5, [3000, 3000, 3000, 3000]]);
  });

  it('tells at once when it is asked to wait for longer than a minute', async () => {
    const waits: number[] = [];
    const send: SendHttp = async () => answer(503, '{"message":"later"}', { 'retry-after': '3600' });
    expect(messageOf(await clientWith(send, { waits }).list())).toContain('503');
    expect(waits).toEqual([]);
  });

  it.each([500, 502, 503, 504])('does not create again after %i, which may have created', async (status) => {
    let calls = 0;
    const client = clientWith(async () => {
      calls += 1;
      return answer(status, '{}');
    });
    const created = await client.create({ value: {}, secrets: [] });
    expect(created).toMatchObject({ ok: false, failure: { isUncertain: true } });
    expect(calls).toBe(1);
  });

  it.each(['UND_ERR_SOCKET', 'ECONNRESET', 'UND_ERR_HEADERS_TIMEOUT'])(
    'does not create again after %s, for the answer may just be lost',
    async (code) => {
      let calls = 0;
      const client = clientWith(async () => {
        calls += 1;
        throw Object.assign(new Error('lost'), { code });
      });
      expect(await client.create({ value: {}, secrets: [] })).toMatchObject({
        failure: { isUncertain: true },
      });
      expect(await client.replace('1', { value: {}, secrets: [] })).toMatchObject({ ok: false });
      expect(calls).toBe(2);
      expect(messageOf(await client.list())).toContain(`no answer came from platform.example.com (${code})`);
      expect(calls).toBe(7);
    },
  );

  it('creates again when nobody was there to take the request', async () => {
    let calls = 0;
    const client = clientWith(async () => {
      calls += 1;
      throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    });
    expect(await client.create({ value: {}, secrets: [] })).toMatchObject({
      failure: { isUncertain: false },
    });
    expect(calls).toBe(5);
  });
});

describe('what is answered', () => {
  it('is read from all pages, and a 404 of the platform is an empty list', async () => {
    await using platform = await openSimulated();
    expect(await platform.client.list()).toEqual({ ok: true, value: [] });
    for (let index = 0; index < 450; index += 1) platform.simulator.instances.add(liveDefinition(index));
    const listed = await platform.client.list();
    expect(listed.ok && new Set(listed.value.map(({ id }) => id)).size).toBe(450);
  });

  it('is not taken for an empty list when a foreign server answers 404', async () => {
    const client = clientWith(async () => answer(404, '<html>not here</html>'));
    expect(messageOf(await client.list())).toContain('platform.baseUrl is not the address of the API');
  });

  it.each([
    ['{"items":[]}', 'no list of instances'],
    ['[{"id":1}]', 'no instance'],
    ['<html>', 'no list of instances'],
  ])('is refused when it is %s', async (text, says) => {
    expect(messageOf(await clientWith(async () => answer(200, text)).list())).toContain(says);
  });

  it('is refused when its pages come round again', async () => {
    const page = { 'elements-next-page-token': '2' };
    const client = clientWith(async () => answer(200, '[]', page));
    expect(messageOf(await client.list())).toContain('come round again');
  });

  it('is quoted without a secret that was sent, and without what a terminal would obey', async () => {
    const message = 'bad: planted-user planted-organization planted-code \u001B[31mred';
    const client = clientWith(async () => answer(400, JSON.stringify({ message })));
    const told = messageOf(await client.create({ value: {}, secrets: ['planted-code'] }));
    expect(told).not.toContain('planted');
    expect(told).not.toContain('\u001B');
    expect(told).toContain('bad: [secret] [secret] [secret]');
  });
});

interface SimulatedPlatform extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly client: PlatformClient;
}

async function openSimulated(): Promise<SimulatedPlatform> {
  const simulator = await startSimulator({ initialObjects: 0 });
  const http = openHttpClient({ connectionsPerOrigin: 2 });
  const { userSecret, organizationSecret } = simulator.instances;
  const account = {
    baseUrl: simulator.platformUrl,
    userSecret: new Secret(userSecret),
    organizationSecret: new Secret(organizationSecret),
  };
  return {
    simulator,
    client: createPlatformClient({ account, send: http.send, clock: impatientClock([]) }),
    [Symbol.asyncDispose]: async () => {
      await http[Symbol.asyncDispose]();
      await simulator[Symbol.asyncDispose]();
    },
  };
}

function clientWith(send: SendHttp, { waits = [] }: { readonly waits?: number[] } = {}): PlatformClient {
  const account = {
    baseUrl: 'https://platform.example.com/elements/api-v2',
    userSecret: new Secret('planted-user'),
    organizationSecret: new Secret('planted-organization'),
  };
  return createPlatformClient({ account, send, clock: impatientClock(waits) });
}

/** Notes what it should have waited. */
function impatientClock(waits: number[]) {
  return {
    now: () => 0,
    sleep: async (milliseconds: number) => {
      waits.push(milliseconds);
    },
  };
}

function answer(status: number, text: string, headers: HttpResponse['headers'] = {}): HttpResponse {
  return { status, text, headers };
}

function messageOf(result: PlatformResult<unknown>): string {
  if (result.ok) throw new Error('expected a failure');
  return result.failure.message;
}
