import { expect, test } from 'vitest';
import { skewClock, systemClock } from '../../src/simulator/clock.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { createManualClock } from './manual-clock.ts';

test('a wait of the system clock ends when its signal aborts, before or during the wait', async () => {
  await systemClock.wait(0);
  await systemClock.wait(60_000, AbortSignal.abort());
  const abort = new AbortController();
  const waited = systemClock.wait(60_000, abort.signal);
  abort.abort();
  await waited;
  expect(Math.abs(systemClock.nowMs() - Date.now())).toBeLessThan(1000);
});

test('a skewed clock is ahead or behind, and waits as long as the other', async () => {
  const clock = createManualClock(1000);
  expect(skewClock(clock, -400).nowMs()).toBe(600);
  const waited = skewClock(clock, 500).wait(10);
  expect(clock.waiting()).toBe(1);
  await clock.advance(10);
  await waited;
});

test('without a clock of its own the simulator runs in real time', async () => {
  await using simulator = await startSimulator({ initialObjects: 1, changesPerSecond: 1000, total: 12 });
  const before = simulator.truth.length;
  await simulator.changes.finished();
  expect(simulator.truth.length).toBeGreaterThan(before);
  await simulator.quiesce();
  expect(simulator.report().comparison.lost).toBeGreaterThan(0);
});
