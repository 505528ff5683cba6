import fc from 'fast-check';
import { crashPoints } from '../../../src/runtime/crash-points.ts';
import type { CrashPoint } from '../../../src/runtime/crash-points.ts';
import { createRandom } from '../../../src/simulator/random.ts';
import { Died } from '../die-in-process.ts';
import { latestWatermark } from '../read-watermarks.ts';
import { tenant } from './world.ts';
import type { TorturedWorld } from './world.ts';

/** What can be known without looking: a few switches. The truth is the simulator's. */
export interface Switches {
  isReceiverDown: boolean;
  hasProducts: boolean;
}

type Command = fc.AsyncCommand<Switches, TorturedWorld>;

/** Something that happens. Its name is all that a counterexample shows of it. */
function command(
  name: string,
  run: (world: TorturedWorld, switches: Switches) => Promise<void> | void,
  isPossible: (switches: Readonly<Switches>) => boolean = () => true,
): Command {
  return {
    check: isPossible,
    run: async (switches, world) => {
      await run(world, switches);
    },
    toString: () => name,
  };
}

const resources = ['customers', 'products'] as const;
/** Shorter than the overlap: what shows later than that is an exception that the promise names. */
const latestMs = 118_000;

const create = fc
  .record({
    resource: fc.constantFrom(...resources),
    lateMs: fc.nat(latestMs),
    count: fc.integer({ min: 1, max: 12 }),
  })
  .map(({ resource, lateMs, count }) =>
    command(`create ${count} ${resource}, ${lateMs} ms late`, ({ scene }) => {
      for (let index = 0; index < count; index += 1) {
        scene.simulator.world.create(tenant, resource, { lateMs: index % 2 === 0 ? 0 : lateMs });
      }
    }),
  );

const edit = changeOf('edit', ({ scene }, id, lateMs) =>
  scene.simulator.world.edit(tenant, id, { visibly: true, lateMs }),
);
const remove = changeOf('delete', ({ scene }, id, lateMs) =>
  scene.simulator.world.remove(tenant, id, { lateMs }),
);

/** One object that is there, chosen by number. */
function changeOf(
  name: string,
  change: (world: TorturedWorld, id: string, lateMs: number) => unknown,
): fc.Arbitrary<Command> {
  return fc
    .record({
      resource: fc.constantFrom(...resources),
      pick: fc.nat(1000),
      lateMs: fc.constantFrom(0, 0, 30_000, latestMs),
    })
    .map(({ resource, pick, lateMs }) =>
      command(`${name} a ${resource} (${pick}), ${lateMs} ms late`, (world) => {
        const target = world.scene.simulator.world.pickLive(tenant, resource, createRandom(pick, 'pick'));
        if (target !== undefined) change(world, target.id, lateMs);
      }),
    );
}

const poll = fc.constant(
  command('poll', async (world) => {
    await world.scene.poll();
    refuseFutureWatermark(world);
  }),
);

const points = Object.keys(crashPoints).filter(
  (point): point is CrashPoint => !point.startsWith('grant-before'),
);

const crash = fc
  .record({
    point: fc.option(fc.constantFrom(...points), { nil: undefined }),
    count: fc.integer({ min: 1, max: 25 }),
  })
  .map(({ point, count }) =>
    command(`crash at ${point ?? 'any point'}:${count}`, async (world) => {
      const { scene, mortal } = world;
      mortal.dieAt(point, count);
      await scene.poll().catch((error: unknown) => {
        if (!(error instanceof Died)) throw error;
      });
      if (mortal.isDead()) world.deaths += 1;
      mortal.revive();
      await scene.restart();
    }),
  );

const restart = fc.constant(command('restart', ({ scene }) => scene.restart()));

const reload = fc
  .record({ hasProducts: fc.boolean(), pageSize: fc.constantFrom(4, 7, 200) })
  .map(({ hasProducts, pageSize }) =>
    command(
      `reload ${hasProducts ? 'with' : 'without'} products, ${pageSize} a page`,
      async (world, switches) => {
        await world.reload({ hasProducts, pageSize });
        switches.hasProducts = hasProducts;
      },
    ),
  );

const advance = fc
  .integer({ min: 1, max: 900 })
  .map((seconds) => command(`${seconds} s pass`, ({ scene }) => scene.clock.advance(seconds * 1000)));

const jump = fc
  .constantFrom(-3_600_000, 0, 3_600_000)
  .map((byMs) =>
    command(`the machine's clock is wrong by ${byMs} ms`, ({ setLocalSkew }) => setLocalSkew(byMs)),
  );

const receiverDown = fc.constantFrom(500, 503, 429).map((status) =>
  command(
    `the receiver answers ${status}`,
    ({ scene }, switches) => {
      scene.simulator.faults.add({ on: 'callback', kind: 'status', status, count: 'always' });
      switches.isReceiverDown = true;
    },
    ({ isReceiverDown }) => !isReceiverDown,
  ),
);

const receiverUp = fc.constant(
  command(
    'the receiver is up again',
    ({ scene }, switches) => {
      scene.simulator.faults.clear();
      switches.isReceiverDown = false;
    },
    ({ isReceiverDown }) => isReceiverDown,
  ),
);

const refresh = fc
  .integer({ min: 1, max: 3 })
  .map((count) =>
    command(`Sage refuses the token ${count} times`, ({ scene }) =>
      scene.simulator.faults.add({ kind: 'expired-token', count }),
    ),
  );

const replay = fc
  .constantFrom({}, { resource: 'customers' }, { state: 'delivered' } as const)
  .map((filter) => command(`replay ${JSON.stringify(filter)}`, (world) => world.replay(filter)));

/** Sequences of what can happen to a run, with polls often enough for it to matter. */
export const sequences = fc.commands(
  [
    create,
    edit,
    edit,
    remove,
    poll,
    poll,
    crash,
    restart,
    reload,
    advance,
    jump,
    receiverDown,
    receiverUp,
    refresh,
    replay,
  ],
  { maxCommands: 40, size: 'max' },
);

function refuseFutureWatermark({ scene }: TorturedWorld): void {
  const aheadMs = (latestWatermark(scene.folder) ?? 0) - scene.clock.now();
  if (aheadMs >= 0) throw new Error(`a watermark is ${aheadMs} ms ahead of Sage's clock`);
}
