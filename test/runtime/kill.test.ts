import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { crashPoints } from '../../src/runtime/crash-points.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { startRun, tenantFolder } from './run-process.ts';

/** Where a kill costs the grant, as documented, and so the whole test. */
const points = Object.keys(crashPoints).filter((point) => !point.startsWith('grant-'));

describe('a process that is killed', () => {
  it(
    'loses nothing, twenty times over, and repeats under the same ids only',
    { timeout: 60_000 },
    async () => {
      await using simulator = await startSimulator({
        seed: 3,
        tenants: [{ name: 'north' }, { name: 'south' }],
      });
      await using folder = await tenantFolder(simulator);
      const first = startRun(simulator, folder.path);
      const polled = simulator.tenants.map(({ name }) =>
        first.line(new RegExp(`"${name}","resource":"products","counts"`)),
      );
      await Promise.all(polled);
      first.child.kill('SIGKILL');
      await first.ended;

      simulator.changes.start({ changesPerSecond: 50, total: Infinity });
      for (let round = 0; round < 20; round += 1) {
        // Half of the kills come at a named place, half when the process happens to have got so far.
        const point = round % 2 === 0 ? `${points[(round / 2) % points.length]}:${1 + (round % 3)}` : '';
        const run = startRun(simulator, folder.path, { environment: { SAGECFG_CRASH_AT: point } });
        if (point === '') {
          await run.line(round % 4 === 1 ? /notification-delivered/ : /poll-finished/);
          run.child.kill('SIGKILL');
        }
        expect(await run.ended).toMatchObject({ signal: 'SIGKILL' });
      }

      await simulator.quiesce();
      for (let round = 0; round < 2; round += 1) {
        expect(await startRun(simulator, folder.path, { flags: ['--once'] }).ended).toMatchObject({
          code: 0,
        });
      }
      const { comparison } = simulator.report();
      expect(comparison).toMatchObject({
        lost: 0,
        differentIds: 0,
        badSignatures: 0,
        outOfOrder: 0,
        unsourced: 0,
      });
      expect(comparison.delivered).toBeGreaterThan(100);
    },
  );

  it('has to be authorised again when it dies between Sage’s answer and the disk, and says so', async () => {
    await using simulator = await startSimulator();
    await using folder = await tenantFolder(simulator);
    const environment = { SAGECFG_CRASH_AT: 'grant-before-commit' };
    expect(await startRun(simulator, folder.path, { environment }).ended).toMatchObject({
      signal: 'SIGKILL',
    });
    const run = startRun(simulator, folder.path);
    await run.line(/reauthorisation-needed/);
    run.child.kill('SIGTERM');
    expect(await run.ended).toMatchObject({ code: 0 });
  });

  it('keeps its grant when it dies right after the tokens are stored', async () => {
    await using simulator = await startSimulator();
    await using folder = await tenantFolder(simulator);
    const environment = { SAGECFG_CRASH_AT: 'grant-after-commit' };
    expect(await startRun(simulator, folder.path, { environment }).ended).toMatchObject({
      signal: 'SIGKILL',
    });
    expect(await startRun(simulator, folder.path, { flags: ['--once'] }).ended).toMatchObject({ code: 0 });
    expect(simulator.traffic.report().refreshes).toBe(1);
  });
});

describe('a process that runs', () => {
  it('keeps a second one off its state, which names it, and lets go when it is stopped', async () => {
    await using simulator = await startSimulator();
    await using folder = await tenantFolder(simulator);
    const run = startRun(simulator, folder.path);
    await run.line(/poll-finished/);
    const second = await startRun(simulator, folder.path).ended;
    expect(second).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`in use by process ${run.child.pid} on `),
    });

    run.child.kill('SIGINT');
    expect(await run.ended).toMatchObject({ code: 0, stderr: expect.stringContaining('stopping') });
    await expect(access(join(folder.path, 'state.db-owner'))).rejects.toThrow('ENOENT');
    expect(await startRun(simulator, folder.path, { flags: ['--once'] }).ended).toMatchObject({ code: 0 });
  });

  it('ends at once at the second interrupt', async () => {
    await using simulator = await startSimulator();
    await using folder = await tenantFolder(simulator);
    simulator.faults.add({ on: 'callback', kind: 'slow', delayMs: 20_000, count: 'always' });
    const run = startRun(simulator, folder.path);
    await run.line(/poll-finished/);
    simulator.changes.make(20);
    await run.line(/"(?:CREATED|UPDATED|DELETED)":[1-9]/);
    run.child.kill('SIGTERM');
    await new Promise<void>((resolve) => {
      run.child.stderr.on('data', (chunk: Buffer) => {
        if (chunk.includes('stopping')) resolve();
      });
    });
    run.child.kill('SIGTERM');
    expect(await run.ended).toMatchObject({ code: null, signal: 'SIGTERM' });
  });
});
