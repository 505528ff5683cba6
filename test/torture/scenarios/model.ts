import fc from 'fast-check';
import { sequences } from '../model/commands.ts';
import type { Switches } from '../model/commands.ts';
import { openTorturedWorld } from '../model/world.ts';
import type { Scenario } from '../scenario.ts';

const sequencesOfSeed = 20;

/** Sequences of everything that can happen, made and shrunk by fast-check: twenty a seed. */
export default {
  name: 'model',
  summary: 'sequences of edits, polls, crashes, reloads, clock jumps and outages, twenty a seed',
  runs: 100,
  shortRuns: 5,
  run: async (seed) => {
    let played = 0;
    const property = fc.asyncProperty(sequences, async (sequence) => {
      played += 1;
      await using world = await openTorturedWorld(seed);
      await world.scene.poll();
      const switches: Switches = { isReceiverDown: false, hasProducts: true };
      await fc.asyncModelRun(() => ({ model: switches, real: world }), sequence);
      const broken = await world.judge();
      if (broken.length > 0) throw new Error(broken.join('; '));
    });
    const details = await fc.check(property, { seed, numRuns: sequencesOfSeed, endOnFailure: false });
    const { counterexample, errorInstance } = details;
    return {
      broken: details.failed
        ? [
            `${String(errorInstance)} after ${fc.stringify(counterexample?.[0])} (path ${details.counterexamplePath})`,
          ]
        : [],
      figures: { sequences: details.numRuns, played },
    };
  },
} satisfies Scenario;
