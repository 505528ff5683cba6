import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writePlayground } from '../../src/commands/shared/write-playground.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { runCommand } from '../command-line.ts';
import type { CommandResult } from '../command-line.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const SAGECFG_KEY = 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';

async function openPlayground(): Promise<{ simulator: Simulator; folder: string } & AsyncDisposable> {
  const simulator = await startSimulator({ initialObjects: 3 });
  const folder = await temporaryFolder();
  await writePlayground(simulator, folder.path);
  return {
    simulator,
    folder: folder.path,
    [Symbol.asyncDispose]: async () => {
      await simulator[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

function runOnce(workingDirectory: string, ...flags: readonly string[]): Promise<CommandResult> {
  return runCommand(['run', '--once', ...flags], { workingDirectory, environment: { SAGECFG_KEY } });
}

describe('what simulate writes', () => {
  it.each([
    ['.', ['accounting', 'token']],
    ['sage-legacy', ['legacy', 'legacy-token']],
    ['hub', ['hub']],
  ])(
    'runs as it is in %s, by its own door',
    async (place, doors) => {
      await using playground = await openPlayground();
      const { simulator, folder } = playground;
      const first = await runOnce(join(folder, place));
      expect(first).toMatchObject({ exitCode: 0, stdout: '' });
      simulator.changes.make(10);
      expect((await runOnce(join(folder, place))).exitCode).toBe(0);
      expect(simulator.report().comparison).toMatchObject({
        lost: 0,
        badSignatures: 0,
        differentIds: 0,
        unsourced: 0,
      });
      expect(simulator.ledger.length).toBeGreaterThan(0);
      expect(new Set(simulator.traffic.lines().map(({ endpoint }) => endpoint))).toEqual(new Set(doors));
    },
    30_000,
  );

  it.each([
    ['sage-legacy', 'uki/sageone/accounts/v3/contacts'],
    ['hub', 'elements/api-v2/hubs/finance/customers'],
  ])(
    'shows in a dry run what %s would be asked, with no secret, and leaves nothing behind',
    async (place, path) => {
      await using playground = await openPlayground();
      const { simulator, folder } = playground;
      const before = await readdir(join(folder, place));
      const { exitCode, stdout } = await runCommand(['run', '--dry-run', '--record', 'kept'], {
        workingDirectory: join(folder, place),
        environment: { SAGECFG_KEY },
      });
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining(path) });
      const { instances } = simulator;
      const tokens = instances.list().map(({ token }) => token);
      const secrets = [instances.userSecret, instances.organizationSecret, ...tokens];
      expect(secrets.filter((secret) => stdout.includes(secret))).toEqual([]);
      expect(await readdir(join(folder, place))).toEqual(before);
    },
  );

  it('records what was read, and reads it again without a network', async () => {
    await using playground = await openPlayground();
    const { simulator, folder } = playground;
    await runOnce(folder, '--record', 'support');
    simulator.world.create('north', 'customers');
    await runOnce(folder, '--record', 'support');
    const [before, delivered] = [simulator.traffic.report().requests, simulator.ledger.length];
    const flags = ['--source', 'recorded:support', '--state', 'replay.db', '--callback-allow-http'];
    const replay = await runOnce(folder, ...flags, '--callback-allow', '127.0.0.0/8');
    expect(replay.exitCode).toBe(0);
    expect((await runOnce(folder, ...flags, '--callback-allow', '127.0.0.0/8')).exitCode).toBe(0);
    expect(simulator.traffic.report().requests).toBe(before);
    expect(delivered).toBe(1);
    const recorded = await readFile(join(folder, 'support', 'north', 'customers.ndjson'), 'utf8');
    expect(
      recorded
        .trimEnd()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    ).toMatchObject([
      { scan: 'changes', records: [] },
      { scan: 'deletions', records: [] },
      { scan: 'changes', records: [{ id: expect.any(String), updated_at: expect.any(String) }] },
      { scan: 'deletions', records: [] },
    ]);
    expect(recorded).not.toMatch(/simulator-(?:access|refresh)|Bearer/);
  }, 30_000);

  it.each([
    ['recorded:nowhere', 1, 'there is no recording'],
    ['recorded:broken', 1, 'line 1 of the recording is none: expected "records" to be a list of objects'],
    ['planets', 2, 'expected sage, sage-legacy, hub, simulator or recorded:FOLDER'],
    ['hub', 1, "there is no element token: write it beside 'name' as 'token'"],
  ])('says what source %s lacks', async (source, exitCode, message) => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    await using folder = await temporaryFolder({
      'north.yaml': simulator.instanceFile('north'),
      'broken/north/customers.ndjson': '{"records": "none"}\n',
    });
    const flags = ['--hub-base-url', simulator.platformUrl, '--callback-allow-http'];
    const result = await runCommand(
      ['run', '--once', 'north.yaml', '--source', source, ...flags, '--callback-allow', '127.0.0.0/8'],
      {
        workingDirectory: folder.path,
        environment: { SAGECFG_USER_SECRET: 'user', SAGECFG_ORGANIZATION_SECRET: 'organization' },
      },
    );
    expect(result).toMatchObject({ exitCode, stdout: '' });
    expect(result.stderr).toContain(message);
  });
});

describe('sagecfg simulate', () => {
  it.each([
    [['--assume', 'hubPaging'], 'expected hubPaging=page|token'],
    [['--assume', 'weather=fine'], 'expected NAME=VALUE of defaultOrder'],
    [['--faults', 'missing.json'], 'missing.json could not be read'],
    [['--faults', 'wrong.json'], 'unknown kind "rain"'],
    [['--resources', 'planets'], 'the simulator has no "planets"'],
  ])('refuses %s', async (flags, message) => {
    await using folder = await temporaryFolder({ 'wrong.json': '[{"kind": "rain"}]' });
    const result = await runCommand(['simulate', ...flags], { workingDirectory: folder.path });
    expect(result.exitCode).not.toBe(0);
    expect(result.stderr).toContain(message);
  });
});
