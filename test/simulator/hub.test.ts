import { describe, expect, it } from 'vitest';
import type { SimulatorOptions } from '../../src/simulator/simulator.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { createManualClock } from './manual-clock.ts';
import type { SageAnswer } from './sage-session.ts';
import { readAnswer } from './sage-session.ts';

async function openHub(options: SimulatorOptions = {}): Promise<Simulator> {
  return startSimulator({ clock: createManualClock(), initialObjects: 0, ...options });
}

/** Asks the hub as the tenant's instance does. */
async function ask(
  simulator: Simulator,
  path: string,
  { authorization = authorizationOf(simulator) }: { readonly authorization?: string } = {},
): Promise<SageAnswer> {
  return readAnswer(await fetch(`${simulator.platformUrl}${path}`, { headers: { authorization } }));
}

function authorizationOf(simulator: Simulator): string {
  const [, token] = /^token: "(.+)"$/m.exec(simulator.instanceFile('north', 'hub')) ?? [];
  const { userSecret, organizationSecret } = simulator.instances;
  return `User ${userSecret}, Organization ${organizationSecret}, Element ${token}`;
}

function idsOf({ body }: SageAnswer): readonly unknown[] {
  return Array.isArray(body) ? body.map((item: { readonly id: unknown }) => item.id) : [];
}

const written = (where: string): string => `/hubs/finance/customers?where=${encodeURIComponent(where)}`;

describe('the simulated hub', () => {
  it('answers a list of records, with and without the name of the hub', async () => {
    await using simulator = await openHub();
    const { id } = simulator.world.create('north', 'customers');
    simulator.world.create('north', 'vendors');
    for (const path of ['/hubs/finance/customers', '/customers']) {
      const answer = await ask(simulator, path);
      expect(answer.status).toBe(200);
      expect(idsOf(answer)).toEqual([id]);
    }
  });

  it('reads a where clause: the change filter, and what Sage takes as parameters', async () => {
    await using simulator = await openHub();
    const old = simulator.world.create('north', 'customers', { atMs: Date.parse('2026-01-01T00:00:00Z') });
    const { id, record } = simulator.world.create('north', 'customers');
    const since = "lastModifiedDate>='2026-02-01T00:00:00Z'";
    const answer = await ask(
      simulator,
      written(`${since} and attributes='updated_at,tax_number,deleted_at'`),
    );
    expect(answer.body).toEqual([
      {
        id,
        displayed_as: record.displayed_as,
        $path: record.$path,
        updated_at: record.updated_at,
        lastModifiedDate: record.updated_at,
        tax_number: '',
      },
    ]);
    const all = await ask(simulator, written("`updated_or_created_since` > '2025-12-31'"));
    expect(idsOf(all)).toEqual([old.id, id]);
  });

  it.each([
    ["lastModifiedDate>='2026-02-01T00:00:00Z' or email='a'", 'or'],
    ["lastModifiedDate>='2026-02-01T00:00:00Z' and attributes='a", 'nothing to read'],
    ["lastModifiedDate<'2026-02-01T00:00:00Z'", 'Unsupported operator'],
    ["email LIKE '%a'", 'Unsupported operator'],
    ["email IN ('a','b')", 'Unsupported operator'],
    ['email IS NOT NULL', 'Unsupported operator'],
    ["email 'a'", 'expected an operator'],
    ['email =', 'no value'],
    ["email = 'a' and", 'ends with'],
    ["lastModifiedDate>='yesterday'", 'Bad request'],
  ])('refuses %s in the platform’s way', async (where, message) => {
    await using simulator = await openHub();
    const answer = await ask(simulator, written(where));
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({
      requestId: expect.stringMatching(/^[0-9a-f]{24}$/),
      message: expect.stringContaining(message),
    });
  });

  it('goes on by page, or by the token of the page before, as it is told to', async () => {
    await using byPage = await openHub();
    const made = Array.from({ length: 5 }, () => byPage.world.create('north', 'customers').id);
    const second = await ask(byPage, '/customers?pageSize=2&page=2');
    expect(idsOf(second)).toEqual(made.slice(2, 4));
    expect(second.headers.has('elements-next-page-token')).toBe(false);
    expect(idsOf(await ask(byPage, '/customers?pageSize=2&page=4'))).toEqual([]);

    await using byToken = await openHub({ choices: { hubPaging: 'token', hubPastTheEnd: 'last-page' } });
    const others = Array.from({ length: 3 }, () => byToken.world.create('north', 'customers').id);
    const first = await ask(byToken, '/customers?pageSize=2');
    const token = first.headers.get('elements-next-page-token') ?? '';
    const last = await ask(byToken, `/customers?nextPage=${token}`);
    expect([...idsOf(first), ...idsOf(last)]).toEqual(others);
    expect(last.headers.has('elements-next-page-token')).toBe(false);
    expect(idsOf(await ask(byToken, '/customers?pageSize=2&page=9'))).toEqual(others.slice(2));
    expect((await ask(byToken, '/customers?nextPage=invented')).status).toBe(400);
  });

  it.each([
    ['no header', '', 401],
    ['another user', 'User x, Organization y, Element z', 401],
  ])('refuses %s', async (_case, authorization, status) => {
    await using simulator = await openHub();
    expect((await ask(simulator, '/customers', { authorization })).status).toBe(status);
  });

  it('refuses a disabled instance, an unknown token, and what it does not have', async () => {
    await using simulator = await openHub();
    const authorization = authorizationOf(simulator);
    const unknown = authorization.replace(/Element .+/, 'Element unknown');
    expect((await ask(simulator, '/customers', { authorization: unknown })).status).toBe(401);
    expect((await ask(simulator, '/hubs/finance/planets')).status).toBe(404);
    expect((await ask(simulator, '/hubs/finance/customers/unknown')).status).toBe(404);
    const [instance] = simulator.instances.list();
    if (instance !== undefined) instance.isEnabled = false;
    expect((await ask(simulator, '/customers')).status).toBe(403);
  });
});
