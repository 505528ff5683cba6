import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../command-line.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const entry =
  'customers:\n  url: "/hubs/finance/customers?where=lastModifiedDate>=\'${gmtDate:yyyy-MM-dd}\'"\n';

describe('generate --generator', () => {
  it('goes from missing over written to clean, and mends by the command it prints', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': entry });
    const run = (...flags: readonly string[]) =>
      runCommand(['generate', '--generator', 'docs', '--out', 'pages', ...flags, 'a.yaml'], {
        workingDirectory: folder.path,
      });
    expect(await run('--dry-run')).toMatchObject({ exitCode: 0, stdout: 'new        pages/polling.md\n' });
    const stale = await run('--check');
    expect(stale).toMatchObject({
      exitCode: 1,
      stdout:
        'pages/polling.md is missing; to mend it: sagecfg generate --generator docs --out pages a.yaml\n',
    });
    const [, command = ''] = /to mend it: sagecfg (.*)\n/.exec(stale.stdout) ?? [];
    const mended = await runCommand(command.split(' '), { workingDirectory: folder.path });
    expect(mended).toMatchObject({ exitCode: 0, stdout: '', stderr: 'wrote pages/polling.md\n' });
    expect(await run('--check')).toMatchObject({ exitCode: 0, stdout: '' });
    expect(await run()).toMatchObject({ exitCode: 0, stderr: 'left pages/polling.md\n' });
    expect(await run('--diff')).toMatchObject({ exitCode: 0, stdout: '' });
  });

  it('replaces what differs only by force, and shows it first', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': entry, 'pages/polling.md': '# mine\n' });
    const run = (...flags: readonly string[]) =>
      runCommand(['generate', '--generator', 'docs', '--out', 'pages', ...flags, 'a.yaml'], {
        workingDirectory: folder.path,
      });
    expect(await run()).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('pages/polling.md is there already and differs'),
    });
    expect((await run('--diff')).stdout).toContain('-# mine\n');
    expect(await run('--check')).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('--out pages a.yaml --force\n'),
    });
    expect(await folder.read('pages/polling.md')).toBe('# mine\n');
    expect(await run('--force')).toMatchObject({ exitCode: 0 });
    expect(await folder.read('pages/polling.md')).toContain('# What is polled');
  });

  it('keeps what is the user’s, even by force', async () => {
    await using folder = await temporaryFolder({ 'src/on-event.ts': '// mine\n' });
    const run = await runCommand(
      ['generate', '--generator', 'receiver', '--resources', 'customers', '--out', '.', '--force'],
      { workingDirectory: folder.path },
    );
    expect(run).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('left src/on-event.ts\n') });
    expect(await folder.read('src/on-event.ts')).toBe('// mine\n');
  });

  it('takes one instance of a file, and one of the formats', async () => {
    await using folder = await temporaryFolder({
      'a.yaml': ['north', 'south'].map((name) => body(name)).join('---\n'),
    });
    const run = await runCommand(['generate', '--generator', 'docs', '--instance', 'south', 'a.yaml'], {
      workingDirectory: folder.path,
    });
    expect(run.stdout).toContain('## south');
    expect(run.stdout).not.toContain('## north');
    const made = await runCommand(['generate', '--generator', 'instance', '-f', 'json', 'a.yaml'], {
      workingDirectory: folder.path,
    });
    expect(JSON.parse(made.stdout)).toMatchObject({
      configuration: { 'event.poller.configuration': { customers: {} } },
    });
  });

  it('refuses a file with an error, and an output folder with a link in it', async () => {
    await using folder = await temporaryFolder({
      'bad.yaml': 'customers: {}\n',
      'a.yaml': entry,
      'other/x': '',
    });
    const bad = await runCommand(['generate', '--generator', 'docs', 'bad.yaml'], {
      workingDirectory: folder.path,
    });
    expect(bad).toMatchObject({ exitCode: 1, stdout: '' });
    await symlink('other', join(folder.path, 'src'));
    const linked = await runCommand(['generate', '--generator', 'receiver', '--out', '.', 'a.yaml'], {
      workingDirectory: folder.path,
    });
    expect(linked).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('it is a symbolic link') });
  });

  it.each([
    [['--generator', 'docz', '--all'], 'did you mean "docs"?'],
    [['--generator', './none', '--all'], 'cannot read "manifest.json"'],
    [['--generator', 'ci', '-f', 'jenkins', '--all'], 'expected one of github, gitlab, pre-commit'],
    [['--generator', 'docs', '-f', 'html', '--all'], 'has no format "html"'],
    [['--generator', 'docs', '--write', '--all'], '--write is for entries'],
    [['--generator', 'docs', '--from', 'customers', '--all'], '--from is for entries'],
    [['--generator', 'receiver', '--all'], '--out FOLDER'],
    [['--generator', 'docs', '--check', '--all'], '--out FOLDER'],
    [['--generator', 'docs', '--all', '-'], 'not both'],
    [['--generator', 'docs', '--all', '--out', 'x', '--check', '--dry-run'], 'one too many'],
    [['--all', '--out', 'x'], '--out is for a generator'],
    [['--all', '--force'], '--force is for a generator'],
    [['--all', '--dry-run'], '--dry-run is for a generator'],
    [['--all', '-f', 'xml'], 'expected one of yaml, json'],
  ])('%j is told', async (argumentList, message) => {
    const { exitCode, stdout, stderr } = await runCommand(['generate', '--no-config', ...argumentList], {
      stdin: entry,
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});

function body(name: string): string {
  return `element: {key: sageone}\nname: ${name}\nconfiguration:\n  oauth.api.key: "\${env:A}"\n  oauth.api.secret: "\${env:B}"\n  oauth.callback.url: https://app.example.com\n  event.poller.configuration:\n    ${entry.replace('\n  ', '\n      ')}`;
}
