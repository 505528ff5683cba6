import { expect, test } from 'vitest';
import { startSimulator } from '../../../src/simulator/start-simulator.ts';
import { createManualClock } from '../manual-clock.ts';
import { openSession, postForm, readAnswer } from '../sage-session.ts';

test('errors are arrays with severity, code, message and source', async () => {
  await using simulator = await startSimulator({ clock: createManualClock(), initialObjects: 1 });
  const { accessToken } = await openSession(simulator);
  const token = { authorization: `Bearer ${accessToken}` };
  const ask = async (path: string, init: RequestInit): Promise<unknown> => {
    const { status, body } = await readAnswer(await fetch(`${simulator.sageUrl}${path}`, init));
    expect(body).toEqual([
      {
        $severity: 'error',
        $dataCode: expect.stringMatching(/^\w+$/),
        $message: expect.any(String),
        $source: expect.any(String),
      },
    ]);
    return status;
  };
  expect(await ask('/contacts', {})).toBe(401);
  expect(await ask('/contacts', { headers: { authorization: 'Bearer made-up' } })).toBe(401);
  expect(await ask('/customers', { headers: token })).toBe(404);
  expect(await ask('/contacts/none', { headers: token })).toBe(404);
  expect(await ask('/contacts/none/more', { headers: token })).toBe(404);
  expect(await ask('/contacts', { method: 'DELETE', headers: token })).toBe(405);
  expect(await ask('/contacts', { headers: { ...token, 'content-type': 'text/xml' } })).toBe(415);
});

test('an access token lives 300 seconds, and is forgotten later', async () => {
  const clock = createManualClock();
  await using simulator = await startSimulator({ clock, initialObjects: 1 });
  const { get, tenant, refreshToken: newest } = await openSession(simulator);
  await clock.advance(299_999);
  expect((await get('/contacts')).status).toBe(200);
  await clock.advance(1);
  const answer = await get('/contacts');
  expect(answer.status).toBe(401);
  expect(answer.text).toContain('expired');
  await clock.advance(2 * 3_600_000);
  await postForm(simulator.tokenUrl, {
    grant_type: 'refresh_token',
    refresh_token: newest,
    client_id: tenant.clientId,
    client_secret: tenant.clientSecret,
  });
  expect((await get('/contacts')).text).toContain('missing or unknown');
});

test("every answer has the date of Sage's clock and a request id of its own", async () => {
  const clock = createManualClock(Date.parse('2026-03-02T09:00:00Z'));
  await using simulator = await startSimulator({ clock, skewMs: 600_000, initialObjects: 0 });
  const { get } = await openSession(simulator);
  const answers = [await get('/contacts'), await get('/nothing')];
  expect(answers.map(({ headers }) => headers.get('date'))).toEqual(
    Array.from({ length: 2 }, () => 'Mon, 02 Mar 2026 09:10:00 GMT'),
  );
  const ids = answers.map(({ headers }) => headers.get('x_request_id'));
  expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(ids[0]).not.toBe(ids[1]);
  expect(simulator.world.create('north', 'products').updatedAt).toBe('2026-03-02T09:10:00Z');
});
