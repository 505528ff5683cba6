import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { startRun, tenantFolder } from '../runtime/run-process.ts';

const waitMs = 60_000;

async function writeTenant(
  simulator: Simulator,
  folder: string,
  { name, edit = (text) => text }: { readonly name: string; readonly edit?: (text: string) => string },
): Promise<void> {
  await writeFile(join(folder, `${name}.yaml`), edit(simulator.instanceFile(name)));
}

describe('sagecfg run, while its files change', { timeout: waitMs }, () => {
  it('takes a new tenant, a change and a removal over by itself, and keeps on through a broken file', async () => {
    await using simulator = await startSimulator({ tenants: [{ name: 'north' }, { name: 'south' }] });
    await using folder = await tenantFolder(simulator);
    await rm(join(folder.path, 'south.yaml'));
    const run = startRun(simulator, folder.path, { names: ['*.yaml'] });
    await run.line(/poll-finished/);

    await writeTenant(simulator, folder.path, { name: 'south' });
    await run.line(/"kind":"reloaded","added":\["south"\]/);
    await run.line(/poll-finished","instance":"south"/);

    const secret = (text: string): string => text.replace(/api\.secret: .*/, "api.secret: 'planted' 'twice'");
    await writeTenant(simulator, folder.path, { name: 'south', edit: secret });
    const refused = await run.line(/reload-refused/);
    expect(refused).toContain('south.yaml:');
    expect(refused).not.toContain('planted');

    await writeTenant(simulator, folder.path, { name: 'south' });
    await run.line(/"kind":"reloaded","added":\[\],"removed":\[\],"renamed":\[\],"changed":\[\]/);

    const tolerance = (text: string): string =>
      text.replace('idField: id', 'idField: id\n      createdCheckTolerance: 3');
    await writeTenant(simulator, folder.path, { name: 'south', edit: tolerance });
    await run.line(/"changed":\[\{"id":"south","differences":\[.*ToleranceMs 10000 → 3000/);

    await rm(join(folder.path, 'south.yaml'));
    await run.line(/"removed":\["south"\]/);
    run.child.kill('SIGTERM');
    expect(await run.ended).toMatchObject({ code: 0 });
  });

  it('waits for SIGHUP with --no-watch', async () => {
    await using simulator = await startSimulator({ tenants: [{ name: 'north' }, { name: 'south' }] });
    await using folder = await tenantFolder(simulator);
    await rm(join(folder.path, 'south.yaml'));
    const run = startRun(simulator, folder.path, { names: ['*.yaml'], flags: ['--no-watch'] });
    await run.line(/poll-finished/);
    await writeTenant(simulator, folder.path, { name: 'south' });
    run.child.kill('SIGHUP');
    await run.line(/"added":\["south"\]/);
    run.child.kill('SIGTERM');
    expect(await run.ended).toMatchObject({ code: 0 });
  });
});
