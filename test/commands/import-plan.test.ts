import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PlanReport } from '../../src/platform/plan-report.ts';
import { validatorOf } from '../../src/schema/validators.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { runCommand } from '../command-line.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { liveDefinition, plantedKey, pollerEntry, runOnPlatform } from '../platform/simulated-platform.ts';

const planted = [plantedKey, 'planted-client-secret-0002'];

describe('import, then plan', () => {
  it(
    'has nothing to do over 300 instances of mixed shapes, and shows one changed key only',
    { timeout: 60_000 },
    async () => {
      await using simulator = await startSimulator({ initialObjects: 0 });
      for (let index = 0; index < 300; index += 1) simulator.instances.add(liveDefinition(index));
      await using folder = await temporaryFolder();
      const at = { workingDirectory: folder.path };
      const imported = await runOnPlatform(simulator, ['import'], at);
      expect(imported).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('masks 2 secrets') });
      expect(await readdir(join(folder.path, 'tenants'))).toHaveLength(300);

      const validated = await runCommand(['validate', 'tenants', '--quiet'], at);
      expect(validated).toMatchObject({ exitCode: 0 });

      const unchanged = await planOf(simulator, folder.path);
      expect(unchanged.summary).toEqual({
        create: 0,
        change: 0,
        delete: 0,
        refused: 0,
        keep: 300,
        unmanaged: 0,
      });
      expect(unchanged.requestsADay.before).toBe(unchanged.requestsADay.after);
      const text = await runOnPlatform(simulator, ['plan', 'tenants'], at);
      expect(text).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^nothing to do\n/) });

      const file = join(folder.path, 'tenants/tenant-7.yaml');
      const before = await readFile(file, 'utf8');
      await writeFile(file, before.replace('refresh_interval: 15', 'refresh_interval: 5'));
      const changed = await planOf(simulator, folder.path);
      expect(changed.actions.filter(({ action }) => action !== 'keep')).toMatchObject([
        {
          action: 'change',
          name: 'tenant-7',
          changes: [{ key: 'event.poller.refresh_interval', before: '15', after: 5, isSecret: false }],
        },
      ]);
      expect(changed.requestsADay.after).toBeGreaterThan(changed.requestsADay.before);

      const outputs = [imported, text, { stdout: JSON.stringify(changed), stderr: '' }];
      const files = await Promise.all(
        (await readdir(join(folder.path, 'tenants'))).map((name) => folder.read(join('tenants', name))),
      );
      for (const secret of [...planted, simulator.instances.userSecret]) {
        for (const { stdout, stderr } of outputs) expect(stdout + stderr).not.toContain(secret);
        expect(files.some((each) => each.includes(secret))).toBe(false);
      }
    },
  );

  it('shows which keys of which entry changed, appeared and went', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    simulator.instances.add(liveDefinition(3));
    await using folder = await temporaryFolder();
    const at = { workingDirectory: folder.path };
    await runOnPlatform(simulator, ['import'], at);
    const file = join(folder.path, 'tenants/tenant-3.yaml');
    const before = await readFile(file, 'utf8');
    const after = before
      .replace('      idField: id\n', '      idField: id\n      pageSize: 100\n')
      .replace("''", "''")
      .replace('    invoices:', '    purchase-invoices:')
      .replace('finance/invoices', 'finance/purchase-invoices')
      .replace(
        'oauth.callback.url: "https://app.example.com/oauth"',
        'oauth.callback.url: https://app.example.com/other',
      );
    await writeFile(file, after);
    const result = await runOnPlatform(simulator, ['plan', 'tenants', '--color', 'never'], at);
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toContain('~ change tenant-3 (');
    expect(result.stdout).toContain('    + event.poller.configuration › customers › pageSize: 100\n');
    expect(result.stdout).toContain('    + event.poller.configuration › purchase-invoices: {');
    expect(result.stdout).toContain('    - event.poller.configuration › invoices: {');
    expect(result.stdout).toContain(
      'needs a new authentication, because a grant belongs to one app and business: oauth.callback.url',
    );
  });

  it('names each entry that comes where there was no poller configuration', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    const { configuration } = simulator.instances.add(liveDefinition(3));
    await using folder = await temporaryFolder();
    const at = { workingDirectory: folder.path };
    await runOnPlatform(simulator, ['import'], at);
    configuration.delete('event.poller.configuration');
    const [action] = (await planOf(simulator, folder.path)).actions;
    const places = action?.changes.map(({ kind, path }) => [kind, ...path]);
    expect(places).toEqual([
      ['add', 'customers'],
      ['add', 'invoices'],
    ]);
  });

  it('says a secret changes without showing either value, and what cannot be known', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    simulator.instances.add(liveDefinition(1));
    await using folder = await temporaryFolder();
    const at = { workingDirectory: folder.path };
    await runOnPlatform(simulator, ['import'], at);
    const environment = { TENANT_1_EVENT_NOTIFICATION_SIGNATURE_KEY: 'planted-other-key-0003' };
    const result = await runOnPlatform(simulator, ['plan', 'tenants', '-o', 'plan.json'], {
      ...at,
      environment,
    });
    expect(result.stdout).toContain('~ event.notification.signature.key: changes (secret)');
    expect(result.stdout).toContain(
      'unknown whether changed, because masked or not set here: oauth.api.key, oauth.api.secret',
    );
    const shown = result.stdout + result.stderr + (await folder.read('plan.json'));
    expect(shown).not.toContain('planted');
    const same = { TENANT_1_EVENT_NOTIFICATION_SIGNATURE_KEY: plantedKey };
    expect(await runOnPlatform(simulator, ['plan', 'tenants'], { ...at, environment: same })).toMatchObject({
      exitCode: 0,
    });
    const forced = await runOnPlatform(simulator, ['plan', 'tenants', '--with-secrets'], at);
    expect(forced.stdout).toContain('~ oauth.api.secret: changes (secret)');
  });

  it('deletes what no file describes with --prune only', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    simulator.instances.add(liveDefinition(1));
    await using folder = await temporaryFolder();
    const at = { workingDirectory: folder.path };
    await runOnPlatform(simulator, ['import'], at);
    simulator.instances.add(liveDefinition(2));
    simulator.instances.add({ elementKey: 'shop', name: 'another-element', configuration: {} });
    const kept = await runOnPlatform(simulator, ['plan', 'tenants'], at);
    expect(kept).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('in no file, left alone: tenant-2'),
    });
    const pruned = await planOf(simulator, folder.path, ['--prune']);
    expect(pruned.actions.filter(({ action }) => action === 'delete').map(({ name }) => name)).toEqual([
      'tenant-2',
    ]);
    expect(pruned.unmanaged.map(({ name }) => name)).toEqual(['another-element']);
  });

  it('never replaces a file without --force, and says which stayed', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    simulator.instances.add(liveDefinition(1));
    await using folder = await temporaryFolder({ 'tenants/tenant-1.yaml': '# mine\n' });
    const at = { workingDirectory: folder.path };
    const kept = await runOnPlatform(simulator, ['import'], at);
    expect(kept).toMatchObject({
      exitCode: 1,
      stdout: 'left alone tenants/tenant-1.yaml\n',
      stderr: expect.stringContaining('--force'),
    });
    expect(await folder.read('tenants/tenant-1.yaml')).toBe('# mine\n');
    expect(await runOnPlatform(simulator, ['import', '--force'], at)).toMatchObject({
      exitCode: 0,
      stdout: 'replaced tenants/tenant-1.yaml\n',
    });
  });

  it('gives every instance a file of its own, whatever its name, and finds it again', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    const names = ['Acme', 'acme', '../../etc/passwd', 'con', 'Ünïcode ltd', '東京', 'a: b # c', '-', 'acme'];
    for (const [index, name] of names.entries()) simulator.instances.add(liveDefinition(index, name));
    await using folder = await temporaryFolder();
    const at = { workingDirectory: folder.path };
    await runOnPlatform(simulator, ['import'], at);
    const files = await readdir(join(folder.path, 'tenants'));
    expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(names.length);
    const plan = await planOf(simulator, folder.path);
    expect(plan.summary).toMatchObject({ keep: names.length, create: 0, change: 0, refused: 0 });
    expect(plan.actions.map(({ name }) => name).sort()).toEqual(names.toSorted());
  });

  it('asks no more for last polls where the platform does not tell them', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    for (let index = 0; index < 8; index += 1) simulator.instances.add(liveDefinition(index));
    simulator.faults.add({ on: 'instances', kind: 'access-denied', path: '/events', count: 'always' });
    await using folder = await temporaryFolder();
    const imported = await runOnPlatform(simulator, ['import', '--concurrency', '1'], {
      workingDirectory: folder.path,
    });
    expect(imported.exitCode).toBe(0);
    expect(simulator.faults.list()[0]?.fired).toBe(1);
  });

  it('never lets the platform make apply read a variable or a file of this machine', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    const definition = liveDefinition(1, 'name ${env:HOME}');
    const stolen = 'https://app.example.com/${file:/etc/hostname}';
    const configuration = { ...definition.configuration, 'event.notification.callback.url': stolen };
    const poller = JSON.stringify({ customers: { ...pollerEntry('customers'), idField: '${env:HOME}' } });
    simulator.instances.add({
      ...definition,
      configuration: { ...configuration, 'event.poller.configuration': poller },
    });
    await using folder = await temporaryFolder();
    await runOnPlatform(simulator, ['import'], { workingDirectory: folder.path });
    const [file = ''] = await readdir(join(folder.path, 'tenants'));
    const text = await folder.read(join('tenants', file));
    expect(text.split('\n').filter((line) => /\$\{(?:env:HOME|file:)/.test(line))).toEqual([
      'name: "name ${env:HOME}"',
    ]);
    expect(text).toContain('# not written here, because it would be read as a reference');
  });

  it('writes the secrets that the platform shows where the user wants them, and tells the last poll', async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    const { events } = simulator.instances.add(liveDefinition(1));
    events.push({ eventDate: '2026-11-23T10:00:03Z', pollDateMs: Date.UTC(2026, 10, 23, 10) });
    await using folder = await temporaryFolder();
    const at = { workingDirectory: folder.path };
    await runOnPlatform(simulator, ['import', '--output-env', 'secrets.env'], at);
    expect(await folder.read('secrets.env')).toBe(
      `TENANT_1_EVENT_NOTIFICATION_SIGNATURE_KEY='${plantedKey}'\n# OAUTH_API_KEY=\n# OAUTH_API_SECRET=\n`,
    );
    expect(await folder.read('tenants/tenant-1.yaml')).toContain(
      '#   sagecfg run --baseline since=2026-11-23T10:00:00Z',
    );
  });
});

async function planOf(
  simulator: Simulator,
  folder: string,
  flags: readonly string[] = [],
): Promise<PlanReport> {
  const { stdout } = await runOnPlatform(simulator, ['plan', 'tenants', '-f', 'json', ...flags], {
    workingDirectory: folder,
  });
  const report: unknown = JSON.parse(stdout);
  const validate = validatorOf('plan');
  validate(report);
  expect(validate.errors).toBeNull();
  return report as PlanReport; // the schema has just said so
}
