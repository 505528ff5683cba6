import { describe, expect, it } from 'vitest';
import { scenarios } from './scenarios/index.ts';

describe('a run that is tortured', () => {
  for (const { name, summary, shortRuns, run } of scenarios) {
    it(`keeps its promise: ${summary}`, { timeout: 120_000 }, async () => {
      for (let seed = 1; seed <= shortRuns; seed += 1) {
        const { broken } = await run(seed);
        expect(broken, `scenario ${name}, seed ${seed}`).toEqual([]);
      }
    });
  }
});
