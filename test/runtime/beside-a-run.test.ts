import { expect, it, vi } from 'vitest';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { runCommand } from '../command-line.ts';
import { firstPolls, startRun, tenantFolder } from './run-process.ts';

it('shows, replays and exports beside a process that runs, which notices', { timeout: 60_000 }, async () => {
  await using simulator = await startSimulator({ seed: 3, tenants: [{ name: 'north' }] });
  await using folder = await tenantFolder(simulator);
  const command = (...words: readonly string[]) =>
    runCommand([...words, '--state', 'state.db'], { workingDirectory: folder.path });
  const run = startRun(simulator, folder.path);
  await firstPolls(run);
  simulator.changes.make(5);
  await run.line(/"kind":"notification-delivered"/);

  const status = await command('status', '-f', 'json');
  expect(status.exitCode).toBe(0);
  expect(JSON.parse(status.stdout)).toMatchObject({
    polls: expect.arrayContaining([expect.objectContaining({ instance: 'north', state: 'ok', failures: 0 })]),
    endpoints: [expect.objectContaining({ state: 'closed', instances: ['north'] })],
    grants: [expect.objectContaining({ instance: 'north', state: 'good' })],
  });

  const listed = await command('events', 'list', '--event-state', 'delivered', '-f', 'json');
  const { events } = JSON.parse(listed.stdout) as { events: { id: string }[] }; // our own output
  const id = events[0]?.id ?? '';
  expect(await command('events', 'replay', id)).toMatchObject({ exitCode: 0 });
  await run.line(/"kind":"resumed"/);
  await vi.waitFor(
    async () => {
      const shown = await command('events', 'show', id, '-f', 'json');
      const event: unknown = JSON.parse(shown.stdout);
      expect(event).toMatchObject({
        state: 'delivered',
        replays: 1,
        attempts: [{ status: 200 }, { status: 200 }],
      });
    },
    { timeout: 30_000, interval: 100 },
  );

  const exported = await command('state', 'export');
  expect(exported.stdout).toContain('{"kind":"poll","row":{"key":"north/customers"');
  expect(await command('state', 'import', '-')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining(`is in use by process ${run.child.pid} on `),
  });
  run.child.kill('SIGTERM');
  expect(await run.ended).toMatchObject({ code: 0 });
  expect((await command('status')).stdout).toContain('north/customers');
});
