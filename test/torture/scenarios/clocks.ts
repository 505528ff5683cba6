import { createRandom } from '../../../src/simulator/random.ts';
import { startSimulatedRuntime } from '../../runtime/simulated-runtime.ts';
import { judgeLedger } from '../judge-ledger.ts';
import { latestWatermark } from '../read-watermarks.ts';
import type { Scenario } from '../scenario.ts';
import { withTimeZone } from '../with-time-zone.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** The night in which London's clocks go back, and the one in which they go forward. */
const nights = [Date.UTC(2026, 9, 25, 0, 20), Date.UTC(2026, 2, 29, 0, 20)] as const;
const londonClause = "where=lastModifiedDate>='${dateTimeZone:Europe/London:yyyy-MM-dd'T'HH:mm:ssXXX}'";

/** The machine's clock jumps by an hour to and fro, Sage's is wrong by up to ten minutes, the night is an hour longer or shorter. */
export default {
  name: 'clocks',
  summary: 'local clock ±1 h, server clock ±10 min, a night of daylight saving',
  runs: 200,
  shortRuns: 2,
  run: async (seed) => {
    const random = createRandom(seed, 'clocks');
    const serverSkewMs = random.integer(20 * minuteMs + 1) - 10 * minuteMs;
    const startMs = nights[seed % 2] ?? nights[0];
    let localSkewMs = 0;
    let furthestAheadMs = -Infinity;
    using _ = withTimeZone('Europe/London');
    await using scene = await startSimulatedRuntime({
      startMs,
      localSkewMs: () => localSkewMs,
      simulator: { seed, initialObjects: 10, skewMs: serverSkewMs },
      // Half of the runs write the time as London's clocks show it, with its offset.
      edit: (text) =>
        seed % 4 < 2 ? text : text.replaceAll(/where=lastModifiedDate>='[^}]*}'/g, londonClause),
    });
    await scene.poll();
    // Two and a half hours, over the change of the clocks.
    for (let round = 0; round < 15; round += 1) {
      scene.clock.advance(5 * minuteMs + random.integer(10 * minuteMs));
      scene.simulator.changes.make(1 + random.integer(15));
      if (random.chance(0.4)) localSkewMs = random.pick(jumps).byMs;
      await scene.poll();
      const serverNowMs = scene.clock.now() + serverSkewMs;
      furthestAheadMs = Math.max(furthestAheadMs, (latestWatermark(scene.folder) ?? 0) - serverNowMs);
    }
    localSkewMs = 0;
    await scene.settle();
    const report = scene.simulator.report();
    return {
      broken: [
        ...judgeLedger(report),
        ...(furthestAheadMs < 0 ? [] : [`a watermark was ${furthestAheadMs} ms ahead of Sage's clock`]),
      ],
      figures: { changes: report.comparison.changes, delivered: report.comparison.delivered },
    };
  },
} satisfies Scenario;

const jumps = [{ byMs: hourMs }, { byMs: -hourMs }, { byMs: 0 }] as const;
