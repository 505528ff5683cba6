import { describe, expect, it } from 'vitest';
import { lintText } from '../../src/lint/lint-text.ts';
import type { Choices } from '../../src/simulator/assumptions.ts';
import { startSimulatedRuntime } from './simulated-runtime.ts';
import type { SimulatedRuntime } from './simulated-runtime.ts';

/** A run that reads the simulated hub, in pages of five. */
async function startHubRun(choices: Partial<Choices>): Promise<SimulatedRuntime> {
  const scene = await startSimulatedRuntime({ simulator: { choices, initialObjects: 30, restMs: 61_000 } });
  const { simulator } = scene;
  const { userSecret, organizationSecret } = simulator.instances;
  const file = simulator
    .instanceFile('north', 'hub')
    .replaceAll('idField: id', 'idField: id\n      pageSize: 5');
  await scene.restart({
    source: 'hub',
    hub: { baseUrl: simulator.platformUrl, userSecret, organizationSecret },
    instances: lintText(file).instances,
  });
  return scene;
}

describe('a run that reads the hub', () => {
  it.each<[string, Partial<Choices>]>([
    ['page by page', {}],
    ['page by page, the last one again and again', { hubPastTheEnd: 'last-page' }],
    ['by tokens', { hubPaging: 'token' }],
  ])('loses nothing, %s, and nobody can tell it of deletions', async (_case, choices) => {
    await using scene = await startHubRun(choices);
    const { simulator, clock, poll } = scene;
    await poll();
    for (let round = 0; round < 4; round += 1) {
      clock.advance(61_000);
      simulator.changes.make(40);
      simulator.faults.add({ kind: 'change-between-pages', change: 'DELETED', on: 'hub', count: 2 });
      simulator.faults.add({ kind: 'server-error', on: 'hub', skip: 3 });
      await poll();
    }
    simulator.faults.clear();
    await scene.settle();
    const { comparison } = simulator.report();
    expect(comparison.differences).toEqual([]);
    expect(comparison.delivered).toBeGreaterThan(60);
    expect(comparison.untold).toBeGreaterThan(0);
  });
});
