import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand, type CommandResult } from '../command-line.ts';
import { temporaryFolder, type TemporaryFolder } from '../temporary-folder.ts';

const url = "/hubs/finance/customers?where=updated>'${gmtDate:yyyy-MM-dd}'";
const entry = (key: string): string => `customers:\n  url: "${url}"\n  ${key}: id\n`;
const name = '.sagecfg-baseline.json';

/** Of all rules only one runs, so that the tests are about the baseline and nothing else. */
const only = ['--only', 'unknown-key'];

function runIn(folder: TemporaryFolder, below = ''): (...words: readonly string[]) => Promise<CommandResult> {
  return (command, ...words) =>
    runCommand([command ?? '', ...only, ...words], { workingDirectory: join(folder.path, below) });
}

describe('a baseline', () => {
  it('hides what it holds, counts it, and nothing else', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': entry('IdField'), 'b.yaml': entry('idField') });
    const run = runIn(folder);
    expect((await run('validate', 'a.yaml', 'b.yaml')).exitCode).toBe(1);
    expect(await run('baseline', 'a.yaml', 'b.yaml')).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: `${name}: 1 problem in 1 file, 1 new, 0 gone\n`,
    });
    expect(await run('validate', 'a.yaml', 'b.yaml')).toEqual({
      exitCode: 0,
      stdout: 'no problems, 2 files checked; 1 more in the baseline\n',
      stderr: '',
    });
    expect((await run('validate', '--no-baseline', 'a.yaml')).exitCode).toBe(1);

    await writeFile(join(folder.path, 'b.yaml'), entry('idFeild'));
    const later = await run('validate', 'a.yaml', 'b.yaml');
    expect(later.exitCode).toBe(1);
    expect(later.stdout).toMatch(/"idFeild"[^]*1 error, 2 files checked; 1 more in the baseline/);
    expect(later.stdout).not.toContain('"IdField"');
  });

  it('goes on hiding when lines move, and when the command runs in another folder', async () => {
    await using folder = await temporaryFolder({ 'tenants/a.yaml': entry('IdField') });
    await runIn(folder)('baseline', 'tenants/a.yaml');
    await writeFile(join(folder.path, 'tenants/a.yaml'), `# moved\n\n${entry('IdField')}`);
    expect((await runIn(folder, 'tenants')('validate', 'a.yaml')).stdout).toMatch(/1 more in the baseline/);
  });

  it('is counted in JSON', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': entry('IdField') });
    const run = runIn(folder);
    await run('baseline', 'a.yaml');
    const { stdout } = await run('validate', '-f', 'json', 'a.yaml');
    expect(JSON.parse(stdout)).toMatchObject({ summary: { errors: 0, baselined: 1 }, problems: [] });
  });

  it('may have another name', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': entry('IdField') });
    const run = runIn(folder);
    await run('baseline', '--baseline', 'known.json', 'a.yaml');
    expect((await run('validate', 'a.yaml')).exitCode).toBe(1);
    expect((await run('validate', '--baseline', 'known.json', 'a.yaml')).exitCode).toBe(0);
    expect(await run('validate', '--baseline', 'missing.json', 'a.yaml')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('there is no baseline at "missing.json"') as string,
    });
  });

  it('is the same file, byte for byte, when nothing has changed', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': entry('IdField'), 'b.yaml': entry('idFeild') });
    const run = runIn(folder);
    await run('baseline', 'a.yaml', 'b.yaml');
    const first = await folder.read(name);
    await run('baseline', 'b.yaml', 'a.yaml');
    expect(await folder.read(name)).toBe(first);
    await run('baseline', 'a.yaml');
    expect(await folder.read(name)).toBe(first);
  });

  it('is not made where there is nothing to hide', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': entry('idField') });
    await runIn(folder)('baseline', 'a.yaml');
    await expect(folder.read(name)).rejects.toThrow('ENOENT');
  });

  it('that is none is wrong settings', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': entry('idField'), [name]: '<<<<<<< ours' });
    expect(await runIn(folder)('validate', 'a.yaml')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(`${name} is not a baseline`) as string,
    });
  });
});

describe('what cannot be in it', () => {
  it('is that a file could not be checked', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': 'a: [1\n' });
    const run = runIn(folder);
    const written = await run('baseline', 'a.yaml');
    expect(written.exitCode).toBe(1);
    expect(written.stderr).toContain('a.yaml: syntax stays reported');
    expect((await run('validate', 'a.yaml')).exitCode).toBe(1);
  });

  it('is standard input', async () => {
    expect((await runCommand(['baseline', '-'])).exitCode).toBe(2);
  });
});

describe('a solved problem', () => {
  it('must leave the baseline, so that it cannot come back unseen', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': entry('IdField') });
    const run = runIn(folder);
    await run('baseline', 'a.yaml');
    await writeFile(join(folder.path, 'a.yaml'), entry('idField'));
    expect(await run('validate', 'a.yaml')).toEqual({
      exitCode: 1,
      stdout: 'no problems, 1 file checked\n',
      stderr: `  a.yaml: unknown-key\nsagecfg: this problem of ${name} must leave it, or would come back unseen: sagecfg baseline --prune\n`,
    });
    expect((await run('validate', '--fail-on', 'never', 'a.yaml')).exitCode).toBe(0);
    expect(await run('baseline', '--prune')).toMatchObject({
      exitCode: 0,
      stderr: `${name}: 0 problems in 0 files, 0 new, 1 gone\n`,
    });
    expect((await run('validate', 'a.yaml')).exitCode).toBe(0);
    await writeFile(join(folder.path, 'a.yaml'), entry('IdField'));
    expect((await run('validate', 'a.yaml')).exitCode).toBe(1);
  });

  it('is one as well where its file is gone, even if no file is left', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': entry('IdField'), 'b.yaml': entry('idField') });
    const run = runIn(folder);
    await run('baseline', 'a.yaml');
    await rm(join(folder.path, 'a.yaml'));
    expect((await run('validate', 'b.yaml')).exitCode).toBe(1);
    expect((await run('baseline', '--prune')).stderr).toContain('0 new, 1 gone');
    expect((await run('validate', 'b.yaml')).exitCode).toBe(0);
  });

  it('is not one where the file was not checked, could not be, or the rule is off', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': entry('IdField'), 'b.yaml': entry('idField') });
    const run = runIn(folder);
    await run('baseline', 'a.yaml');
    expect((await run('validate', 'b.yaml')).stderr).toBe('');
    expect((await run('validate', '--skip', 'unknown-key', 'a.yaml')).stderr).toBe('');
    await writeFile(join(folder.path, 'a.yaml'), 'a: [1\n');
    expect((await run('validate', 'a.yaml')).stderr).toBe('');
    await run('baseline', '--prune');
    await writeFile(join(folder.path, 'a.yaml'), entry('IdField'));
    expect((await run('validate', 'a.yaml')).exitCode).toBe(0);
  });

  it('is taken out by --prune, which takes nothing new in', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': entry('IdField') });
    const run = runIn(folder);
    await run('baseline', 'a.yaml');
    await writeFile(join(folder.path, 'a.yaml'), entry('idFeild'));
    expect((await run('baseline', '--prune', 'a.yaml')).stderr).toContain(
      '0 problems in 0 files, 0 new, 1 gone',
    );
    expect((await run('validate', 'a.yaml')).exitCode).toBe(1);
  });

  it('needs a baseline to be taken out of', async () => {
    await using folder = await temporaryFolder({});
    expect((await runIn(folder)('baseline', '--prune')).exitCode).toBe(2);
  });
});

it('does not keep --fix from mending', async () => {
  await using folder = await temporaryFolder({ 'a.yaml': entry('IdField') });
  const run = runIn(folder);
  await run('baseline', 'a.yaml');
  expect((await run('validate', '--fix', 'a.yaml')).stderr).toMatch(
    /^fixed 1 problem in 1 file\n[^]*--prune\n$/,
  );
  expect(await folder.read('a.yaml')).toBe(entry('idField'));
});
