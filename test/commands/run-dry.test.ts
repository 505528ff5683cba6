import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { runCommand } from '../command-line.ts';
import type { CommandResult } from '../command-line.ts';
import { firstPolls, startRun, tenantFolder } from '../runtime/run-process.ts';
import { temporaryFolder } from '../temporary-folder.ts';

interface DryRunReport {
  readonly polls: readonly {
    readonly resource: string;
    readonly isAsked: boolean;
    readonly requests: readonly string[];
    readonly decisions: readonly {
      readonly objectId: string;
      readonly outcome: string;
      readonly reason: string;
    }[];
  }[];
  readonly notifications: readonly {
    readonly isSigned: boolean;
    readonly body: { readonly message: { readonly events: readonly { readonly eventId: string }[] } };
  }[];
}

function run(simulator: Simulator, folder: string, flags: readonly string[]): Promise<CommandResult> {
  const address = ['--source', 'simulator', '--sage-base-url', simulator.sageUrl, '--state', 'state.db'];
  return runCommand(['run', ...address, ...flags, 'north.yaml'], { workingDirectory: folder });
}

async function dryRun(simulator: Simulator, folder: string): Promise<DryRunReport> {
  const { stdout } = await run(simulator, folder, ['--dry-run', '-f', 'json']);
  return JSON.parse(stdout) as DryRunReport; // its contract is what is tested
}

const eventIds = ({ notifications }: DryRunReport): readonly string[] =>
  notifications.flatMap(({ body }) => body.message.events.map(({ eventId }) => eventId));

describe('sagecfg run --dry-run', () => {
  it('shows requests, decisions with their reasons and notifications, and leaves nothing behind', async () => {
    await using folder = await temporaryFolder();
    const flags = ['run', '--dry-run', '--source', 'simulator', '--baseline', 'since=2026-01-01'];
    const { exitCode, stdout, stderr } = await runCommand(flags, { workingDirectory: folder.path });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(
      /^north\/customers\n {4}GET http\S+\/contacts\?contact_type_id=CUSTOMER&\S+since=2026-01-01T/,
    );
    expect(stdout).toMatch(
      /^ {4}UPDATED {2}\w+ {2}created and updated dates are \d+ s apart, the tolerance is 10 s$/m,
    );
    expect(stdout).toMatch(/^POST http\S+\/callback\/north {2}\d+ bytes, signed$/m);
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('refreshes no token, and shows what it would ask for', async () => {
    await using simulator = await startSimulator();
    await using folder = await tenantFolder(simulator);
    const { exitCode, stdout } = await run(simulator, folder.path, ['--dry-run']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ {2}\? GET http\S+\/products\?.*deleted_since=/m);
    expect(stdout).toContain('a\nrefresh would use up the grant');
    expect(simulator.traffic.report()).toMatchObject({ requests: 0, refreshes: 0 });
    expect(await readdir(folder.path)).toEqual(['north.yaml']);
  });

  it('foretells what a run then does, event by event, and changes neither state nor receiver', async () => {
    await using simulator = await startSimulator();
    await using folder = await tenantFolder(simulator);
    await run(simulator, folder.path, ['--once']);
    simulator.changes.make(12);
    await simulator.quiesce();
    const before = await readFile(join(folder.path, 'state.db'));
    const foretold = await dryRun(simulator, folder.path);
    expect(await readFile(join(folder.path, 'state.db'))).toEqual(before);
    expect(simulator.ledger).toEqual([]);
    expect(foretold.polls.map(({ resource, isAsked }) => [resource, isAsked])).toEqual([
      ['customers', true],
      ['invoices', true],
      ['products', true],
    ]);
    expect(foretold.notifications.every(({ isSigned }) => isSigned)).toBe(true);

    await run(simulator, folder.path, ['--once']);
    const delivered = simulator.ledger.flatMap(({ events }) => events.map(({ eventId }) => eventId));
    expect(delivered.length).toBeGreaterThan(0);
    expect(new Set(eventIds(foretold))).toEqual(new Set(delivered));
    const again = await dryRun(simulator, folder.path);
    expect(again.notifications).toEqual([]);
    const reasons = again.polls.flatMap(({ decisions }) => decisions.map(({ reason }) => reason));
    expect(new Set(reasons)).toEqual(new Set(['this version was read before']));
  });

  it('works beside the run that has the state', { timeout: 60_000 }, async () => {
    await using simulator = await startSimulator();
    await using folder = await tenantFolder(simulator);
    const running = startRun(simulator, folder.path);
    await firstPolls(running);
    const foretold = await dryRun(simulator, folder.path);
    expect(foretold.polls.every(({ isAsked }) => isAsked)).toBe(true);
    running.child.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 0 });
  });
});
