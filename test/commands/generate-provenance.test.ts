import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../command-line.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const fixtures = resolve(import.meta.dirname, '../../fixtures/generate');
const yaml = await readFile(resolve(fixtures, 'yaml-comments/before.yaml'), 'utf8');
const json = await readFile(resolve(fixtures, 'json-pretty-crlf/before.json'), 'utf8');

describe('generate --provenance', () => {
  it('lets a later run say what is stale, and mend it by the command it prints', async () => {
    await using folder = await temporaryFolder({
      'sagecfg.yaml': '',
      'tenants/a.yaml': yaml,
      'tenants/b.json': json,
    });
    const files = ['tenants/a.yaml', 'tenants/b.json'];
    const run = (...argumentList: readonly string[]) =>
      runCommand(['generate', ...argumentList], { workingDirectory: folder.path });
    expect(await run('--resources', 'invoices', '--provenance', '--write', ...files)).toMatchObject({
      exitCode: 0,
    });
    expect(JSON.parse(await folder.read('sagecfg.lock.json'))).toMatchObject({
      formatVersion: '1.0',
      generated: [{ file: 'tenants/b.json', resource: 'invoices', from: 'customers' }],
    });
    expect(await folder.read('tenants/b.json')).not.toContain('sagecfg:generated');
    expect(await run('--check', ...files)).toMatchObject({ exitCode: 0, stdout: '' });

    for (const name of files) {
      const text = await folder.read(name);
      await writeFile(resolve(folder.path, name), text.replace("updated_at'", "updated_at'&pageSize=50"));
    }
    const stale = await run('--check', ...files);
    expect(stale.exitCode).toBe(1);
    const commands = [...stale.stdout.matchAll(/: \/url is stale; to mend it: sagecfg (.*)\n/g)].map(
      ([, command = '']) => command,
    );
    expect(commands).toEqual(['generate --write tenants/a.yaml', 'generate --write tenants/b.json']);
    for (const command of commands)
      expect(await runCommand(command.split(' '), { workingDirectory: folder.path })).toMatchObject({
        exitCode: 0,
      });
    for (const name of files) expect((await folder.read(name)).match(/&pageSize=50/g)).toHaveLength(2);
    expect(await run('--check', ...files)).toMatchObject({ exitCode: 0, stdout: '' });
  });

  it('says that what came from standard input is not kept', async () => {
    await using folder = await temporaryFolder();
    const run = await runCommand(['generate', '--resources', 'invoices', '--provenance', '--write', '-'], {
      stdin: json,
      workingDirectory: folder.path,
    });
    expect(run).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('it is no file') });
    await expect(folder.read('sagecfg.lock.json')).rejects.toThrow('ENOENT');
  });

  it.each(['{', '[]', '{"generated": [{"file": "a"}]}'])('refuses a lock that holds %j', async (lock) => {
    await using folder = await temporaryFolder({ 'sagecfg.lock.json': lock, 'a.yaml': yaml });
    const run = await runCommand(['generate', '--check', 'a.yaml'], { workingDirectory: folder.path });
    expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is damaged') });
  });

  it('has nothing to update where nothing is marked', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': yaml });
    const run = await runCommand(['generate', '--check', 'a.yaml'], { workingDirectory: folder.path });
    expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('no entry carries a mark') });
  });

  it('is for files', async () => {
    const run = await runCommand(['generate', '--resources', 'invoices', '--provenance']);
    expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--provenance needs a file') });
  });
});
