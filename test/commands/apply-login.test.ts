import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { openBrowser, redirectOf, show } from '../browser.ts';
import type { CommandResult } from '../command-line.ts';
import { freePort } from '../free-port.ts';
import { desiredFile, runOnPlatform, tenantEnvironment } from '../platform/simulated-platform.ts';
import { temporaryFolder, type TemporaryFolder } from '../temporary-folder.ts';

const key = Buffer.alloc(32, 7).toString('base64');

/** Files that hold no login for the platform; the answer to one comes back to a port of this machine. */
async function filesFor(names: readonly string[]): Promise<TemporaryFolder> {
  const address = `http://127.0.0.1:${await freePort()}/callback`;
  const files = names.map((name) => [
    `tenants/${name}.yaml`,
    desiredFile(name)
      .replace('externalAuthentication: initial\n', '')
      .replace(/^ {2}oauth\.user\.refresh_token: .*\n/m, '')
      .replace('http://127.0.0.1/callback', address),
  ]);
  return temporaryFolder(Object.fromEntries(files));
}

async function run(
  argumentList: readonly string[],
  {
    simulator,
    folder,
    browse,
  }: {
    readonly simulator: Simulator;
    readonly folder: TemporaryFolder;
    readonly browse?: (address: string) => Promise<string>;
  },
): Promise<CommandResult> {
  const browser = openBrowser(browse);
  const result = await runOnPlatform(simulator, [...argumentList, 'tenants'], {
    workingDirectory: folder.path,
    environment: { ...tenantEnvironment(simulator), SAGECFG_KEY: key },
    onStderr: browser.onStderr,
  });
  await browser.pages();
  return result;
}

describe('apply --login', () => {
  it('asks each user for access, one after the other, and creates with the code at once', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    await using folder = await filesFor(['acme', 'beta', 'gamma']);
    const scene = { simulator, folder };
    const redirects: string[] = [];
    const browse = async (address: string): Promise<string> => {
      const answer = await redirectOf(address);
      redirects.push(answer);
      return show(answer);
    };
    const applied = await run(['apply', '--yes', '--login'], { ...scene, browse });
    expect(applied).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('3 created') });
    expect(
      simulator.instances
        .list()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['acme', 'beta', 'gamma']);
    expect(await run(['plan'], scene)).toMatchObject({ exitCode: 0 });
    const codes = redirects.map((each) => new URL(each).searchParams.get('code') ?? '');
    expect(new Set(codes).size).toBe(3);
    for (const code of codes) {
      expect(code).toMatch(/^GB\//);
      expect(applied.stdout + applied.stderr).not.toContain(code.slice(3));
    }
    expect(applied.stdout + applied.stderr).not.toContain(simulator.tenants[0]?.clientSecret);
  });

  it('goes on with the others when one user says no', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    await using folder = await filesFor(['acme', 'beta']);
    let asked = 0;
    const browse = (address: string): Promise<string> => {
      asked += 1;
      return show(asked === 1 ? `${address}&simulator_error=access_denied` : address);
    };
    const applied = await run(['apply', '--yes', '--login'], { simulator, folder, browse });
    expect(applied).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('1 created') });
    expect(applied.stdout).toContain('1 failed');
    expect(applied.stderr).toContain('the user did not give access');
    expect(simulator.instances.list()).toHaveLength(1);
  });

  it('asks nobody else after Ctrl-C', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    await using folder = await filesFor(['acme', 'beta', 'gamma']);
    const stop = new AbortController();
    let asked = 0;
    const applied = await runOnPlatform(simulator, ['apply', '--yes', '--login', 'tenants'], {
      workingDirectory: folder.path,
      environment: { ...tenantEnvironment(simulator), SAGECFG_KEY: key },
      interrupt: stop.signal,
      onStderr: (text) => {
        if (!text.startsWith('waiting at')) return;
        asked += 1;
        stop.abort();
      },
    });
    expect(asked).toBe(1);
    expect(applied).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('0 created') });
    expect(applied.stderr).toContain('could not create acme: stopped: nothing was changed');
    expect(applied.stderr).toContain('could not create beta: stopped before its user was asked');
    expect(simulator.instances.list()).toEqual([]);
  });

  it('asks nobody where the platform does not know the app', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    await using folder = await filesFor(['acme']);
    simulator.faults.add({
      on: 'instances',
      kind: 'status',
      status: 401,
      count: 'always',
      path: '/oauth/url',
    });
    const applied = await run(['apply', '--yes', '--login'], { simulator, folder });
    expect(applied).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('1 failed') });
    expect(applied.stderr).toContain('the platform answered 401');
    expect(applied.stderr).not.toContain('Open this address');
  });
});

describe('auth --through platform', () => {
  it('creates an instance, and lets one that is there log in again, with the same id and token', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    await using folder = await filesFor(['acme', 'beta']);
    const scene = { simulator, folder };
    const through = [
      'auth',
      '--through',
      'platform',
      '--source',
      'simulator',
      '--sage-base-url',
      simulator.sageUrl,
    ];
    const unsure = await run(through, scene);
    expect(unsure).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('which instance?') });
    const first = await run([...through, '--instance', 'acme'], scene);
    expect(first).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^acme: created as \d+; its id and token are in the state, encrypted\n$/),
    });
    const before = simulator.instances.list().map(({ id, token }) => ({ id, token }));
    const again = await run([...through, '--instance', 'acme'], scene);
    expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('has logged in again') });
    expect(simulator.instances.list().map(({ id, token }) => ({ id, token }))).toEqual(before);
    expect(simulator.report().grantRefusals).toEqual({});
    expect((await run(['plan', '--only', 'acme'], scene)).exitCode).toBe(0);
  });

  it.each([
    [['auth', 'status'], 'sagecfg plan shows its instances'],
    [['auth', 'revoke'], 'delete or disable the instance there'],
    [['auth', '--redirect-uri', 'http://127.0.0.1:1/'], 'change it there'],
  ])('refuses %j', async (line, message) => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    await using folder = await filesFor(['acme']);
    const refused = await run([...line, '--through', 'platform'], { simulator, folder });
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(message) });
  });

  it('changes nothing when the user says no', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    await using folder = await filesFor(['acme']);
    const browse = (address: string): Promise<string> => show(`${address}&simulator_error=access_denied`);
    const denied = await run(['auth', '--through', 'platform'], { simulator, folder, browse });
    expect(denied).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining('did not give access'),
    });
    expect(simulator.instances.list()).toEqual([]);
  });
});
