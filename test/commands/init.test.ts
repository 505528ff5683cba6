import { readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { runCommand } from '../command-line.ts';
import { temporaryFolder } from '../temporary-folder.ts';

it('begins a project that validates', async () => {
  await using folder = await temporaryFolder();
  const where = { workingDirectory: folder.path };
  const begun = await runCommand(['init', '--resources', 'customers,invoices'], where);
  expect(begun).toMatchObject({ exitCode: 0, stderr: '' });
  expect(begun.stdout).toMatch(
    /^wrote sagecfg\.yaml\nwrote tenants\/example\.yaml\nwrote \.github\/workflows\/sagecfg\.yml\nwrote \.pre-commit-config\.yaml\n/,
  );
  const checked = await runCommand(['validate', '--max-warnings', '0'], where);
  expect(checked.stdout).toMatch(/no problems, 1 file checked/);
  expect(await folder.read('tenants/example.yaml')).toMatch(
    /^# yaml-language-server: \$schema=[^]*\n {4}invoices:/,
  );
});

it('leaves alone what is there', async () => {
  await using folder = await temporaryFolder({ 'sagecfg.yaml': 'configs: [a.yaml]\n' });
  const { stdout } = await runCommand(['init'], { workingDirectory: folder.path });
  expect(stdout).toMatch(/^left alone sagecfg\.yaml\nwrote /);
  expect(await folder.read('sagecfg.yaml')).toBe('configs: [a.yaml]\n');
});

it('writes nothing with --dry-run, and no pipeline and no hook where none is wanted', async () => {
  await using folder = await temporaryFolder();
  const { stdout } = await runCommand(['init', '--dry-run', '--ci', 'none', '--hook', 'none'], {
    workingDirectory: folder.path,
  });
  expect(stdout).toMatch(/^would write sagecfg\.yaml\nwould write tenants\/example\.yaml\n\nNext/);
  expect(await readdir(folder.path)).toEqual([]);
});
