import { describe, expect, it } from 'vitest';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { firstPolls, startRun, tenantFolder } from '../runtime/run-process.ts';

describe('sagecfg run, when it is told to stop', { timeout: 60_000 }, () => {
  it('waits for receivers no longer than it may, and sends what was not answered at the next start', async () => {
    await using simulator = await startSimulator();
    await using folder = await tenantFolder(simulator);
    simulator.faults.add({ on: 'callback', kind: 'slow', delayMs: 30_000, count: 'always' });
    const run = startRun(simulator, folder.path, { flags: ['--drain-seconds', '0.3'] });
    await firstPolls(run);
    simulator.changes.make(20);
    await run.line(/"(?:CREATED|UPDATED|DELETED)":[1-9]/);
    await expect.poll(() => simulator.faults.list()[0]?.fired).toBeGreaterThan(0);
    run.child.kill('SIGTERM');
    await run.line(/"kind":"stopping","signal":"SIGTERM","drainMs":300/);
    await run.line(/cut-off/);
    expect(await run.ended).toMatchObject({ code: 0 });

    simulator.faults.clear();
    const next = startRun(simulator, folder.path);
    await expect
      .poll(() => simulator.report().comparison, { timeout: 30_000 })
      .toMatchObject({ lost: 0, differentIds: 0, outOfOrder: 0 });
    next.child.kill('SIGTERM');
    expect(await next.ended).toMatchObject({ code: 0 });
  });

  it('does not cut a token refresh, not even at the second signal', async () => {
    await using simulator = await startSimulator();
    await using folder = await tenantFolder(simulator);
    simulator.faults.add({ on: 'token', kind: 'slow', delayMs: 1500, count: 1 });
    const run = startRun(simulator, folder.path);
    await run.line(/"kind":"started"/);
    await expect.poll(() => simulator.faults.list()[0]?.fired).toBe(1);
    run.child.kill('SIGTERM');
    await run.line(/"kind":"stopping"/);
    run.child.kill('SIGTERM');
    expect(await run.ended).toMatchObject({
      signal: 'SIGTERM',
      stderr: expect.stringContaining('token-refreshed'),
    });
    expect(await startRun(simulator, folder.path, { flags: ['--once'] }).ended).toMatchObject({ code: 0 });
    expect(simulator.report().grantRefusals).toEqual({});
  });
});
