/**
 * How fast dates are written and URLs read: `npm run bench:template`. Prints a table of medians; every yardstick runs
 * in the same process, in turns with what it is compared with.
 */
import { format } from 'date-fns/format';

import { compilePattern } from '../src/template/compile-pattern.ts';
import { expandUrl } from '../src/template/expand-url.ts';
import { parsePollUrl } from '../src/template/parse-poll-url.ts';
import { parseTemplate } from '../src/template/parse-template.ts';
import { resolveZone } from '../src/template/resolve-zone.ts';

const samplePattern = "yyyy-MM-dd'T'HH:mm:ss'Z'";
const sampleUrl = `/hubs/finance/customers?where=lastModifiedDate>='\${date:${samplePattern}}' and attributes='created_at,updated_at'`;
const rounds = 15;
const roundMs = 60;
/** Over four years, so that no cache of the last answer helps. */
const instants = Array.from({ length: 1024 }, (_, index) => 1_600_000_000_000 + index * 123_456_789);

interface Task {
  readonly name: string;
  readonly run: (epochMs: number) => unknown;
}

const compiled = compilePattern(samplePattern);
if (!compiled.ok) throw new Error('the sample pattern must compile');
const { pattern } = compiled;
const utc = resolveZone('UTC');
const newYork = resolveZone('America/New_York');

const tasks: readonly Task[] = [
  { name: 'format, date-fns', run: (epochMs) => format(new Date(epochMs), samplePattern) },
  { name: 'format, compiled, UTC', run: (epochMs) => pattern.format(epochMs, utc) },
  { name: 'format, compiled, New York', run: (epochMs) => pattern.format(epochMs, newYork) },
  { name: 'parse, compiled, UTC', run: () => pattern.parse('2026-11-23T10:15:07Z', utc, { now: 0 }) },
  { name: 'parse a URL template', run: () => parseTemplate(sampleUrl) },
  { name: 'parse a poll URL, where clause and all', run: () => parsePollUrl(sampleUrl) },
  {
    name: 'expand and encode a URL',
    run: (epochMs) => expandUrl(sampleUrl, { sinceMs: epochMs, nowMs: epochMs }),
  },
];

const rates = tasks.map((): number[] => []);
for (let round = 0; round <= rounds; round += 1) {
  for (const [index, task] of tasks.entries()) {
    const rate = measureRate(task);
    // The first round only warms up.
    if (round > 0) rates[index]?.push(rate);
  }
}
const medians = rates.map(median);
const baseline = medians[0] ?? 1;
console.log('| task | calls a second | µs a call | × date-fns |');
console.log('|---|--:|--:|--:|');
for (const [index, { name }] of tasks.entries()) {
  const rate = medians[index] ?? 0;
  const times = name.startsWith('format') ? (rate / baseline).toFixed(1) : '';
  console.log(`| ${name} | ${Math.round(rate / 1000)}k | ${(1e6 / rate).toFixed(2)} | ${times} |`);
}

/** Calls a second. */
function measureRate({ run }: Task): number {
  const start = performance.now();
  let calls = 0;
  let length = 0;
  while (performance.now() - start < roundMs) {
    for (const epochMs of instants) length += String(run(epochMs)).length;
    calls += instants.length;
  }
  if (length === 0) throw new Error('nothing was written');
  return (calls / (performance.now() - start)) * 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}
