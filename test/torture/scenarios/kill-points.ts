import { crashPoints } from '../../../src/runtime/crash-points.ts';
import { createRandom } from '../../../src/simulator/random.ts';
import { surviveKills } from '../killed-runs.ts';
import type { Scenario } from '../scenario.ts';

/** A death at the others costs the grant, or needs an expired token: `grant-points` has them. */
const points = Object.keys(crashPoints).filter((point) => !point.startsWith('grant-'));

export default {
  name: 'kill-points',
  summary: 'kill -9 of the real process at every named point of polling and delivery, once a seed',
  runs: 20,
  shortRuns: 0,
  run: (seed) => {
    const random = createRandom(seed, 'kill-points');
    return surviveKills(seed, async ({ killAt }) => {
      const broken: string[] = [];
      for (const point of points) {
        if (!(await killAt(`${point}:${1 + random.integer(3)}`))) broken.push(`'${point}' was never reached`);
      }
      return broken;
    });
  },
} satisfies Scenario;
