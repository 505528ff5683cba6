import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../../src/simulator/faults/fault.ts';
import { startSimulator } from '../../../src/simulator/start-simulator.ts';
import { createManualClock } from '../manual-clock.ts';
import { sendNotification } from '../send-notification.ts';

const event = {
  eventId: 'e1',
  objectId: 'o1',
  objectType: 'customers',
  eventType: 'UPDATED',
  date: '2026-03-02T09:00:00Z',
};

test('a signed notification is taken in and recorded whole', async () => {
  const clock = createManualClock();
  await using simulator = await startSimulator({ clock, tenants: [{ name: 'north sea' }] });
  const raw = { customers: [{ id: 'o0' }, { id: 'o1', displayed_as: 'One' }] };
  expect(await sendNotification(simulator, { tenant: 'north sea', events: [event], raw })).toBe(200);
  const body = JSON.stringify({ severity: 'medium', action: 'create', message: { raw, events: [event] } });
  expect(simulator.ledger).toEqual([
    {
      sequence: 1,
      receivedAtMs: clock.nowMs(),
      tenant: 'north sea',
      webhookId: 'msg_1',
      events: [{ ...event, record: { id: 'o1', displayed_as: 'One' } }],
      bodyHash: createHash('sha256').update(body).digest('hex'),
      platformSignature: 'valid',
      standardSignature: 'valid',
      status: 200,
      isProcessed: true,
    },
  ]);
});

test.each([
  ['its own', { messageEventId: 'm1' }, 'e1', {}],
  ["the message's", { messageEventId: 'm1' }, 'm1', { eventId: undefined }],
  ['the webhook id', {}, 'msg_1', { eventId: undefined }],
])('an event is known by %s', async (_name, notification, eventId, change) => {
  await using simulator = await startSimulator({ clock: createManualClock() });
  const { eventId: own, ...rest } = { ...event, ...change };
  const events = [own === undefined ? rest : { ...rest, eventId: own }];
  await sendNotification(simulator, { tenant: 'north', events, ...notification });
  expect(simulator.ledger[0]?.events[0]?.eventId).toBe(eventId);
});

describe('signatures', () => {
  test.each([
    ['elements-webhook-signature', 'sha256=AAAA', 401, 'invalid', 'valid'],
    ['elements-webhook-signature', '', 401, 'missing', 'valid'],
    ['webhook-signature', 'v1,AAAA', 401, 'valid', 'invalid'],
    ['webhook-signature', '', 401, 'valid', 'invalid'],
    ['webhook-id', 'other', 401, 'valid', 'invalid'],
    ['webhook-timestamp', '1', 401, 'valid', 'invalid'],
    ['webhook-timestamp', 'now', 401, 'valid', 'invalid'],
  ])('%s "%s" answers %i', async (header, value, status, platformSignature, standardSignature) => {
    await using simulator = await startSimulator({ clock: createManualClock() });
    const headers = { [header]: value };
    expect(await sendNotification(simulator, { tenant: 'north', events: [event], headers })).toBe(status);
    expect(simulator.ledger).toMatchObject([
      { platformSignature, standardSignature, isProcessed: false, status },
    ]);
    expect(simulator.report().comparison.badSignatures).toBe(1);
  });

  test('the platform alone is enough, as it was for the platform', async () => {
    await using simulator = await startSimulator({ clock: createManualClock() });
    const headers = { 'webhook-id': '', 'webhook-timestamp': '', 'webhook-signature': '' };
    expect(await sendNotification(simulator, { tenant: 'north', events: [event], headers })).toBe(200);
    expect(simulator.ledger).toMatchObject([{ standardSignature: 'missing', isProcessed: true }]);
    expect(simulator.report().comparison.badSignatures).toBe(0);
  });
});

test.each([
  ['GET', undefined, 405],
  ['POST', 'nothing', 401],
])('%s of "%s" is answered %i', async (method, body, status) => {
  await using simulator = await startSimulator({ clock: createManualClock() });
  const answer = await fetch(simulator.callbackUrl('north'), {
    method,
    ...(body === undefined ? {} : { body }),
  });
  expect(answer.status).toBe(status);
  expect(simulator.ledger).toMatchObject([{ events: [], isProcessed: false, status }]);
});

test('an unknown tenant is a 404, a body without events a 400', async () => {
  await using simulator = await startSimulator({ clock: createManualClock() });
  const url = new URL('/callback/west', simulator.callbackUrl('north'));
  expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(404);
  expect(simulator.ledger).toEqual([]);
  expect(await sendNotification(simulator, { tenant: 'north', events: [] })).toBe(400);
});

describe('faults', () => {
  test.each<[Fault, readonly (number | 'cut')[], readonly boolean[]]>([
    [{ kind: 'status', status: 500, count: 2 }, [500, 500, 200], [false, false, true]],
    [{ kind: 'status', status: 202 }, [202, 200, 200], [true, true, true]],
    [
      { kind: 'status', status: 410, contains: 'o1', count: 'always' },
      [410, 410, 410],
      [false, false, false],
    ],
    [{ kind: 'status', status: 500, contains: 'o2', count: 'always' }, [200, 200, 200], [true, true, true]],
    [{ kind: 'unavailable', retryAfter: '9', skip: 1 }, [200, 503, 200], [true, false, true]],
    [{ kind: 'drop', when: 'before' }, ['cut', 200, 200], [false, true, true]],
    [{ kind: 'drop', when: 'after' }, ['cut', 200, 200], [true, true, true]],
    [{ kind: 'drop', when: 'before', tenant: 'south', count: 'always' }, [200, 200, 200], [true, true, true]],
  ])('%j', async (fault, statuses, processed) => {
    await using simulator = await startSimulator({
      clock: createManualClock(),
      tenants: [{ name: 'north' }, { name: 'south' }],
    });
    simulator.faults.add({ ...fault, on: 'callback' });
    const got: (number | 'cut')[] = [];
    for (let request = 0; request < 3; request += 1) {
      got.push(await sendNotification(simulator, { tenant: 'north', events: [event] }));
    }
    expect(got).toEqual(statuses);
    expect(simulator.ledger.map(({ isProcessed }) => isProcessed)).toEqual(processed);
  });

  test('a slow receiver answers when its time has come', async () => {
    const clock = createManualClock();
    await using simulator = await startSimulator({ clock });
    simulator.faults.add({ on: 'callback', kind: 'slow', delayMs: 30_000 });
    const answer = sendNotification(simulator, { tenant: 'north', events: [event] });
    while (clock.waiting() === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(simulator.ledger).toEqual([]);
    await clock.advance(30_000);
    expect(await answer).toBe(200);
    expect(simulator.ledger[0]?.receivedAtMs).toBe(clock.nowMs());
  });
});
