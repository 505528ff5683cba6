import { expect, test } from 'vitest';
import type { Comparison } from '../../../src/simulator/check/compare-ledger.ts';
import type { SimulatorOptions, SimulatorReport } from '../../../src/simulator/simulator.ts';
import { startSimulator } from '../../../src/simulator/start-simulator.ts';
import { createManualClock } from '../manual-clock.ts';
import { openSession } from '../sage-session.ts';
import type { PollMistakes } from './poll-once.ts';
import { pollOnce } from './poll-once.ts';

/** Five minutes of changes, a poll every 20 seconds, two more when all is quiet. */
async function run(mistakes: PollMistakes, options: SimulatorOptions = {}): Promise<SimulatorReport> {
  const clock = createManualClock();
  await using simulator = await startSimulator({ clock, initialObjects: 6, ...options });
  const session = await openSession(simulator);
  const memory = { watermarks: new Map(), versions: new Map(), polls: 0 };
  await pollOnce(simulator, session, memory, mistakes);
  for (let round = 0; round < 10; round += 1) {
    for (let second = 0; second < 20; second += 1) {
      simulator.changes.make(1);
      await clock.advance(1000);
    }
    await pollOnce(simulator, session, memory, mistakes);
  }
  await clock.advance(60_000);
  for (let poll = 0; poll < 2; poll += 1) await pollOnce(simulator, session, memory, mistakes);
  return simulator.report();
}

const late = { probability: 0.5, maxMs: 60_000 };

test.each<[string, SimulatorOptions]>([
  ['prompt changes', {}],
  ['late changes', { late }],
  ['another default order', { late, choices: { defaultOrder: 'updated' } }],
  ['another seed', { late, seed: 99 }],
])('a careful poller is found clean: %s', async (_name, options) => {
  const { comparison } = await run({}, options);
  expect(comparison).toMatchObject({ lost: 0, masked: 0, isClean: true, differences: [] });
  expect(comparison.delivered).toBeGreaterThan(60);
});

test.each<[string, PollMistakes, readonly (keyof Comparison)[]]>([
  ['no overlap while changes come late', { overlapMs: 0 }, ['lost']],
  ['the first page only', { readsFirstPageOnly: true }, ['lost']],
  ['no look at deletions', { forgetsDeletions: true }, ['lost']],
  ['a new id each time', { newIdEachTime: true }, ['differentIds']],
  ['always CREATED', { alwaysCreated: true }, ['createdAgain']],
])('a poller is found out: %s', async (_name, mistakes, found) => {
  const { comparison } = await run(mistakes, { late });
  expect(comparison.isClean).toBe(false);
  for (const count of found) expect(comparison[count]).toBeGreaterThan(0);
});

test('what changed before polling began need not be delivered', async () => {
  const clock = createManualClock();
  await using simulator = await startSimulator({ clock, initialObjects: 3 });
  const session = await openSession(simulator);
  simulator.changes.make(10);
  expect(simulator.report().comparison.changes).toBeGreaterThan(0);
  await clock.advance(1000);
  await pollOnce(simulator, session, { watermarks: new Map(), versions: new Map(), polls: 0 }, {});
  expect(simulator.report().comparison).toMatchObject({ changes: 0, isClean: true });
});

test('deletions have a beginning of their own', async () => {
  const clock = createManualClock();
  await using simulator = await startSimulator({ clock, initialObjects: 0 });
  const { list } = await openSession(simulator);
  const first = simulator.world.create('north', 'products');
  const second = simulator.world.create('north', 'products');
  await clock.advance(1000);
  await list('/products');
  await clock.advance(1000);
  simulator.world.remove('north', first.id);
  await clock.advance(1000);
  await list('/products?deleted_since=2026-03-02');
  await clock.advance(1000);
  simulator.world.remove('north', second.id);
  expect(simulator.report().comparison).toMatchObject({
    changes: 1,
    lost: 1,
    differences: [{ kind: 'lost', id: second.id }],
  });
});

test('a version that a list has shown and nobody delivered is told from one that nobody saw', async () => {
  const clock = createManualClock();
  await using simulator = await startSimulator({ clock, initialObjects: 0 });
  const { list } = await openSession(simulator);
  await list('/products');
  const { id } = simulator.world.create('north', 'products');
  await clock.advance(1000);
  await list('/products');
  simulator.world.edit('north', id);
  simulator.world.edit('north', id);
  expect(simulator.report().comparison).toMatchObject({ superseded: 2, supersededAfterServed: 1, lost: 1 });
});
