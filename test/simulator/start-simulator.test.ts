import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Clock } from '../../src/simulator/clock.ts';
import type { SimulatorOptions } from '../../src/simulator/simulator.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { createManualClock } from './manual-clock.ts';
import { openSession } from './sage-session.ts';

const clock = createManualClock();

test('it listens on loopback, on ports of its own, and closing frees them', async () => {
  const simulator = await startSimulator({ clock, initialObjects: 0 });
  const urls = [simulator.sageUrl, simulator.callbackUrl('north'), simulator.tokenUrl];
  expect(urls.map((url) => new URL(url).hostname)).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.1']);
  const ports = urls.map((url) => Number(new URL(url).port));
  expect(ports[0]).toBe(ports[2]);
  expect(ports[0]).not.toBe(ports[1]);
  await simulator[Symbol.asyncDispose]();
  await expect(fetch(simulator.sageUrl)).rejects.toThrow('fetch failed');
  await expect(fetch(simulator.callbackUrl('north'))).rejects.toThrow('fetch failed');
  await simulator[Symbol.asyncDispose]();
  await using again = await startSimulator({ clock, initialObjects: 0, port: ports[0] ?? 0 });
  expect(again.sageUrl).toBe(simulator.sageUrl);
});

test('closing ends what is slow, so that nothing keeps the process', async () => {
  const signals: (AbortSignal | undefined)[] = [];
  const watched: Clock = {
    nowMs: () => clock.nowMs(),
    wait: async (ms, signal) => {
      signals.push(signal);
      await clock.wait(ms, signal);
    },
  };
  const simulator = await startSimulator({ clock: watched, initialObjects: 0, changesPerSecond: 1 });
  simulator.faults.add({ kind: 'slow', delayMs: 60_000, on: 'token' });
  simulator.faults.add({ kind: 'slow', delayMs: 60_000, on: 'callback' });
  const requests = [simulator.tokenUrl, simulator.callbackUrl('north')].map((url) =>
    fetch(url, { method: 'POST', body: '{}' }),
  );
  while (signals.length < 3) await new Promise((resolve) => setImmediate(resolve));
  expect(signals.map((signal) => signal?.aborted)).toEqual([false, false, false]);
  await simulator[Symbol.asyncDispose]();
  expect(signals.map((signal) => signal?.aborted)).toEqual([true, true, true]);
  await Promise.allSettled(requests);
});

test('a port in use is said plainly, and the other port is free again', async () => {
  await using simulator = await startSimulator({ clock, initialObjects: 0 });
  const port = Number(new URL(simulator.sageUrl).port);
  const closed = await startSimulator({ clock, initialObjects: 0 });
  const callbackPort = Number(new URL(closed.callbackUrl('north')).port);
  await closed[Symbol.asyncDispose]();
  const message = `cannot listen on port ${port} of 127.0.0.1`;
  await expect(startSimulator({ clock, port, callbackPort })).rejects.toThrow(message);
  await using again = await startSimulator({ clock, initialObjects: 0, callbackPort });
  expect(again.callbackUrl('north')).toBe(closed.callbackUrl('north'));
});

test('a body over 16 MB is refused', async () => {
  await using simulator = await startSimulator({ clock, initialObjects: 0 });
  const send = async (bytes: number): Promise<number> =>
    (await fetch(simulator.callbackUrl('north'), { method: 'POST', body: new Uint8Array(bytes) })).status;
  expect(await send(16 * 1024 * 1024)).toBe(401);
  expect(await send(16 * 1024 * 1024 + 1)).toBe(413);
});

test.each<[SimulatorOptions, string]>([
  [{ port: 70_000 }, 'cannot listen on port 70000 of 127.0.0.1'],
  [{ tenants: [{ name: 'a' }, { name: 'a' }] }, 'two tenants are named "a"'],
  [{ polled: ['bills'] }, 'the simulator has no "bills": expected one of customers'],
  [{ changesPerSecond: -1 }, 'changesPerSecond is -1: expected 0 or more'],
  [{ total: Number.NaN }, 'total is NaN: expected 0 or more'],
])('%j is refused', async (options, message) => {
  await expect(startSimulator(options)).rejects.toThrow(message);
});

test('all tenants share one app, and each has a business, a grant and a key of its own', async () => {
  await using simulator = await startSimulator({
    clock,
    initialObjects: 0,
    tenants: [{ name: 'north' }, { name: 'south' }],
  });
  const distinct = (field: 'clientId' | 'businessId' | 'refreshToken' | 'signatureKey'): number =>
    new Set(simulator.tenants.map((tenant) => tenant[field])).size;
  expect(distinct('clientId')).toBe(1);
  expect([distinct('businessId'), distinct('refreshToken'), distinct('signatureKey')]).toEqual([2, 2, 2]);
});

test('the instance file is an instance of that tenant, ready to poll', async () => {
  await using simulator = await startSimulator({
    clock,
    tenants: [{ name: 'north' }, { name: '1e5' }],
    polled: ['customers', 'invoices'],
  });
  const [, tenant] = simulator.tenants;
  const datesConfiguration = {
    updatedDateField: 'updated_at',
    updatedDateFormat: "yyyy-MM-dd'T'HH:mm:ss'Z'",
    updatedDateTimezone: 'GMT',
    createdDateField: 'created_at',
    createdDateFormat: "yyyy-MM-dd'T'HH:mm:ss'Z'",
    createdDateTimezone: 'GMT',
  };
  expect(parse(simulator.instanceFile('1e5'))).toEqual({
    element: { key: 'sageone' },
    name: '1e5',
    tags: ['simulator'],
    configuration: {
      'oauth.api.key': tenant?.clientId,
      'oauth.api.secret': tenant?.clientSecret,
      'oauth.callback.url': 'http://localhost:8765/callback',
      'oauth.user.refresh_token': tenant?.refreshToken,
      country: 'GB',
      'event.notification.enabled': true,
      'event.notification.callback.url': simulator.callbackUrl('1e5'),
      'event.notification.signature.key': tenant?.signatureKey,
      'event.poller.refresh_interval': '1',
      'event.poller.configuration': {
        customers: { url: pollUrl('customers'), idField: 'id', datesConfiguration },
        invoices: { url: pollUrl('invoices'), idField: 'id', datesConfiguration },
      },
    },
  });
  expect(() => simulator.instanceFile('west')).toThrow('unknown tenant "west": expected one of north, 1e5');
});

test('what is not documented is listed, with the choice that holds', async () => {
  await using simulator = await startSimulator({ clock, choices: { defaultOrder: 'updated' } });
  expect(simulator.assumptions.length).toBeGreaterThan(15);
  expect(simulator.assumptions.find(({ choice }) => choice === 'defaultOrder')?.text).toContain(
    'last change',
  );
});

test('what existed before has timestamps of the last 90 days', async () => {
  await using simulator = await startSimulator({ clock, initialObjects: 20 });
  const oldest = clock.nowMs() - 90 * 86_400_000;
  const times = simulator.truth.map(({ changedAtMs }) => changedAtMs);
  expect(simulator.truth.length).toBeGreaterThan(80);
  expect(times.every((time) => time >= oldest && time < clock.nowMs())).toBe(true);
  const { list } = await openSession(simulator);
  expect((await list('/contacts')).$total).toBe(40);
});

function pollUrl(resource: string): string {
  return `/hubs/finance/${resource}?where=lastModifiedDate>='\${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}' and attributes='created_at,updated_at'`;
}
