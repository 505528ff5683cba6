import { createRandom } from '../../../src/simulator/random.ts';
import type { Random } from '../../../src/simulator/random.ts';
import { startSimulatedRuntime } from '../../runtime/simulated-runtime.ts';
import type { SimulatedRuntime } from '../../runtime/simulated-runtime.ts';
import { judgeLedger } from '../judge-ledger.ts';
import type { Scenario } from '../scenario.ts';

const overlapMs = 120_000;
const tenant = 'north';

/** Bursts within a second over the edges of pages and polls, late records, rows that move, A→B→A. */
export default {
  name: 'bursts',
  summary: 'same-second bursts, late records, rows that move between pages, A→B→A',
  runs: 1000,
  shortRuns: 5,
  run: async (seed) => {
    const random = createRandom(seed, 'bursts');
    await using scene = await startSimulatedRuntime({
      simulator: {
        seed,
        initialObjects: 12,
        polled: ['customers', 'products', 'invoices'],
        choices: { defaultOrder: random.chance(0.5) ? 'created' : 'updated' },
      },
      runtime: { overlapMs },
      edit: (text) => text.replaceAll('idField: id', `idField: id\n      pageSize: ${4 + random.integer(5)}`),
    });
    await scene.poll();
    const flipped = scene.simulator.world.create(tenant, 'invoices', { fields: named('A') });
    await scene.poll();
    for (let round = 0; round < 6; round += 1) await playRound(scene, random);
    scene.simulator.faults.clear();
    for (const name of ['B', 'A', 'B']) {
      scene.simulator.world.edit(tenant, flipped.id, { fields: named(name) });
      await scene.poll();
      if (random.chance(0.5)) scene.clock.advance(random.integer(3000));
    }
    await scene.settle();
    const report = scene.simulator.report();
    const flips = scene.simulator.ledger.flatMap(({ events }) =>
      events.filter(({ objectId }) => objectId === flipped.id),
    ).length;
    return {
      broken: [
        ...judgeLedger(report),
        ...(flips === 4 ? [] : [`an object that went A, B, A, B was announced ${flips} times`]),
      ],
      figures: { changes: report.comparison.changes, delivered: report.comparison.delivered },
    };
  },
} satisfies Scenario;

async function playRound(scene: SimulatedRuntime, random: Random): Promise<void> {
  const { simulator, clock, poll } = scene;
  simulator.faults.clear();
  if (random.chance(0.7)) {
    const change = random.pick(['CREATED', 'UPDATED', 'DELETED'] as const);
    simulator.faults.add({ kind: 'change-between-pages', change, count: 1 + random.integer(2) });
  }
  clock.advance(1000 + random.integer(70_000));
  burst(scene, random);
  // In the middle of the second, and of the burst.
  if (random.chance(0.6)) await poll();
  burst(scene, random);
  await poll();
}

/** So many changes at one instant that they straddle pages; each object changes once, and some show late. */
function burst({ simulator, clock }: SimulatedRuntime, random: Random): void {
  const { world } = simulator;
  const late = (): { lateMs?: number } =>
    random.chance(0.3) ? { lateMs: random.integer(overlapMs - 1000) } : {};
  const changed = new Set<string>();
  const count = 1 + random.integer(25);
  for (let index = 0; index < count; index += 1) {
    const name = random.pick(['customers', 'products']);
    const target = random.chance(0.4) ? undefined : world.pickLive(tenant, name, random);
    const isFree = target !== undefined && !changed.has(target.id) && target.visibleAtMs <= clock.now();
    if (!isFree) changed.add(world.create(tenant, name, late()).id);
    else if (random.chance(0.8)) world.edit(tenant, target.id, { visibly: true, ...late() });
    else world.remove(tenant, target.id, late());
    if (target !== undefined) changed.add(target.id);
  }
}

function named(name: string): { readonly displayed_as: string } {
  return { displayed_as: `object ${name}` };
}
