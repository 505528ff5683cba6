import { describe, expect, it } from 'vitest';
import { listResources } from '../../src/catalog/sage-resource.ts';
import { startSimulatedRuntime } from './simulated-runtime.ts';

const pollable = listResources().filter(({ changeFilter }) => changeFilter !== undefined);

describe('a run that polls everything Sage can tell the changes of', () => {
  it('delivers every change of every resource, and counts the deletions that nobody is told of', async () => {
    // `contacts` shows what `customers` and `vendors` show: each of the three delivers for itself.
    const polled = pollable.map(({ name }) => name);
    await using scene = await startSimulatedRuntime({
      simulator: { polled, initialObjects: 3 },
      runtime: { overlapMs: 5000 },
    });
    const { simulator, clock, poll } = scene;
    await poll();
    for (let round = 0; round < 3; round += 1) {
      clock.advance(61_000);
      simulator.changes.make(400);
      await poll();
    }
    await scene.settle();
    const { comparison } = simulator.report();
    expect(comparison.differences).toEqual([]);
    const changed = new Set(simulator.truth.slice(-1200).map(({ resource }) => resource));
    expect([...changed].toSorted()).toEqual(polled.filter((name) => name !== 'contacts').toSorted());
    const delivered = new Set(
      simulator.ledger.flatMap(({ events }) => events.map((each) => each.objectType)),
    );
    expect([...delivered].toSorted()).toEqual(polled.toSorted());
    const deletions = simulator.ledger.flatMap(({ events }) =>
      events.filter(({ eventType }) => eventType === 'DELETED'),
    );
    expect(new Set(deletions.map(({ objectType }) => objectType))).toContain('transactions');
    expect(comparison.untold).toBeGreaterThan(0);
  }, 60_000);

  it('knows what an entry reads by its URL, whatever the entry is called', async () => {
    await using scene = await startSimulatedRuntime({
      simulator: { polled: ['contacts'] },
      edit: (file) => file.replace('    contacts:', '    kontakte:'),
    });
    const { simulator, clock, poll } = scene;
    await poll();
    clock.advance(61_000);
    simulator.changes.make(20);
    await scene.settle();
    const { comparison } = simulator.report();
    expect(comparison.differences).toEqual([]);
    expect(comparison.delivered).toBeGreaterThan(10);
    const types = simulator.ledger.flatMap(({ events }) => events.map(({ objectType }) => objectType));
    expect(new Set(types)).toEqual(new Set(['kontakte']));
  });
});
