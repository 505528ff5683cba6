import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { startSimulator } from '../../../src/simulator/start-simulator.ts';
import { createManualClock } from '../manual-clock.ts';
import type { SageAnswer } from '../sage-session.ts';
import { fieldOf, openSession, readAnswer } from '../sage-session.ts';
import { sendNotification } from '../send-notification.ts';

async function control(
  { controlUrl }: Simulator,
  method: string,
  path: string,
  body?: unknown,
): Promise<SageAnswer> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  return await readAnswer(await fetch(`${controlUrl}${path}`, init));
}

describe('another process sees', () => {
  test('what there is to ask for', async () => {
    await using simulator = await startSimulator({ clock: createManualClock(), initialObjects: 1 });
    const routes = await control(simulator, 'GET', '');
    expect(routes).toMatchObject({ status: 200 });
    expect(routes.body).toEqual(
      expect.arrayContaining(['GET /report', 'POST /faults', 'GET /instance/TENANT']),
    );
  });

  test('the report, the truth and the ledger, without the records', async () => {
    const clock = createManualClock();
    await using simulator = await startSimulator({ clock, initialObjects: 1 });
    await openSession(simulator);
    await clock.advance(1000);
    const { id, updatedAt } = simulator.world.create('north', 'customers');
    const event = {
      eventId: 'e',
      objectId: id,
      objectType: 'customers',
      eventType: 'CREATED',
      date: updatedAt,
    };
    await sendNotification(simulator, { tenant: 'north', events: [event], raw: { customers: [{ id }] } });
    const report = await control(simulator, 'GET', '/report');
    expect(report.body).toEqual(structuredClone(simulator.report()));
    expect(report.body).toMatchObject({
      comparison: { delivered: 1, isClean: true },
      deliveries: 1,
      events: 1,
    });
    const truth = (await control(simulator, 'GET', '/truth')).body;
    expect(truth).toHaveLength(simulator.truth.length);
    expect(fieldOf(truth, String(simulator.truth.length - 1))).toEqual({
      sequence: simulator.truth.length,
      tenant: 'north',
      resource: 'customers',
      path: 'contacts',
      id,
      version: 1,
      type: 'CREATED',
      seenIn: 'changes',
      updatedAt,
      changedAtMs: clock.nowMs(),
      visibleAtMs: clock.nowMs(),
      hash: simulator.truth.at(-1)?.hash,
    });
    const ledger = (await control(simulator, 'GET', '/ledger')).body;
    expect(ledger).toMatchObject([{ sequence: 1, tenant: 'north', status: 200, events: [event] }]);
    expect(JSON.stringify(ledger)).not.toContain('record');
  });

  test('tenants, instance files, assumptions and requests', async () => {
    await using simulator = await startSimulator({
      clock: createManualClock(),
      tenants: [{ name: 'north sea' }],
    });
    const { list } = await openSession(simulator);
    await list('/contacts?attributes=created_at,updated_at');
    expect((await control(simulator, 'GET', '/tenants')).body).toEqual(simulator.tenants);
    expect((await control(simulator, 'GET', '/assumptions')).body).toEqual(simulator.assumptions);
    expect((await control(simulator, 'GET', '/requests')).body).toMatchObject([
      { endpoint: 'token', method: 'POST', path: '/token', tenant: 'north sea', status: 200 },
      { endpoint: 'accounting', path: '/v3.1/contacts?attributes=created_at,updated_at' },
    ]);
    const file = await control(simulator, 'GET', '/instance/north%20sea');
    expect(parse(file.text)).toEqual(parse(simulator.instanceFile('north sea')));
    expect((await control(simulator, 'GET', '/instance/west')).status).toBe(404);
  });
});

describe('another process makes', () => {
  test('another business the lead', async () => {
    const tenants = [
      { name: 'north', user: 'alex' },
      { name: 'south', user: 'alex' },
    ];
    await using simulator = await startSimulator({ clock: createManualClock(), tenants });
    const { get } = await openSession(simulator);
    expect((await control(simulator, 'POST', '/lead', { tenant: 'south' })).status).toBe(200);
    const [, south] = simulator.tenants;
    expect((await get('/contacts')).headers.get('x-business')).toBe(south?.businessId);
  });

  test('faults, one or several, and takes them back', async () => {
    await using simulator = await startSimulator({ clock: createManualClock() });
    const { get } = await openSession(simulator);
    const one = { kind: 'rate-limit', count: 'always' };
    expect((await control(simulator, 'POST', '/faults', one)).status).toBe(200);
    await control(simulator, 'POST', '/faults', [{ kind: 'drop', when: 'after', on: 'callback' }]);
    expect((await get('/contacts')).status).toBe(429);
    expect((await control(simulator, 'GET', '/faults')).body).toEqual([
      { fault: one, matched: 1, fired: 1 },
      { fault: { kind: 'drop', when: 'after', on: 'callback' }, matched: 0, fired: 0 },
    ]);
    await control(simulator, 'DELETE', '/faults');
    expect((await get('/contacts')).status).toBe(200);
  });

  test('no fault of a list in which one is wrong', async () => {
    await using simulator = await startSimulator({ clock: createManualClock() });
    const answer = await control(simulator, 'POST', '/faults', [{ kind: 'shuffle' }, { kind: 'slow' }]);
    expect(answer).toMatchObject({
      status: 400,
      body: { error: 'a fault of kind "slow" needs "delayMs": milliseconds' },
    });
    expect(simulator.faults.list()).toEqual([]);
  });

  test('changes at once, at a rate, and their end', async () => {
    const clock = createManualClock();
    await using simulator = await startSimulator({ clock, initialObjects: 0 });
    expect((await control(simulator, 'POST', '/changes', { count: 7 })).body).toHaveLength(7);
    await control(simulator, 'POST', '/start', { changesPerSecond: 1 });
    await clock.advance(1000);
    expect(simulator.truth).toHaveLength(9);
    expect((await control(simulator, 'POST', '/stop')).body).toEqual({ changes: 9 });
    await clock.advance(5000);
    expect((await control(simulator, 'POST', '/quiesce')).body).toEqual({ changes: 9 });
  });
});

test.each([
  ['POST', '/changes', {}, 400],
  ['POST', '/changes', { count: -1 }, 400],
  ['POST', '/start', { total: 3 }, 400],
  ['POST', '/start', { changesPerSecond: 0 }, 400],
  ['POST', '/lead', { tenant: 'west' }, 400],
  ['GET', '/nothing', undefined, 404],
  ['PUT', '/faults', {}, 404],
])('%s %s with %j is refused', async (method, path, body, status) => {
  await using simulator = await startSimulator({ clock: createManualClock() });
  const answer = await control(simulator, method, path, body);
  expect(answer.status).toBe(status);
  expect(fieldOf(answer.body, 'error')).toContain('expected');
});
