import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeEvent } from '../../src/commands/shared/describe-event.ts';
import { noCounts } from '../../src/runtime/poll/poll-counts.ts';
import type { RuntimeEvent } from '../../src/runtime/report.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { runCommand } from '../command-line.ts';
import type { CommandResult } from '../command-line.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const key = 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';
const local = ['--callback-allow', '127.0.0.0/8', '--callback-allow-http'];

/** Runs once against a simulator, on the file of its one tenant after a change of it. */
async function runOnce(
  flags: readonly string[],
  {
    edit = (text: string): string => text,
    environment = {},
  }: { readonly edit?: (text: string) => string; readonly environment?: Record<string, string> } = {},
): Promise<CommandResult & { readonly requests: number }> {
  await using simulator = await startSimulator();
  await using folder = await temporaryFolder({ 'north.yaml': edit(simulator.instanceFile('north')) });
  const addresses = ['--sage-base-url', simulator.sageUrl, '--sage-token-url', simulator.tokenUrl];
  const result = await runCommand(['run', '--once', 'north.yaml', ...addresses, ...flags], {
    workingDirectory: folder.path,
    environment,
  });
  return { ...result, requests: simulator.traffic.report().requests };
}

function withSecretReference(instanceFile: string): string {
  return instanceFile.replace(/^( {2}oauth\.api\.secret: ).*$/m, '$1${env:SAGE_SECRET}');
}

describe('sagecfg run', () => {
  it('polls Sage, with a key and leave to call this machine, and reports in lines of JSON', async () => {
    const { exitCode, stderr } = await runOnce([...local, '--log-level', 'debug'], {
      environment: { SAGECFG_KEY: key },
    });
    const lines = stderr
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(exitCode).toBe(0);
    expect(lines).toMatchObject([
      {
        kind: 'quota',
        instances: 1,
        requestsADay: 8640,
        allowedADay: 1_296_000,
        arithmetic: '6 lists, every minute',
        busiest: { instance: 'north', requestsAMinute: 6, allowedAMinute: 100 },
      },
      { kind: 'token-refreshed', instance: 'north' },
      { kind: 'poll-finished', resource: 'customers' },
      { kind: 'poll-finished', resource: 'invoices' },
      { kind: 'poll-finished', resource: 'products' },
    ]);
  });

  it('needs neither for a simulator', async () => {
    expect(await runOnce(['--source', 'simulator', '--quiet'])).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('resolves references at the last moment', async () => {
    const missing = await runOnce(['--source', 'simulator'], { edit: withSecretReference });
    expect(missing).toMatchObject({ exitCode: 2, requests: 0 });
    expect(missing.stderr).toContain(
      "instance 'north', 'oauth.api.secret': environment variable 'SAGE_SECRET' is not set",
    );
    const wrong = await runOnce(['--source', 'simulator'], {
      edit: withSecretReference,
      environment: { SAGE_SECRET: 'planted-secret' },
    });
    expect(wrong.exitCode).toBe(1);
    expect(wrong.stderr).toContain("'invalid_client'");
    expect(wrong.stdout + wrong.stderr).not.toContain('planted-secret');
  });

  it.each<[string, readonly string[], Parameters<typeof runOnce>[1], number, string]>([
    ['without a key', local, {}, 2, 'SAGECFG_KEY is not set'],
    [
      'with a key that is none',
      local,
      { environment: { SAGECFG_KEY: 'secret' } },
      2,
      'SAGECFG_KEY is not a key',
    ],
    [
      'with a callback on this machine',
      ['--callback-allow-http'],
      { environment: { SAGECFG_KEY: key } },
      1,
      'address 127.0.0.1 is not public',
    ],
    [
      'with a callback over http',
      [],
      { environment: { SAGECFG_KEY: key } },
      1,
      'http sends the records unencrypted',
    ],
    ['with an unknown baseline', ['--baseline', 'yesterday'], {}, 2, '--baseline "yesterday": expected now'],
    [
      'with a baseline without a zone',
      ['--baseline', 'since=2026-11-01T00:00:00'],
      {},
      2,
      'expected now, snapshot',
    ],
    ['with a store that it does not know', ['--store', 'redis://x'], {}, 2, 'expected sqlite:FILE'],
    [
      'with a range that is none',
      ['--source', 'simulator', '--callback-allow', 'localhost'],
      {},
      2,
      'is not CIDR',
    ],
    ['with an end of nothing', ['--until', '2026-11-01'], {}, 2, 'name --since as well'],
    [
      'with an end before the beginning',
      ['--since', '2026-11-02', '--until', '2026-11-01'],
      {},
      2,
      '--until 2026-11-01 is not after --since 2026-11-02',
    ],
    ['with a port that is none', ['--health-port', '70000'], {}, 2, '--health-port is 70000'],
    ['without an interval', ['--interval-seconds', '0'], {}, 2, '--interval-seconds is 0'],
    [
      'with an address that is not encrypted',
      ['--sage-token-url', 'http://sage.example.com/token', '--source', 'simulator'],
      {},
      2,
      'begins with https://',
    ],
    [
      'with a file that has an error',
      ['--source', 'simulator'],
      { edit: (text) => text.replace('created_at,updated_at\'"', 'created_at,updated_at"') },
      1,
      'nothing was run',
    ],
    [
      'for an instance that is switched off',
      ['--source', 'simulator'],
      {
        edit: (text) => text.replace('event.notification.enabled: true', 'event.notification.enabled: false'),
      },
      1,
      "'event.notification.enabled' false",
    ],
    [
      'without a grant',
      ['--source', 'simulator'],
      { edit: (text) => text.replace(/^ {2}oauth\.user\.refresh_token: .*\n/m, '') },
      1,
      'there is no grant in the state',
    ],
    [
      'with a masked secret',
      ['--source', 'simulator'],
      { edit: (text) => text.replace(/^( {2}oauth\.api\.secret: ).*$/m, "$1'********'") },
      1,
      "'oauth.api.secret' masked",
    ],
  ])('refuses to start %s', async (_case, flags, scene, exitCode, message) => {
    const result = await runOnce(flags, scene);
    expect(result.stderr).toContain(message);
    expect(result).toMatchObject({ exitCode, requests: 0 });
  });

  it('ends with 1 when a poll fails', async () => {
    const result = await runOnce(['--source', 'simulator', '--sage-business', 'unknown']);
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain('"kind":"poll-failed"');
  });

  it('tells at once what is wrong with every instance', async () => {
    await using simulator = await startSimulator({ tenants: [{ name: 'north' }, { name: 'south' }] });
    const files = simulator.tenants.map(({ name }) => [
      `${name}.yaml`,
      simulator.instanceFile(name).replace(/^( {2}oauth\.api\.secret: ).*$/m, '$1${env:SAGE_SECRET}'),
    ]);
    await using folder = await temporaryFolder(Object.fromEntries(files) as Record<string, string>);
    const { stderr } = await runCommand(
      ['run', '--source', 'simulator', '--sage-base-url', simulator.sageUrl, '.'],
      {
        workingDirectory: folder.path,
      },
    );
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^sagecfg: instance 'north', 'oauth\.api\.secret': /),
      expect.stringMatching(/^sagecfg: instance 'south', 'oauth\.api\.secret': /),
    ]);
  });

  it('starts a simulator of its own, polls what a file says there, and keeps nothing', async () => {
    await using simulator = await startSimulator();
    await using folder = await temporaryFolder({ 'acme.yaml': simulator.instanceFile('north') });
    const flags = ['run', '--once', '--source', 'simulator'];
    const own = await runCommand(flags, { workingDirectory: folder.path });
    expect(own).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('0 lost') });
    const file = await runCommand([...flags, 'acme.yaml'], { workingDirectory: folder.path });
    expect(file.exitCode).toBe(0);
    expect(simulator.traffic.report().requests).toBe(0);
    const companies = simulator
      .instanceFile('north')
      .replace('    products:', '    firms:')
      .replace('/products?', '/companies?');
    await using other = await temporaryFolder({ 'acme.yaml': companies });
    const unknown = await runCommand([...flags, 'acme.yaml'], { workingDirectory: other.path });
    expect(unknown).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('the simulator has no "companies"'),
    });
    const kept = await runCommand([...flags, '--state', 'state.db'], { workingDirectory: folder.path });
    expect(kept).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('forgets everything') });
  });

  it('takes settings from the file, and flags before them', async () => {
    await using simulator = await startSimulator();
    const settings = [
      'configs: [north.yaml]',
      'runtime:',
      '  source: simulator',
      '  store: sqlite:kept/state.db',
      '  baseline: snapshot',
      `  sage: { baseUrl: "${simulator.sageUrl}" }`,
    ];
    await using folder = await temporaryFolder({
      'sagecfg.yaml': settings.join('\n'),
      'north.yaml': simulator.instanceFile('north'),
    });
    const first = await runCommand(['run', '--once'], { workingDirectory: folder.path });
    expect(first.stderr).toContain('"learnt":20');
    const { mode } = await stat(join(folder.path, 'kept/state.db-key'));
    expect(mode & 0o777).toBe(0o600);
    const second = await runCommand(['run', '--once', '--baseline', 'now', '--state', 'other.db'], {
      workingDirectory: folder.path,
    });
    expect(second.stderr).not.toContain('"learnt":20');
  });
});

describe('describeEvent', () => {
  const about = { instance: 'acme', resource: 'customers' };
  const notification = { instance: 'acme', id: 'n1', events: 10, reason: 'the receiver answered 500' };
  const atMs = Date.UTC(2026, 10, 23, 9, 30);
  const counts = { ...noCounts, pages: 2, records: 205, events: { CREATED: 3, UPDATED: 1, DELETED: 0 } };

  it.each<[RuntimeEvent, string]>([
    [
      { kind: 'poll-finished', ...about, counts, durationMs: 420, nextDueMs: atMs, watermarkMoved: true },
      'acme/customers  3 created, 1 updated, 0 deleted (205 read on 2 pages) in 0.4 s',
    ],
    [
      {
        kind: 'poll-failed',
        ...about,
        reason: 'Sage answered 503',
        failures: 2,
        retryAtMs: atMs,
        isPaused: false,
      },
      'acme/customers  failed, 2 times in a row: Sage answered 503; next try at 09:30:00',
    ],
    [
      {
        kind: 'poll-failed',
        ...about,
        reason: 'Sage answered 503',
        failures: 100,
        retryAtMs: atMs,
        isPaused: true,
      },
      'acme/customers  failed, 100 times in a row: Sage answered 503; paused',
    ],
    [
      { kind: 'notification-failed', ...notification, attempt: 1, retryAtMs: atMs },
      'acme  10 events not delivered, attempt 1: the receiver answered 500; next try at 09:30:00',
    ],
    [
      { kind: 'notification-dead', ...notification, events: 1, attempt: 10 },
      'acme  1 event given up after attempt 10: the receiver answered 500',
    ],
  ])('makes a sentence of $kind', (event, sentence) => {
    expect(describeEvent(event)).toBe(sentence);
  });
});
