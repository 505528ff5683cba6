/**
 * How much a run can do, and what it takes: `npm run bench:runtime`. Prints a table with the target beside each figure.
 * Deliveries are compared with a bare loop that signs and posts the same bytes, in turns in the same process. `--only NAME`
 * takes one measurement, `--rounds N` more or fewer rounds.
 */
import { parseArgs } from 'node:util';
import { measureCommits } from './runtime/commits.ts';
import { measureDeliveries } from './runtime/deliveries.ts';
import type { DeliveryRates } from './runtime/deliveries.ts';
import { measureIdle } from './runtime/idle.ts';
import { measureLargeState } from './runtime/large-state.ts';
import { measureLatency } from './runtime/latency.ts';
import { median } from './runtime/prepare.ts';

const { values } = parseArgs({
  options: { only: { type: 'string' }, rounds: { type: 'string', default: '5' } },
});
const rounds = Number(values.rounds);

const measurements: Readonly<Record<string, () => Promise<void>>> = {
  deliveries: async () => {
    for (const [events, size] of [
      // Seconds of work: before that, what is measured is V8 getting to know the program.
      [40_000, 1],
      [200_000, 10],
    ] as const) {
      const rates: DeliveryRates[] = [];
      for (let round = 0; round < rounds; round += 1) rates.push(await measureDeliveries(events, size));
      const of = (pick: (rates: DeliveryRates) => number): readonly number[] => rates.map(pick);
      row(
        `deliveries a second, ${size === 1 ? 'an event' : '10 events'} each`,
        of(({ runtime }) => runtime.perSecond),
        '',
      );
      row(
        '… by a bare loop',
        of(({ bare }) => bare.perSecond),
        '',
      );
      row(
        '… of the bare loop',
        of(({ runtime, bare }) => runtime.perSecond / bare.perSecond),
        'at least 0.5',
        2,
      );
      row(
        '… by processor time',
        of(({ runtime, bare }) => bare.processorMicros / runtime.processorMicros),
        '',
        2,
      );
      row(
        '… processor time of one, µs',
        of(({ runtime }) => runtime.processorMicros),
        '',
      );
    }
  },
  commits: async () => {
    const times = [];
    for (let round = 0; round < rounds; round += 1) times.push(await measureCommits(200));
    row(
      'commit of a page of 200, ms, median',
      times.map(({ medianMs }) => medianMs),
      '',
      1,
    );
    row(
      'commit of a page of 200, ms, p99',
      times.map(({ p99Ms }) => p99Ms),
      'under 50',
      1,
    );
    row(
      '… processor time of one, ms',
      times.map(({ processorMs }) => processorMs),
      '',
      1,
    );
  },
  latency: async () => {
    const times = [];
    for (let round = 0; round < rounds; round += 1) times.push(await measureLatency(10));
    row(
      'page read to POST, ms, median',
      times.map(({ medianMs }) => medianMs),
      '',
    );
    row(
      'page read to POST, ms, p95',
      times.map(({ p95Ms }) => p95Ms),
      'under 100',
    );
  },
  idle: async () => {
    const shares = [];
    for (let round = 0; round < Math.min(rounds, 3); round += 1) shares.push(await measureIdle(65));
    row(
      '5,000 polls, none due, % of a core',
      shares.map((share) => share * 100),
      'under 2',
      2,
    );
  },
  memory: async () => {
    const states = await measureLargeState({
      ledgerRows: 0,
      waitingEvents: 100_000,
      seconds: 20,
      rounds: Math.min(rounds, 3),
    });
    row(
      '100,000 events waiting, MB at most',
      states.map(({ mostMb }) => mostMb),
      'under 250',
    );
  },
  start: async () => {
    const states = await measureLargeState({ ledgerRows: 1_000_000, waitingEvents: 0, seconds: 1, rounds });
    row(
      'start, a million ledger rows, ms',
      states.map(({ startMs }) => startMs),
      'under 500',
    );
  },
};

console.log('| what | median | least–most | target |');
console.log('|---|--:|--:|---|');
for (const [name, measure] of Object.entries(measurements)) {
  if (values.only === undefined || values.only === name) await measure();
}

function row(what: string, figures: readonly number[], target: string, digits = 0): void {
  const show = (value: number): string => value.toFixed(digits);
  const spread = `${show(Math.min(...figures))}–${show(Math.max(...figures))}`;
  console.log(`| ${what} | ${show(median(figures))} | ${spread} | ${target} |`);
}
