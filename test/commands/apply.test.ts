import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { createTokenCipher, parseTokenKey } from '../../src/runtime/token-cipher.ts';
import { openSqliteStore } from '../../src/runtime/adapters/store/sqlite.ts';
import type { Registration } from '../../src/runtime/ports/registration-store.ts';
import { runCommand, type CommandResult } from '../command-line.ts';
import { temporaryFolder, type TemporaryFolder } from '../temporary-folder.ts';
import {
  desiredFile,
  liveDefinition,
  platformEnvironment,
  runOnPlatform,
  tenantEnvironment,
} from '../platform/simulated-platform.ts';

const key = Buffer.alloc(32, 7).toString('base64');

describe('apply', () => {
  it('creates what is missing, keeps ids and tokens, and leaves nothing to plan', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    await using folder = await tenantFolder(['acme', 'beta', 'gamma']);
    const first = await apply(simulator, folder);
    expect(first).toMatchObject({
      exitCode: 0,
      stdout:
        '3 created, 0 changed, 0 deleted, 0 kept, 0 failed, 0 skipped; ids and tokens are in the state, encrypted\n',
    });
    expect(first.stderr).toMatch(/\[3\/3\] created \w+ \(\d+\)\n/);
    expect(await plan(simulator, folder)).toMatchObject({ exitCode: 0 });
    expect(await known(simulator, folder)).toEqual(live(simulator));
    const again = await apply(simulator, folder);
    expect(again).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('0 created, 0 changed, 0 deleted, 3 kept'),
    });
  });

  it('changes the one key that differs, and nothing else', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    await using folder = await tenantFolder(['acme', 'beta']);
    await apply(simulator, folder);
    await edit(folder, 'acme', 'refresh_interval: 15', 'refresh_interval: 5');
    await edit(folder, 'acme', 'idField: id', 'idField: other_id');
    expect((await plan(simulator, folder)).stdout).toContain('1 to change');
    const [acme] = simulator.instances.list();
    const token = acme?.token;
    expect(await apply(simulator, folder)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('1 changed'),
    });
    expect(acme?.configuration.get('event.poller.refresh_interval')).toBe(5);
    expect(acme?.configuration.get('event.poller.configuration')).toContain('"idField":"other_id"');
    expect([acme?.token, acme?.configuration.get('country')]).toEqual([token, 'GB']);
    const patches = simulator.traffic.lines().filter(({ method }) => method === 'PATCH' || method === 'PUT');
    expect(patches).toHaveLength(1);
    expect(await plan(simulator, folder)).toMatchObject({ exitCode: 0 });
  });

  it('writes down ids and tokens of what was imported', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    for (const index of [1, 2]) simulator.instances.add(liveDefinition(index));
    await using folder = await temporaryFolder();
    await runOnPlatform(simulator, ['import'], { workingDirectory: folder.path });
    expect(await apply(simulator, folder)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('2 kept'),
    });
    expect(await known(simulator, folder)).toEqual(live(simulator));
  });

  it('logs in anew, with the same id, where a grant would be worth nothing', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    await using folder = await tenantFolder(['acme']);
    await apply(simulator, folder);
    const [before] = await known(simulator, folder);
    await edit(folder, 'acme', 'country: GB', 'country: IE');
    expect((await plan(simulator, folder)).stdout).toContain('needs a new authentication');
    expect(await apply(simulator, folder)).toMatchObject({ exitCode: 0 });
    expect(simulator.traffic.lines().filter(({ method }) => method === 'PUT')).toHaveLength(1);
    expect(simulator.instances.list()[0]?.configuration.get('country')).toBe('IE');
    expect(await known(simulator, folder)).toEqual([before]);
  });

  it('looks at what became of a login whose answer is lost, and says when nothing did', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    await using folder = await tenantFolder(['acme']);
    await apply(simulator, folder);
    await edit(folder, 'acme', 'country: GB', 'country: IE');
    simulator.faults.add({ on: 'instances', kind: 'drop', when: 'before', contains: '"country":"IE"' });
    expect(await apply(simulator, folder)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('could not change acme'),
    });
    expect((await plan(simulator, folder)).stdout).toContain('1 to change');
    simulator.faults.add({ on: 'instances', kind: 'drop', when: 'after', contains: '"country":"IE"' });
    expect(await apply(simulator, folder)).toMatchObject({ exitCode: 0 });
    expect(await plan(simulator, folder)).toMatchObject({ exitCode: 0 });
  });

  it('takes a grant code from the platform’s own login, which works once', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    const text = desiredFile('acme').replace(
      'externalAuthentication: initial',
      'providerData:\n  code: ${env:SAGE_GRANT_CODE}',
    );
    await using folder = await temporaryFolder({ 'tenants/acme.yaml': text });
    expect(await apply(simulator, folder)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("environment variable 'SAGE_GRANT_CODE' is not set"),
    });
    const spent = await apply(simulator, folder, { environment: { SAGE_GRANT_CODE: 'planted-code-0004' } });
    expect(spent).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('a code lives 60 seconds and works once'),
    });
    expect(spent.stdout + spent.stderr).not.toContain('planted');
    const code = await grantCode(simulator);
    expect(await apply(simulator, folder, { environment: { SAGE_GRANT_CODE: code } })).toMatchObject({
      exitCode: 0,
    });
    expect(await plan(simulator, folder)).toMatchObject({ exitCode: 0 });
  });

  it('says what a creation needs when the file gives no access', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    await using folder = await temporaryFolder({
      'tenants/acme.yaml': desiredFile('acme').replace('externalAuthentication: initial\n', ''),
    });
    const { exitCode, stderr } = await apply(simulator, folder);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('acme: the platform needs access to the business: add --login');
    expect(simulator.traffic.lines().filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('deletes with --prune only, and forgets what it knew', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    await using folder = await tenantFolder(['acme', 'beta']);
    await apply(simulator, folder);
    const only = ['tenants/acme.yaml'];
    await apply(simulator, folder, { files: only });
    expect(simulator.instances.list()).toHaveLength(2);
    expect(await apply(simulator, folder, { files: only, flags: ['--prune'] })).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('1 deleted'),
    });
    expect(await known(simulator, folder)).toEqual(live(simulator));
    expect(live(simulator)).toHaveLength(1);
  });

  it('works on the instances that --only names', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    await using folder = await tenantFolder(['acme', 'beta']);
    expect(await apply(simulator, folder, { flags: ['--only', 'beta'] })).toMatchObject({ exitCode: 0 });
    expect(simulator.instances.list().map(({ name }) => name)).toEqual(['beta']);
    expect(await apply(simulator, folder, { flags: ['--only', 'nobody'] })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('no instance is called "nobody"'),
    });
  });

  it('refuses files with an error before it asks the platform anything', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    await using folder = await temporaryFolder({
      'tenants/acme.yaml': desiredFile('acme').replace("created_at,updated_at'", 'created_at,updated_at'),
    });
    const { exitCode, stderr } = await apply(simulator, folder);
    expect([exitCode, simulator.traffic.lines()]).toEqual([1, []]);
    expect(stderr).toContain('nothing was applied: mend the errors first');
  });

  it('asks a person, and takes nothing but yes; without one it needs --yes', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    await using folder = await tenantFolder(['acme']);
    const unasked = await runOnPlatform(simulator, ['apply', 'tenants'], surroundings(simulator, folder));
    expect(unasked).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('add --yes') });
    const person = { ...surroundings(simulator, folder), isInteractive: true };
    const no = await runOnPlatform(simulator, ['apply', 'tenants'], { ...person, stdin: 'y\n' });
    expect(no).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('nothing was applied') });
    expect(simulator.instances.list()).toEqual([]);
    const yes = await runOnPlatform(simulator, ['apply', 'tenants'], { ...person, stdin: 'yes\n' });
    expect(yes).toMatchObject({ exitCode: 0 });
    expect(simulator.instances.list()).toHaveLength(1);
  });

  it('does what a saved plan says, and refuses when that is not what there is to do any more', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    await using folder = await tenantFolder(['acme']);
    await runOnPlatform(simulator, ['plan', 'tenants', '-o', 'plan.json'], surroundings(simulator, folder));
    const saved = ['apply', 'tenants', '--plan', 'plan.json'];
    await edit(folder, 'acme', 'name: acme', 'name: other');
    const stale = await runOnPlatform(simulator, saved, surroundings(simulator, folder));
    expect(stale).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('not what there is to do any more'),
    });
    await edit(folder, 'acme', 'name: other', 'name: acme');
    expect(await runOnPlatform(simulator, saved, surroundings(simulator, folder))).toMatchObject({
      exitCode: 0,
    });
    expect(simulator.instances.list().map(({ name }) => name)).toEqual(['acme']);
  });

  it('keeps ids and tokens in a file for this user alone where it is told to', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    await using folder = await tenantFolder(['acme ltd']);
    const first = await apply(simulator, folder, { flags: ['--output-env', 'tokens.env'] });
    expect(first).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('ids and tokens are in tokens.env'),
    });
    const [instance] = simulator.instances.list();
    expect(await folder.read('tokens.env')).toBe(
      `ACME_LTD_INSTANCE_ID='${instance?.id}'\nACME_LTD_ELEMENT_TOKEN='${instance?.token}'\n`,
    );
    expect((await stat(join(folder.path, 'tokens.env'))).mode & 0o777).toBe(0o600);
    expect(first.stdout + first.stderr).not.toContain(instance?.token);
  });

  it('tells two instances of one name apart only when it is told which', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    const twins = [liveDefinition(1, 'acme'), liveDefinition(2, 'acme')].map((each) =>
      simulator.instances.add(each),
    );
    await using folder = await tenantFolder(['acme']);
    const refused = await plan(simulator, folder);
    expect(refused).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('2 live instances have that name'),
    });
    await edit(folder, 'acme', 'element:', `x-instance-id: ${twins[1]?.id}\nelement:`);
    expect((await plan(simulator, folder)).stdout).toContain(`change acme (${twins[1]?.id})`);
  });

  it('gives run what it needs to read through the platform', async () => {
    await using simulator = await startSimulator({ initialObjects: 3 });
    await using folder = await tenantFolder(['acme']);
    await apply(simulator, folder);
    const address = ['--hub-base-url', `${simulator.platformUrl}/`, '--no-config', '--state', 'state.db'];
    const run = await runCommand(['run', 'tenants', '--once', '--source', 'hub', ...address], {
      ...surroundings(simulator, folder, platformEnvironment(simulator)),
    });
    expect(run.exitCode).toBe(0);
    const polls = simulator.traffic.lines().filter(({ path }) => path.includes('/hubs/finance/customers'));
    expect(polls.map(({ status }) => status)).toEqual([200]);
  });

  it('takes a file with an element token of its own, as run on a hub has it, for the same instance', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    await using folder = await tenantFolder(['acme']);
    await apply(simulator, folder);
    await edit(folder, 'acme', 'tags:', 'token: ${env:ELEMENT_TOKEN}\ntags:');
    expect(await plan(simulator, folder)).toMatchObject({ exitCode: 0 });
    for (const { id } of simulator.instances.list()) simulator.instances.remove(id);
    expect(await apply(simulator, folder)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('1 created'),
    });
  });

  it('renames an instance whose id the file has, and moves what it knows of it', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    await using folder = await tenantFolder(['acme']);
    await apply(simulator, folder);
    const [before] = simulator.instances.list();
    await edit(folder, 'acme', 'element:', `x-instance-id: ${before?.id}\nelement:`);
    await edit(folder, 'acme', 'name: acme', 'name: "${env:HOME} renamed"');
    expect(await apply(simulator, folder)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('1 changed'),
    });
    expect(before?.name).toBe('${env:HOME} renamed');
    expect(await known(simulator, folder)).toEqual(live(simulator));
    expect(live(simulator)).toHaveLength(1);
  });

  it('gives up a creation after three lost answers, having looked once more', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    await using folder = await tenantFolder(['acme']);
    simulator.faults.add({
      on: 'instances',
      kind: 'drop',
      when: 'before',
      contains: '"configuration"',
      count: 3,
    });
    const first = await apply(simulator, folder);
    expect(first).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('could not create acme: no answer came from 127.0.0.1'),
    });
    expect(simulator.traffic.lines().filter(({ method }) => method === 'POST')).toHaveLength(3);
    expect(await apply(simulator, folder)).toMatchObject({ exitCode: 0 });
    expect(await known(simulator, folder)).toEqual(live(simulator));
  });

  it('begins nothing more when it is interrupted, and a later apply finishes', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    const names = Array.from({ length: 12 }, (_name, index) => `tenant-${index}`);
    await using folder = await tenantFolder(names);
    const stop = new AbortController();
    const pace = ['--yes', '--state', 'state.db', '--concurrency', '2'];
    const first = await runOnPlatform(simulator, ['apply', 'tenants', ...pace], {
      ...surroundings(simulator, folder),
      interrupt: stop.signal,
      onStderr: (text) => {
        if (text.startsWith('[3/12]')) stop.abort();
      },
    });
    expect(first).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('A later apply goes on where this one ended'),
    });
    const created = simulator.instances.list().length;
    expect(created).toBeGreaterThanOrEqual(3);
    expect(created).toBeLessThan(12);
    expect(await apply(simulator, folder)).toMatchObject({ exitCode: 0 });
    expect(await known(simulator, folder)).toEqual(live(simulator));
    expect(live(simulator)).toHaveLength(12);
  });

  it('leaves a failing instance behind and does the rest', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    await using folder = await tenantFolder(['acme', 'beta', 'gamma']);
    simulator.faults.add({ on: 'instances', kind: 'status', status: 400, contains: '"name":"beta"' });
    const first = await apply(simulator, folder);
    expect(first).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('2 created, 0 changed, 0 deleted, 0 kept, 1 failed'),
    });
    expect(first.stderr).toContain('could not create beta: the platform answered 400');
    expect(await apply(simulator, folder)).toMatchObject({ exitCode: 0 });
    expect(await known(simulator, folder)).toEqual(live(simulator));
  });

  it.each([
    ['the answer is lost', { kind: 'drop', when: 'after' }],
    ['the request is lost', { kind: 'drop', when: 'before' }],
    ['the answer is cut', { kind: 'truncate' }],
    ['the platform fails', { kind: 'server-error' }],
    ['it is too much', { kind: 'rate-limit', retryAfter: '0' }],
  ] as const)('creates each once when %s', async (_what, fault) => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    await using folder = await tenantFolder(['acme', 'beta', 'gamma', 'delta']);
    simulator.faults.add({ ...fault, on: 'instances', contains: '"configuration"', count: 3 });
    const applied = await apply(simulator, folder);
    expect(simulator.faults.list()[0]?.fired).toBe(3);
    expect(applied.stderr).not.toContain('could not');
    expect(applied.exitCode).toBe(0);
    expect(
      simulator.instances
        .list()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['acme', 'beta', 'delta', 'gamma']);
    expect(await known(simulator, folder)).toEqual(live(simulator));
  });

  it('shows no secret in any output, plan or progress', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    await using folder = await tenantFolder(['acme', 'beta']);
    const environment = { CALLBACK_KEY: 'planted-callback-key-0005' };
    const results = [
      await plan(simulator, folder, environment, ['-o', 'plan.json']),
      await plan(simulator, folder, environment, ['-f', 'json']),
      await apply(simulator, folder, { environment, flags: ['-f', 'json'] }),
      await apply(simulator, folder, { environment: { CALLBACK_KEY: 'planted-other-key-0006' } }),
    ];
    const state = await readFile(join(folder.path, 'state.db'), 'latin1');
    const wal = await readFile(join(folder.path, 'state.db-wal'), 'latin1').catch(() => '');
    const shown = [
      ...results.map(({ stdout, stderr }) => stdout + stderr),
      await folder.read('plan.json'),
      state,
      wal,
    ].join('\n');
    const [tenant] = simulator.tenants;
    const secrets = [
      'planted',
      simulator.instances.userSecret,
      simulator.instances.organizationSecret,
      tenant?.clientSecret ?? '',
      tenant?.clientId ?? '',
      tenant?.refreshToken ?? '',
      ...simulator.instances.list().map(({ token }) => token),
    ];
    expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
    expect(
      simulator.instances
        .list()
        .map(({ configuration }) => configuration.get('event.notification.signature.key')),
    ).toEqual(['planted-other-key-0006', 'planted-other-key-0006']);
  });

  it('refuses a secret in the command line, and an address that secrets must not travel to', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    await using folder = await tenantFolder(['acme']);
    const literal = await plan(simulator, folder, {}, ['--platform-user-secret', 'planted-user-0007']);
    expect(literal).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('takes a reference') });
    expect(literal.stderr).not.toContain('planted');
    const open = await runOnPlatform(simulator, ['plan', 'tenants'], {
      workingDirectory: folder.path,
      baseUrl: 'http://platform.example.com/api',
    });
    expect(open).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('begins with https://') });
  });
});

function tenantFolder(names: readonly string[]): Promise<TemporaryFolder> {
  return temporaryFolder(
    Object.fromEntries(names.map((name) => [`tenants/${name}.yaml`, desiredFile(name)])),
  );
}

function surroundings(
  simulator: Simulator,
  folder: TemporaryFolder,
  environment: Record<string, string> = {},
) {
  return {
    workingDirectory: folder.path,
    environment: { SAGECFG_KEY: key, ...tenantEnvironment(simulator), ...environment },
  };
}

async function apply(
  simulator: Simulator,
  folder: TemporaryFolder,
  {
    environment = {},
    flags = [],
    files = ['tenants'],
  }: { environment?: Record<string, string>; flags?: readonly string[]; files?: readonly string[] } = {},
): Promise<CommandResult> {
  const pace = ['--yes', '--state', 'state.db', '--settle-seconds', '0.2'];
  return await runOnPlatform(
    simulator,
    ['apply', ...files, ...pace, ...flags],
    surroundings(simulator, folder, environment),
  );
}

async function plan(
  simulator: Simulator,
  folder: TemporaryFolder,
  environment: Record<string, string> = {},
  flags: readonly string[] = [],
): Promise<CommandResult> {
  return await runOnPlatform(
    simulator,
    ['plan', 'tenants', ...flags],
    surroundings(simulator, folder, environment),
  );
}

async function edit(folder: TemporaryFolder, name: string, before: string, after: string): Promise<void> {
  const file = join(folder.path, `tenants/${name}.yaml`);
  const text = await readFile(file, 'utf8');
  expect(text).toContain(before);
  await writeFile(file, text.replace(before, after));
}

async function grantCode(simulator: Simulator): Promise<string> {
  const url = new URL(simulator.authorizeUrl);
  url.searchParams.set('client_id', simulator.tenants[0]?.clientId ?? '');
  url.searchParams.set('response_type', 'code');
  url.searchParams.set('redirect_uri', 'http://127.0.0.1/callback');
  const page = await fetch(url, { redirect: 'manual' });
  return new URL(page.headers.get('location') ?? '').searchParams.get('code') ?? '';
}

/** Ids and tokens as the state has them, by name. */
async function known(simulator: Simulator, folder: TemporaryFolder) {
  const cipher = createTokenCipher(parseTokenKey(key));
  await using store = openSqliteStore(join(folder.path, 'state.db'), { cipher, crash: () => undefined });
  return (await store.registrations.list(simulator.platformUrl)).map(plainRegistration);
}

function plainRegistration({ name, instanceId, token, creatingSinceMs }: Registration) {
  return { name, id: instanceId, token: token?.reveal(), creatingSinceMs };
}

function live(simulator: Simulator) {
  return simulator.instances
    .list()
    .map(({ name, id, token }) => ({ name, id: String(id), token, creatingSinceMs: undefined }))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
}
