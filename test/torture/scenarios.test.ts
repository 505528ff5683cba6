import { accessSync, constants } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { scenarios } from './scenarios/index.ts';

/** A folder in memory, where there is one: what is tried is the order of what is written, not how fast the disk is. */
const memory = '/dev/shm';

beforeAll(() => {
  try {
    accessSync(memory, constants.W_OK);
    process.env['TMPDIR'] = memory;
  } catch {
    // Then the disk has to do.
  }
});

describe('a run that is tortured', () => {
  // Of the others `kill.test.ts` is the short form.
  for (const { name, summary, shortRuns, run } of scenarios.filter((each) => each.shortRuns > 0)) {
    it(`keeps its promise: ${summary}`, { timeout: 120_000 }, async () => {
      for (let seed = 1; seed <= shortRuns; seed += 1) {
        const { broken } = await run(seed);
        expect(broken, `scenario ${name}, seed ${seed}`).toEqual([]);
      }
    });
  }
});
