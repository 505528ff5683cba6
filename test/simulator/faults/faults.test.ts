import { describe, expect, test } from 'vitest';
import type { Fault } from '../../../src/simulator/faults/fault.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { startSimulator } from '../../../src/simulator/start-simulator.ts';
import type { ManualClock } from '../manual-clock.ts';
import { createManualClock } from '../manual-clock.ts';
import type { SageAnswer, SageSession } from '../sage-session.ts';
import { openSession, postForm } from '../sage-session.ts';

interface Setting extends AsyncDisposable {
  readonly clock: ManualClock;
  readonly simulator: Simulator;
  readonly session: SageSession;
}

async function start(...faults: readonly Fault[]): Promise<Setting> {
  const clock = createManualClock();
  const simulator = await startSimulator({ clock, initialObjects: 10 });
  const session = await openSession(simulator);
  simulator.faults.add(...faults);
  return { clock, simulator, session, [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose]() };
}

describe('answers instead of Sage', () => {
  test.each<[Fault, number, Record<string, string>, string]>([
    [{ kind: 'rate-limit' }, 429, {}, '[{"$severity":"error","$dataCode":"RateLimitExceeded"'],
    [{ kind: 'rate-limit', retryAfter: '7' }, 429, { 'retry-after': '7' }, '[{'],
    [{ kind: 'expired-token' }, 401, {}, 'The access token has expired.'],
    [{ kind: 'subscription-ended' }, 401, {}, 'No active subscription. (MSE)'],
    [{ kind: 'access-denied' }, 403, {}, '"MultiUserAccessDenied"'],
    [{ kind: 'server-error' }, 500, {}, '[{"$severity":"error","$dataCode":"UnexpectedError"'],
    [{ kind: 'unavailable', retryAfter: 'Mon, 02 Mar 2026 09:10:00 GMT' }, 503, {}, '[{'],
    [{ kind: 'gateway-timeout' }, 504, { 'content-type': 'text/html' }, '<html>'],
    [{ kind: 'status', status: 525 }, 525, {}, ''],
  ])('%j', async (fault, status, headers, text) => {
    await using setting = await start(fault);
    const answer = await setting.session.get('/contacts');
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(text);
    expect(Object.fromEntries(answer.headers)).toMatchObject(headers);
    expect((await setting.session.get('/contacts')).status).toBe(200);
  });

  test('a 429 has no Retry-After unless told', async () => {
    await using setting = await start({ kind: 'rate-limit' });
    expect((await setting.session.get('/contacts')).headers.has('retry-after')).toBe(false);
  });

  test.each([
    ['before', {}],
    ['after', { used: 1 }],
  ] as const)('a token request whose connection is cut %s the work', async (when, grantRefusals) => {
    await using simulator = await startSimulator({ clock: createManualClock(), initialObjects: 0 });
    simulator.faults.add({ kind: 'drop', when, on: 'token' });
    await expect(renew(simulator)).rejects.toThrow('fetch failed');
    expect((await renew(simulator)).status).toBe(when === 'before' ? 200 : 400);
    expect(simulator.report().grantRefusals).toEqual(grantRefusals);
    expect(simulator.traffic.report().byStatus).toMatchObject({ dropped: 1 });
  });

  test('a body is cut in the middle', async () => {
    await using setting = await start({ kind: 'truncate' });
    await expect(setting.session.get('/contacts')).rejects.toThrow('terminated');
    expect((await setting.session.get('/contacts')).status).toBe(200);
  });

  test('a body goes on until the reader hangs up', async () => {
    await using setting = await start({ kind: 'endless-body' });
    const abort = new AbortController();
    const answer = await fetch(`${setting.simulator.sageUrl}/contacts`, {
      headers: { authorization: `Bearer ${setting.session.accessToken}` },
      signal: abort.signal,
    });
    let bytes = 0;
    for await (const chunk of answer.body ?? []) {
      bytes += chunk.length;
      if (bytes > 1_000_000) break;
    }
    abort.abort();
    expect(bytes).toBeGreaterThan(1_000_000);
    expect((await setting.session.get('/contacts')).status).toBe(200);
  });

  test('a slow answer takes its time', async () => {
    await using setting = await start({ kind: 'slow', delayMs: 30_000 });
    const answer = setting.session.get('/contacts');
    await waitUntil(() => setting.clock.waiting() === 1);
    expect(setting.simulator.traffic.inFlight(setting.session.tenant.clientId)).toBe(1);
    await setting.clock.advance(30_000);
    expect((await answer).status).toBe(200);
  });
});

describe('bent answers', () => {
  test('a wrong Date header changes nothing else', async () => {
    await using setting = await start({ kind: 'date-skew', skewMs: -600_000 });
    expect((await setting.session.get('/contacts')).headers.get('date')).toBe(
      'Mon, 02 Mar 2026 08:50:00 GMT',
    );
    expect((await setting.session.get('/contacts')).headers.get('date')).toBe(
      'Mon, 02 Mar 2026 09:00:00 GMT',
    );
  });

  test('an unstable order has the same items elsewhere', async () => {
    await using setting = await start({ kind: 'shuffle', count: 2 });
    const orders: string[] = [];
    for (let request = 0; request < 3; request += 1) {
      const page = await setting.session.list('/products');
      orders.push(page.$items.map(({ id }) => id).join());
    }
    expect(new Set(orders).size).toBe(3);
    expect(new Set(orders.map((order) => order.split(',').toSorted().join())).size).toBe(1);
  });

  test('a next link is missing, a page comes again, a total is wrong', async () => {
    await using setting = await start(
      { kind: 'omit-next' },
      { kind: 'repeat-page', contains: 'page=2' },
      { kind: 'wrong-total', by: -3, skip: 2 },
    );
    const { list } = setting.session;
    const first = await list('/products?items_per_page=4');
    expect(first.$next).toBeNull();
    const second = await list('/products?items_per_page=4&page=2');
    expect(second).toMatchObject({ $page: 2, $total: 10, $items: first.$items });
    expect((await list('/products?items_per_page=4')).$total).toBe(7);
  });

  test.each([
    ['CREATED', 11],
    ['UPDATED', 10],
    ['DELETED', 9],
  ] as const)('%s between two pages', async (change, total) => {
    await using setting = await start({ kind: 'change-between-pages', change, path: '/products' });
    const { simulator, session } = setting;
    const before = simulator.truth.length;
    const first = await session.list('/products?items_per_page=4');
    expect(first.$total).toBe(10);
    expect(simulator.truth).toHaveLength(before + 1);
    const entry = simulator.truth.at(-1);
    expect(entry).toMatchObject({ type: change, resource: 'products' });
    expect(first.$items.some(({ id }) => id === entry?.id)).toBe(change !== 'CREATED');
    expect((await session.list('/products?items_per_page=4&page=2')).$total).toBe(total);
  });
});

describe('scope', () => {
  test('count, skip, path, tenant and text choose the requests', async () => {
    await using setting = await start(
      { kind: 'status', status: 500, path: '/contacts', skip: 1, count: 2 },
      { kind: 'status', status: 502, path: '/products', contains: 'page=2', count: 'always' },
      { kind: 'status', status: 503, tenant: 'somebody else', count: 'always' },
    );
    const statuses: number[] = [];
    for (const path of [
      '/contacts',
      '/contacts',
      '/contacts?page=2',
      '/contacts',
      '/products',
      '/products?page=2',
      '/products?page=2',
    ]) {
      statuses.push((await setting.session.get(path)).status);
    }
    expect(statuses).toEqual([200, 500, 500, 200, 200, 502, 502]);
    expect(setting.simulator.faults.list().map(({ matched, fired }) => [matched, fired])).toEqual([
      [4, 2],
      [2, 2],
      [0, 0],
    ]);
    setting.simulator.faults.clear();
    expect((await setting.session.get('/products?page=2')).status).toBe(200);
  });

  test('a probability comes from the seed', async () => {
    const runs: string[] = [];
    for (let run = 0; run < 2; run += 1) {
      await using setting = await start({ kind: 'server-error', probability: 0.4 });
      let statuses = '';
      for (let request = 0; request < 20; request += 1) {
        statuses += (await setting.session.get('/contacts')).status === 500 ? 'x' : '.';
      }
      runs.push(statuses);
    }
    expect(runs[0]).toBe(runs[1]);
    expect(runs[0]).toMatch(/^(?=.*x)(?=.*\.)/);
  });
});

describe('accounting of requests', () => {
  test('the most in one second, in flight and per business', async () => {
    await using setting = await start();
    const { clock, simulator, session } = setting;
    for (const pauseMs of [0, 0, 999, 1, 999, 58_000, 1000]) {
      await clock.advance(pauseMs);
      await session.get('/contacts');
    }
    expect(simulator.traffic.report()).toMatchObject({
      requests: 8,
      maxPerSecondPerApp: 3,
      maxInFlightPerApp: 1,
      maxPerMinutePerBusiness: 6,
      refreshes: 1,
      maxRefreshesInFlightPerGrant: 1,
    });
    expect(simulator.traffic.lines().at(-1)).toMatchObject({
      path: '/v3.1/contacts',
      tenant: 'north',
      status: 200,
    });
  });

  test('two refreshes of one grant at once are seen', async () => {
    await using setting = await start({ kind: 'slow', delayMs: 50, on: 'token', count: 2 });
    const { clock, simulator } = setting;
    const renewals = [renew(simulator), renew(simulator)];
    await waitUntil(() => clock.waiting() === 2);
    await clock.advance(50);
    await Promise.all(renewals);
    expect(simulator.traffic.report()).toMatchObject({ refreshes: 3, maxRefreshesInFlightPerGrant: 2 });
  });

  test('more in flight than allowed is a 429', async () => {
    const clock = createManualClock();
    await using simulator = await startSimulator({ clock, initialObjects: 0, maxInFlight: 1 });
    const session = await openSession(simulator);
    simulator.faults.add({ kind: 'slow', delayMs: 50 });
    const slow = session.get('/contacts');
    await waitUntil(() => clock.waiting() === 1);
    expect((await session.get('/contacts')).status).toBe(429);
    await clock.advance(50);
    expect((await slow).status).toBe(200);
    expect(simulator.traffic.report().maxInFlightPerApp).toBe(2);
  });
});

/** Spends the first tenant's first refresh token. */
async function renew({ tokenUrl, tenants: [tenant] }: Simulator): Promise<SageAnswer> {
  return await postForm(tokenUrl, {
    grant_type: 'refresh_token',
    refresh_token: tenant?.refreshToken ?? '',
    client_id: tenant?.clientId ?? '',
    client_secret: tenant?.clientSecret ?? '',
  });
}

/** Lets the sockets run until the condition holds; the test's own timeout ends a wait in vain. */
async function waitUntil(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

test('a fault begins and ends when it says so', async () => {
  const clock = createManualClock();
  await using simulator = await startSimulator({ clock, initialObjects: 0 });
  simulator.faults.add({ kind: 'status', status: 503, afterMs: 10_000, forMs: 20_000, on: 'callback' });
  const statuses: number[] = [];
  for (const seconds of [9, 1, 19, 1]) {
    await clock.advance(seconds * 1000);
    statuses.push((await fetch(simulator.callbackUrl('north'), { method: 'POST', body: '{}' })).status);
  }
  expect(statuses).toEqual([401, 503, 503, 401]);
});
