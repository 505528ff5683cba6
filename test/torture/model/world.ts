import { join } from 'node:path';
import { lintText } from '../../../src/lint/lint-text.ts';
import { openBeside } from '../../../src/runtime/open-storage.ts';
import type { EventFilter } from '../../../src/runtime/ports/event.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { startSimulatedRuntime } from '../../runtime/simulated-runtime.ts';
import type { SimulatedRuntime } from '../../runtime/simulated-runtime.ts';
import { createMortal } from '../die-in-process.ts';
import type { Mortal } from '../die-in-process.ts';
import { judgeLedger } from '../judge-ledger.ts';
import { findTornPages } from '../torn-pages.ts';

export const tenant = 'north';

/** A run that everything can happen to. */
export interface TorturedWorld extends AsyncDisposable {
  readonly scene: SimulatedRuntime;
  readonly mortal: Mortal;
  /** Puts the clock of the run's machine so far ahead of the true time. */
  readonly setLocalSkew: (byMs: number) => void;
  deaths: number;
  readonly reload: (shape: Shape) => Promise<void>;
  /** Has events delivered anew, as somebody beside the run would. */
  readonly replay: (filter: EventFilter) => Promise<void>;
  /** Puts everything right, waits until all is delivered, and tells where the promise was broken. */
  readonly judge: () => Promise<readonly string[]>;
}

interface Shape {
  readonly hasProducts: boolean;
  readonly pageSize: number;
}

const whole: Shape = { hasProducts: true, pageSize: 5 };
const hourMs = 3_600_000;
/** What one process can have sent without writing it down: eight notifications of ten events. */
const mostEventsInFlight = 80;

export async function openTorturedWorld(seed: number): Promise<TorturedWorld> {
  const mortal = createMortal();
  const local = { skewMs: 0 };
  let replayed = 0;
  const scene = await startSimulatedRuntime({
    simulator: { seed, initialObjects: 8, polled: ['customers', 'products'] },
    instances: (simulator) => instancesOf(simulator, whole),
    localSkewMs: () => local.skewMs,
    runtime: { crash: mortal.crash },
  });
  const world: TorturedWorld = {
    scene,
    mortal,
    deaths: 0,
    setLocalSkew: (byMs) => {
      local.skewMs = byMs;
    },
    reload: async (shape) => {
      await scene.reload(instancesOf(scene.simulator, shape));
    },
    replay: async (filter) => {
      const address = { kind: 'sqlite', file: join(scene.folder, 'state.db') } as const;
      const references = { environment: {}, workingDirectory: scene.folder };
      await using store = await openBeside(address, { references, readOnly: false });
      replayed += (await store?.outbox.replay(filter)) ?? 0;
    },
    judge: async () => {
      local.skewMs = 0;
      scene.simulator.faults.clear();
      await world.reload(whole);
      await scene.simulator.quiesce();
      const broken = [...findTornPages(scene.folder)];
      if (!(await drain(scene))) broken.push('the outbox did not empty within four days');
      return [
        ...broken,
        ...judgeLedger(scene.simulator.report(), {
          duplicates: world.deaths * mostEventsInFlight + replayed,
        }),
      ];
    },
    [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose](),
  };
  return world;
}

function instancesOf(simulator: Simulator, { hasProducts, pageSize }: Shape) {
  const text = simulator
    .instanceFile(tenant)
    .replaceAll('idField: id', `idField: id\n      pageSize: ${pageSize}`);
  const products = text.indexOf('    products:');
  // Everything from there on is the entry.
  return lintText(hasProducts ? text : text.slice(0, products)).instances;
}

/** True when two polls in a row left nothing to deliver. */
async function drain({ clock, poll }: SimulatedRuntime): Promise<boolean> {
  let quiet = 0;
  for (let hour = 0; hour < 96 && quiet < 2; hour += 1) {
    clock.advance(hourMs);
    const { pendingEvents } = await poll();
    quiet = pendingEvents === 0 ? quiet + 1 : 0;
  }
  return quiet === 2;
}
