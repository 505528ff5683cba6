import { createRandom } from '../../../src/simulator/random.ts';
import { surviveKills } from '../killed-runs.ts';
import type { Scenario } from '../scenario.ts';

const kills = 20;
/** Long enough to start and to poll several times. */
const longestLifeMs = 1500;

export default {
  name: 'kill',
  summary: 'kill -9 of the real process at random moments, twenty a seed',
  runs: 50,
  shortRuns: 0,
  run: (seed) => {
    const random = createRandom(seed, 'kill');
    return surviveKills(seed, async ({ killAfter }) => {
      for (let kill = 0; kill < kills; kill += 1) await killAfter(random.integer(longestLifeMs));
      return [];
    });
  },
} satisfies Scenario;
