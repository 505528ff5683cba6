import { lintText } from '../../../src/lint/lint-text.ts';
import { startSimulatedRuntime } from '../../runtime/simulated-runtime.ts';
import type { Scenario } from '../scenario.ts';

const pollers = 20;

/** Twenty instances that share a user's grant find its token expired together: by the clock, and by Sage's refusal. */
export default {
  name: 'refresh',
  summary: 'twenty pollers meet an expired token, and one refresh follows',
  runs: 100,
  shortRuns: 1,
  run: async (seed) => {
    const broken: string[] = [];
    await using scene = await startSimulatedRuntime({
      simulator: { seed, initialObjects: 3 },
      instances: (simulator) => {
        const text = simulator.instanceFile('north');
        return Array.from(
          { length: pollers },
          (_, index) => lintText(text.replace('name: "north"', `name: "north ${index}"`)).instances,
        ).flat();
      },
    });
    const refreshes = async (occasion: string): Promise<void> => {
      const before = scene.simulator.traffic.report().refreshes;
      await scene.poll();
      const made = scene.simulator.traffic.report().refreshes - before;
      if (made !== 1) broken.push(`${occasion}: ${made} refreshes`);
    };
    await refreshes('at the first use');
    for (let round = 0; round < 3; round += 1) {
      scene.clock.advance(301_000);
      await refreshes('after the token has expired');
      // Sage refuses the token of as many requests as are on their way.
      scene.simulator.faults.add({ kind: 'expired-token', count: pollers });
      await refreshes('when Sage refuses the token of all');
      scene.simulator.faults.clear();
    }
    const { maxRefreshesInFlightPerGrant } = scene.simulator.traffic.report();
    if (maxRefreshesInFlightPerGrant > 1) broken.push(`${maxRefreshesInFlightPerGrant} refreshes at once`);
    const failed = scene.reports.filter(({ kind }) => kind === 'poll-failed').length;
    if (failed > 0) broken.push(`${failed} polls failed`);
    return { broken, figures: { refreshes: scene.simulator.traffic.report().refreshes } };
  },
} satisfies Scenario;
