import { describe, expect, test } from 'vitest';
import type { SimulatorOptions } from '../../../src/simulator/simulator.ts';
import { startSimulator } from '../../../src/simulator/start-simulator.ts';
import type { TruthEntry } from '../../../src/simulator/world/truth-entry.ts';
import { createManualClock } from '../manual-clock.ts';

async function truthOf(options: SimulatorOptions): Promise<readonly TruthEntry[]> {
  const clock = createManualClock();
  await using simulator = await startSimulator({ clock, initialObjects: 5, ...options });
  for (let second = 0; second < 60; second += 1) {
    simulator.changes.make(5);
    await clock.advance(1000);
  }
  return simulator.truth;
}

test('the same seed makes the same truth, another seed another', async () => {
  const tenants = [{ name: 'north' }, { name: 'south' }];
  const [first, second, other] = [
    await truthOf({ seed: 7, tenants }),
    await truthOf({ seed: 7, tenants }),
    await truthOf({ seed: 8, tenants }),
  ];
  expect(second).toEqual(first);
  expect(other.map(({ hash }) => hash)).not.toEqual(first.map(({ hash }) => hash));
});

test('the log is append-only in sequence, with versions in order and every kind of change', async () => {
  const truth = await truthOf({ late: { probability: 0.3, maxMs: 90_000 } });
  expect(truth.map(({ sequence }) => sequence)).toEqual(truth.map((_entry, index) => index + 1));
  for (const versions of Map.groupBy(truth, ({ id }) => id).values()) {
    expect(versions.map(({ version }) => version)).toEqual(versions.map((_entry, index) => index + 1));
    expect(versions[0]?.type).toBe('CREATED');
    const visible = versions.map(({ visibleAtMs }) => visibleAtMs);
    expect(visible).toEqual(visible.toSorted((left, right) => left - right));
  }
  const kinds = new Set(truth.map(({ resource, type }) => `${resource} ${type}`));
  expect([...kinds].toSorted()).toEqual([
    'customers CREATED',
    'customers DELETED',
    'customers UPDATED',
    'invoices CREATED',
    'invoices UPDATED',
    'products CREATED',
    'products DELETED',
    'products UPDATED',
    'vendors CREATED',
    'vendors DELETED',
    'vendors UPDATED',
  ]);
  const voids = truth.filter(
    ({ record }) => record['void_reason'] !== null && record['void_reason'] !== undefined,
  );
  expect(voids.length).toBeGreaterThan(0);
  expect(truth.some(({ changedAtMs, visibleAtMs }) => visibleAtMs > changedAtMs + 60_000)).toBe(true);
});

test('random changes never touch an object twice in one second or while it is hidden', async () => {
  const truth = await truthOf({ late: { probability: 0.3, maxMs: 20_000 }, initialObjects: 1 });
  for (const versions of Map.groupBy(truth, ({ id }) => id).values()) {
    for (const [index, version] of versions.entries()) {
      const previous = versions[index - 1];
      if (previous === undefined) continue;
      expect(version.updatedAt > previous.updatedAt).toBe(true);
      expect(version.changedAtMs).toBeGreaterThanOrEqual(previous.visibleAtMs);
    }
  }
});

test('random changes leave an object alone for as long as told', async () => {
  const restMs = 20_000;
  const gaps: number[] = [];
  for (const versions of Map.groupBy(await truthOf({ restMs, initialObjects: 3 }), ({ id }) => id).values()) {
    for (const [index, { changedAtMs }] of versions.entries()) {
      const previous = versions[index - 1];
      if (previous !== undefined) gaps.push(changedAtMs - previous.changedAtMs);
    }
  }
  expect(gaps.length).toBeGreaterThan(20);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(restMs);
});

describe('a running plan', () => {
  test('follows its rate and ends at its total', async () => {
    const clock = createManualClock();
    await using simulator = await startSimulator({
      clock,
      initialObjects: 0,
      changesPerSecond: 4,
      total: 10,
    });
    const counts: number[] = [simulator.truth.length];
    for (let quarter = 0; quarter < 12; quarter += 1) {
      await clock.advance(250);
      counts.push(simulator.truth.length);
    }
    expect(counts).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10, 10]);
    await simulator.changes.finished();
    expect(clock.waiting()).toBe(0);
  });

  test('bursts put several changes into one instant and keep to the total', async () => {
    const clock = createManualClock();
    await using simulator = await startSimulator({
      clock,
      initialObjects: 0,
      changesPerSecond: 1,
      total: 25,
      burst: { probability: 1, size: 10 },
    });
    for (let second = 0; second < 30; second += 1) await clock.advance(1000);
    const sizes = [...Map.groupBy(simulator.truth, ({ changedAtMs }) => changedAtMs).values()];
    expect(sizes.map((entries) => entries.length)).toEqual([10, 10, 5]);
  });

  test('stops when told, and quiesce waits until everything is visible', async () => {
    const clock = createManualClock();
    await using simulator = await startSimulator({
      clock,
      initialObjects: 0,
      changesPerSecond: 10,
      late: { probability: 1, maxMs: 60_000 },
    });
    await clock.advance(1000);
    const settled = simulator.quiesce();
    await clock.advance(0);
    const { length } = simulator.truth;
    let isSettled = false;
    const noted = settled.then(() => (isSettled = true));
    const restMs = simulator.report().settledAtMs - clock.nowMs();
    expect(restMs).toBeGreaterThan(0);
    await clock.advance(restMs - 1);
    expect(isSettled).toBe(false);
    await clock.advance(1);
    await noted;
    expect(simulator.truth).toHaveLength(length);
  });

  test('another plan takes the place of the first', async () => {
    const clock = createManualClock();
    await using simulator = await startSimulator({ clock, initialObjects: 0, changesPerSecond: 1 });
    simulator.changes.start({ changesPerSecond: 1000, total: 3 });
    await clock.advance(5000);
    expect(simulator.truth).toHaveLength(4);
  });
});

test('an object that went back to what it was has the hash it had', async () => {
  const clock = createManualClock();
  await using simulator = await startSimulator({ clock, initialObjects: 0 });
  const { id, hash } = simulator.world.create('north', 'customers', { fields: { notes: 'A' } });
  const there = simulator.world.edit('north', id, { fields: { notes: 'B' } });
  await clock.advance(1000);
  const back = simulator.world.edit('north', id, { fields: { notes: 'A' } });
  expect(there.hash).not.toBe(hash);
  expect(back).toMatchObject({ hash, version: 3 });
  expect(back.updatedAt).not.toBe(there.updatedAt);
});

test('a change waits for an earlier one of the same object that is still hidden', async () => {
  const clock = createManualClock();
  await using simulator = await startSimulator({ clock, initialObjects: 0 });
  const { id } = simulator.world.create('north', 'products');
  const hidden = simulator.world.edit('north', id, { lateMs: 30_000 });
  await clock.advance(1000);
  const later = simulator.world.edit('north', id);
  expect(later.visibleAtMs).toBe(hidden.visibleAtMs);
  expect(later.changedAtMs).toBe(hidden.changedAtMs + 1000);
});

test('what cannot be is refused', async () => {
  await using simulator = await startSimulator({ clock: createManualClock(), initialObjects: 0 });
  const { world } = simulator;
  const { id } = world.create('north', 'products');
  world.remove('north', id);
  expect(() => world.remove('north', id)).toThrow('is deleted already');
  expect(() => world.edit('north', id)).toThrow('is deleted, it cannot change');
  expect(() => world.create('north', 'bills')).toThrow('unknown resource "bills": expected one of customers');
  expect(() => world.create('west', 'products')).toThrow('unknown tenant "west"');
  expect(() => world.edit('north', 'none')).toThrow('tenant "north" has no object "none"');
});
