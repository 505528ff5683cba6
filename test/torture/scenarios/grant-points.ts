import { startSimulator } from '../../../src/simulator/start-simulator.ts';
import { startRun, tenantFolder } from '../../runtime/run-process.ts';
import type { Scenario } from '../scenario.ts';
import { findTornPages } from '../torn-pages.ts';

/** A kill between Sage's answer and the disk costs the grant, and is said; one after it costs nothing. */
export default {
  name: 'grant-points',
  summary: 'kill -9 of the real process around the commit of a new token pair',
  runs: 20,
  shortRuns: 0,
  run: async (seed) => {
    const broken: string[] = [];
    for (const point of ['grant-before-commit', 'grant-after-commit'] as const) {
      await using simulator = await startSimulator({ seed });
      await using folder = await tenantFolder(simulator);
      const { signal } = await startRun(simulator, folder.path, { environment: { SAGECFG_CRASH_AT: point } })
        .ended;
      if (signal !== 'SIGKILL') broken.push(`${point} was not reached`);
      broken.push(...findTornPages(folder.path));
      const next = startRun(simulator, folder.path);
      const isLost = point === 'grant-before-commit';
      await next.line(isLost ? /"kind":"reauthorisation-needed"/ : /"kind":"poll-finished"/);
      next.child.kill('SIGTERM');
      const { code } = await next.ended;
      if (code !== 0) broken.push(`after ${point} the next run ended with ${code}`);
      const { refreshes } = simulator.traffic.report();
      if (!isLost && refreshes !== 1) broken.push(`${refreshes} refreshes, although the pair was stored`);
    }
    return { broken, figures: {} };
  },
} satisfies Scenario;
