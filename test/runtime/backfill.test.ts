import { describe, expect, it } from 'vitest';
import { startSimulatedRuntime } from './simulated-runtime.ts';
import type { SimulatedRuntime } from './simulated-runtime.ts';

const day = 24 * 3_600_000;
const startMs = Date.UTC(2026, 10, 23, 9);
const backfill = { fromMs: startMs - 30 * day, untilMs: undefined };
const initialObjects = 30;

interface Received {
  readonly ids: readonly string[];
  readonly objects: readonly string[];
}

function received({ simulator }: SimulatedRuntime): Received {
  const events = simulator.ledger.flatMap((delivery) => delivery.events);
  return { ids: events.map(({ eventId }) => eventId), objects: events.map(({ objectId }) => objectId) };
}

/** Ids of all polled objects that were last changed in that time before the start. */
function changedBetween(
  { simulator }: SimulatedRuntime,
  fromMs: number,
  untilMs: number,
): ReadonlySet<string> {
  const polled = simulator.truth.filter(({ resource }) =>
    ['customers', 'invoices', 'products'].includes(resource),
  );
  const latest = new Map(polled.map((entry) => [entry.id, Date.parse(entry.updatedAt)]));
  return new Set([...latest].filter(([, ms]) => ms >= fromMs && ms < untilMs).map(([id]) => id));
}

/** By backfills since the reports began: each report has the sum so far. */
function recordsRead({ reports }: SimulatedRuntime): number {
  const sums = new Map<string, number>();
  for (const event of reports) {
    if (event.kind === 'backfill-page' || event.kind === 'backfill-finished')
      sums.set(event.resource, event.counts.records);
  }
  return [...sums.values()].reduce((sum, count) => sum + count, 0);
}

describe('a backfill', () => {
  it('delivers what changed before the baseline, and leaves the watermarks of the polls alone', async () => {
    await using scene = await startSimulatedRuntime({
      simulator: { initialObjects },
      runtime: { backfill },
    });
    await scene.poll();
    const { objects } = received(scene);
    const expected = changedBetween(scene, backfill.fromMs, Infinity);
    expect(expected.size).toBeGreaterThan(10);
    expect(new Set(objects)).toEqual(expected);
    expect(objects).toHaveLength(expected.size);
    const finished = scene.reports.filter(({ kind }) => kind === 'backfill-finished');
    expect(finished).toHaveLength(3);
    scene.simulator.changes.make(20);
    await scene.settle();
    expect(scene.simulator.report().comparison).toMatchObject({ lost: 0, outOfOrder: 0, differentIds: 0 });
  });

  it('ends where it is told to', async () => {
    const untilMs = startMs - 10 * day;
    await using scene = await startSimulatedRuntime({
      simulator: { initialObjects },
      runtime: { backfill: { ...backfill, untilMs } },
    });
    await scene.poll();
    expect(new Set(received(scene).objects)).toEqual(changedBetween(scene, backfill.fromMs, untilMs));
  });

  it('gives the ids that the polls gave, also when the state was lost', async () => {
    await using scene = await startSimulatedRuntime({ simulator: { initialObjects } });
    await scene.poll();
    scene.simulator.changes.make(40);
    await scene.settle();
    const before = new Set(received(scene).ids);
    const all = { fromMs: startMs - 60_000, untilMs: undefined };
    await scene.restart({ backfill: all });
    await scene.poll();
    // Every event is in the state, so none is delivered twice.
    expect(new Set(received(scene).ids)).toEqual(before);
    expect(scene.simulator.report().comparison).toMatchObject({ duplicates: 0 });
  });

  it('is read once, and goes on after a restart where it was', async () => {
    const edit = (text: string): string => text.replaceAll('idField: id', 'idField: id\n      pageSize: 5');
    await using scene = await startSimulatedRuntime({ simulator: { initialObjects }, edit });
    const stop = new AbortController();
    await scene.restart({
      backfill,
      report: (event) => {
        scene.reports.push(event);
        const pages = scene.reports.filter(({ kind }) => kind === 'backfill-page').length;
        if (pages === 3) stop.abort();
      },
    });
    await scene.run(stop.signal);
    const readBefore = recordsRead(scene);
    await scene.restart({ backfill });
    scene.reports.length = 0;
    await scene.poll();
    const expected = changedBetween(scene, backfill.fromMs, Infinity);
    const { objects } = received(scene);
    expect([new Set(objects), objects.length]).toEqual([expected, expected.size]);
    expect(readBefore).toBeGreaterThan(0);
    expect(readBefore + recordsRead(scene), 'no page is read twice').toBe(expected.size);

    await scene.restart({ backfill });
    scene.reports.length = 0;
    await scene.poll();
    expect(scene.reports.filter(({ kind }) => kind.startsWith('backfill'))).toEqual([]);
  });

  it('goes on beside a resource that fails, which is tried again at the next start', async () => {
    await using scene = await startSimulatedRuntime({
      simulator: { initialObjects },
      runtime: { backfill },
    });
    scene.simulator.faults.add({ kind: 'access-denied', path: '/products', count: 'always' });
    await scene.poll();
    const kinds = scene.reports.map((event) =>
      'resource' in event ? `${event.kind} ${event.resource}` : '',
    );
    expect(kinds).toContain('backfill-failed products');
    expect(kinds).toContain('backfill-finished customers');
    scene.simulator.faults.clear();
    await scene.restart({ backfill });
    scene.clock.advance(3_600_000);
    await scene.poll();
    expect(new Set(received(scene).objects)).toEqual(changedBetween(scene, backfill.fromMs, Infinity));
  });
});
