/**
 * Tortures a run, scenario by scenario: `npm run torture`. `--only NAME` runs one, `--seed N` begins with another seed,
 * `--runs N` takes so many, `--minutes N` ends each scenario after that. Exit code 1 when a promise was broken; the seed
 * that is printed repeats it.
 */
import { parseArgs } from 'node:util';
import { scenarios } from '../test/torture/scenarios/index.ts';
import type { Scenario } from '../test/torture/scenario.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
    runs: { type: 'string' },
    minutes: { type: 'string', default: '30' },
  },
});
const chosen = scenarios.filter(({ name }) => values.only === undefined || values.only === name);
if (chosen.length === 0) {
  console.error(`no scenario '${values.only}': there are ${scenarios.map(({ name }) => name).join(', ')}`);
  process.exitCode = 2;
}
console.log('| scenario | seeds | broken | seconds | figures, of a seed: median (most) |');
console.log('|---|---|--:|--:|---|');
for (const scenario of chosen) await torture(scenario);

async function torture({ name, runs, run }: Scenario): Promise<void> {
  const firstSeed = Number(values.seed);
  const count = Number(values.runs ?? runs);
  const startedMs = performance.now();
  const untilMs = startedMs + Number(values.minutes) * 60_000;
  const figures = new Map<string, number[]>();
  let broken = 0;
  let done = 0;
  while (done < count && performance.now() < untilMs) {
    const seed = firstSeed + done;
    const result = await run(seed);
    done += 1;
    for (const [figure, value] of Object.entries(result.figures)) {
      figures.set(figure, [...(figures.get(figure) ?? []), value]);
    }
    if (result.broken.length === 0) continue;
    broken += 1;
    process.exitCode = 1;
    console.error(`BROKEN: --only ${name} --seed ${seed} --runs 1\n  ${result.broken.join('\n  ')}`);
  }
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  const seeds = `${firstSeed}–${firstSeed + done - 1}`;
  console.log(`| ${name} | ${seeds} | ${broken} | ${seconds} | ${describe(figures)} |`);
}

function describe(figures: ReadonlyMap<string, readonly number[]>): string {
  return [...figures]
    .map(([name, values]) => {
      const sorted = values.toSorted((left, right) => left - right);
      return `${name} ${sorted[Math.floor(sorted.length / 2)]} (${sorted.at(-1)})`;
    })
    .join(', ');
}
