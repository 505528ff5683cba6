import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/simulator/faults/fault.ts';
import { startSimulatedRuntime } from './simulated-runtime.ts';
import type { SimulatedRuntime } from './simulated-runtime.ts';

const clean = {
  lost: 0,
  differentIds: 0,
  badSignatures: 0,
  outOfOrder: 0,
  createdAgain: 0,
  unsourced: 0,
  differences: [],
};
const twoTenants = [{ name: 'north' }, { name: 'south' }];

/** Polls while changes are made: so many rounds, with so many changes before each. */
async function pollThrough(
  { simulator, clock, poll }: SimulatedRuntime,
  rounds: number,
  changes: number,
): Promise<void> {
  await poll();
  for (let round = 0; round < rounds; round += 1) {
    clock.advance(61_000);
    simulator.changes.make(changes);
    await poll();
  }
}

describe('a run against the simulator', () => {
  it('delivers every change once, in order, with the right type', async () => {
    await using scene = await startSimulatedRuntime({
      simulator: { tenants: twoTenants, initialObjects: 60 },
    });
    await pollThrough(scene, 10, 60);
    await scene.settle();
    const { comparison } = scene.simulator.report();
    expect(comparison).toMatchObject({ ...clean, duplicates: 0 });
    expect(comparison.delivered).toBeGreaterThan(200);
  });

  it('loses nothing of a burst within one second, seen in the middle of it', async () => {
    await using scene = await startSimulatedRuntime({ runtime: { overlapMs: 0 } });
    const { simulator, clock, poll } = scene;
    await poll();
    clock.advance(60_000);
    const objects = Array.from({ length: 50 }, () => simulator.world.create('north', 'customers'));
    await poll();
    objects.slice(0, 25).forEach(({ id }) => simulator.world.edit('north', id));
    Array.from({ length: 50 }, () => simulator.world.create('north', 'customers'));
    await poll();
    await scene.settle();
    const { comparison } = simulator.report();
    expect(comparison).toMatchObject({ lost: 0, duplicates: 0, differentIds: 0, createdAgain: 0 });
    expect(comparison.delivered).toBeGreaterThanOrEqual(100);
  });

  it('finds what becomes visible late, within the overlap', async () => {
    await using scene = await startSimulatedRuntime({
      simulator: { late: { probability: 0.5, maxMs: 110_000 } },
    });
    await pollThrough(scene, 10, 30);
    await scene.settle();
    expect(scene.simulator.report().comparison).toMatchObject({ lost: 0, duplicates: 0, differentIds: 0 });
  });

  const betweenPages = (['CREATED', 'UPDATED', 'DELETED'] as const).map((change): Fault => ({
    kind: 'change-between-pages',
    change,
    count: 'always',
    probability: 0.5,
  }));

  it.each(['created', 'updated'] as const)(
    'loses nothing while rows move from page to page, in the order of %s',
    async (defaultOrder) => {
      await using scene = await startSimulatedRuntime({
        simulator: { initialObjects: 80, choices: { defaultOrder } },
        // Long ago, so that no overlap can hide what a scan has skipped.
        runtime: { baseline: { kind: 'since', fromMs: 0 }, overlapMs: 0 },
        edit: (text) => text.replaceAll('idField: id', 'idField: id\n      pageSize: 10'),
      });
      scene.simulator.faults.add(...betweenPages);
      for (let round = 0; round < 4; round += 1) {
        scene.clock.advance(61_000);
        await scene.poll();
      }
      scene.simulator.faults.clear();
      await scene.settle();
      const { lost, differentIds, unsourced } = scene.simulator.report().comparison;
      expect({ lost, differentIds, unsourced }).toEqual({ lost: 0, differentIds: 0, unsourced: 0 });
    },
  );

  it('loses nothing under faults of every kind', async () => {
    await using scene = await startSimulatedRuntime({
      simulator: { tenants: twoTenants, initialObjects: 30 },
    });
    await scene.poll();
    const anytime = { count: 'always', probability: 0.05 } as const;
    scene.simulator.faults.add(
      { kind: 'rate-limit', ...anytime },
      { kind: 'rate-limit', retryAfter: '3', ...anytime },
      { kind: 'expired-token', ...anytime },
      { kind: 'server-error', ...anytime },
      { kind: 'unavailable', ...anytime },
      { kind: 'gateway-timeout', ...anytime },
      { kind: 'drop', when: 'before', ...anytime },
      { kind: 'drop', when: 'after', ...anytime },
      { kind: 'omit-next', ...anytime },
      { kind: 'repeat-page', ...anytime },
      { kind: 'wrong-total', by: 3, ...anytime },
      { kind: 'shuffle', ...anytime },
      { kind: 'date-skew', skewMs: 600_000, ...anytime },
      { kind: 'date-skew', skewMs: -600_000, ...anytime },
      { on: 'callback', kind: 'drop', when: 'before', ...anytime },
      { on: 'callback', kind: 'status', status: 500, ...anytime },
    );
    await pollThrough(scene, 15, 30);
    scene.simulator.faults.clear();
    await scene.settle();
    expect(scene.simulator.report().comparison).toMatchObject({ ...clean, duplicates: 0 });
  });

  it('sends again what was accepted but not answered, under the same ids', async () => {
    await using scene = await startSimulatedRuntime();
    await scene.poll();
    scene.simulator.faults.add({ on: 'callback', kind: 'drop', when: 'after', count: 2 });
    scene.clock.advance(60_000);
    scene.simulator.changes.make(5);
    await scene.poll();
    await scene.settle();
    const { comparison } = scene.simulator.report();
    expect(comparison).toMatchObject({ lost: 0, differentIds: 0 });
    expect(comparison.duplicates).toBeGreaterThan(0);
  });

  it('goes on after a restart where it was, whatever baseline is named then', async () => {
    await using scene = await startSimulatedRuntime();
    await scene.poll();
    scene.clock.advance(60_000);
    scene.simulator.changes.make(20);
    await scene.restart({ baseline: { kind: 'snapshot' } });
    await scene.settle();
    expect(scene.simulator.report().comparison).toMatchObject({ ...clean, duplicates: 0 });
  });

  it('gives the same ids when the state is lost and the time is read again', async () => {
    await using scene = await startSimulatedRuntime({
      runtime: { baseline: { kind: 'since', fromMs: Date.UTC(2026, 10, 23, 9) } },
    });
    await scene.poll();
    scene.clock.advance(60_000);
    scene.simulator.changes.make(20);
    await scene.poll();
    // The grant has to be begun anew as well: its tokens were in the state.
    const tokens = scene.simulator.tenants.map(({ refreshToken }) => refreshToken);
    expect(new Set(tokens).size).toBe(1);
    const before = new Set(
      scene.simulator.ledger.flatMap(({ events }) => events.map(({ eventId }) => eventId)),
    );
    await scene.restart({ store: { kind: 'sqlite', file: join(scene.folder, 'other.db') } });
    await scene.poll();
    const after = scene.simulator.ledger.flatMap(({ events }) => events.map(({ eventId }) => eventId));
    expect(new Set(after)).toEqual(before);
  });
});

describe('authorisation', () => {
  it('refreshes once for many polls that need a token together', async () => {
    await using scene = await startSimulatedRuntime({ simulator: { tenants: twoTenants } });
    for (let round = 0; round < 5; round += 1) {
      await scene.poll();
      scene.clock.advance(301_000);
    }
    const { refreshes, maxRefreshesInFlightPerGrant } = scene.simulator.traffic.report();
    expect({ refreshes, maxRefreshesInFlightPerGrant }).toEqual({
      refreshes: 10,
      maxRefreshesInFlightPerGrant: 1,
    });
    expect(scene.reports.filter(({ kind }) => kind === 'poll-failed')).toEqual([]);
  });

  it('uses stored tokens after a restart, and needs no refresh', async () => {
    await using scene = await startSimulatedRuntime();
    await scene.poll();
    await scene.restart();
    await scene.poll();
    expect(scene.simulator.traffic.report().refreshes).toBe(1);
  });

  it('asks for a person when the answer to a refresh is lost, and keeps everything else', async () => {
    await using scene = await startSimulatedRuntime();
    scene.simulator.faults.add({ on: 'token', kind: 'drop', when: 'after' });
    await scene.poll();
    await scene.poll();
    expect(scene.reports.map(({ kind }) => kind)).toContain('reauthorisation-needed');
    expect(scene.reports.at(-1)).toMatchObject({
      kind: 'poll-failed',
      reason: expect.stringContaining('authorise'),
    });
  });

  it('does not refresh for an ended subscription', async () => {
    await using scene = await startSimulatedRuntime();
    scene.simulator.faults.add({ kind: 'subscription-ended', count: 'always' });
    await scene.poll();
    expect(scene.simulator.traffic.report().refreshes).toBe(1);
    expect(scene.reports.at(-1)).toMatchObject({ reason: expect.stringContaining('No active subscription') });
  });

  it('lets the other resources go on when one is forbidden', async () => {
    await using scene = await startSimulatedRuntime();
    scene.simulator.faults.add({ kind: 'access-denied', path: '/products', count: 'always' });
    await scene.poll();
    const outcome = scene.reports.flatMap((event) =>
      event.kind === 'poll-finished' || event.kind === 'poll-failed' ? [[event.resource, event.kind]] : [],
    );
    expect(outcome).toEqual([
      ['customers', 'poll-finished'],
      ['invoices', 'poll-finished'],
      ['products', 'poll-failed'],
    ]);
  });
});

describe('limits and secrets', () => {
  it('never exceeds what the app may ask in a second', async () => {
    await using scene = await startSimulatedRuntime({
      simulator: { tenants: twoTenants, initialObjects: 300 },
      runtime: { baseline: { kind: 'snapshot' } },
      edit: (text) => text.replaceAll('idField: id', 'idField: id\n      pageSize: 10'),
    });
    await scene.poll();
    expect(scene.simulator.traffic.report().maxPerSecondPerApp).toBeLessThanOrEqual(15);
    expect(scene.reports.filter(({ kind }) => kind === 'poll-finished')).toHaveLength(6);
  });

  it('shows no secret in what it reports, and none in the state', async () => {
    await using scene = await startSimulatedRuntime();
    scene.simulator.faults.add(
      { kind: 'expired-token', count: 3 },
      { kind: 'gateway-timeout' },
      { on: 'callback', kind: 'status', status: 401, count: 2 },
    );
    await pollThrough(scene, 5, 5);
    const files = await Promise.all(
      (await readdir(scene.folder)).map((name) => readFile(join(scene.folder, name))),
    );
    const shown = [JSON.stringify(scene.reports), ...files.map((file) => file.toString('latin1'))].join('\n');
    const secrets = scene.simulator.tenants.flatMap((tenant) => [
      tenant.clientSecret,
      tenant.refreshToken,
      tenant.signatureKey,
    ]);
    expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
    expect(shown).not.toMatch(/simulator-(?:access|refresh)-/);
  });
});
