import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../command-line.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const url = "/hubs/finance/customers?where=updated>'${gmtDate:yyyy-MM-dd}'";
const good = `customers:\n  url: "${url}"\n  idField: id\n`;
const bad = good.replace('idField', 'IdField');
const only = ['validate', '--only', 'unknown-key'];
const nothing = 'sagecfg: every file is ignored, so nothing was checked; --no-ignore reads them\n';

describe('an ignored file', () => {
  it('is skipped when it is named, and that is said', async () => {
    await using folder = await temporaryFolder({
      '.gitignore': '# no\n/bad.yaml\n',
      'bad.yaml': bad,
      'good.yaml': good,
    });
    const where = { workingDirectory: folder.path };
    expect(await runCommand([...only, 'bad.yaml', 'good.yaml'], where)).toEqual({
      exitCode: 0,
      stdout: 'no problems, 1 file checked\n',
      stderr: 'sagecfg: skipped "bad.yaml": .gitignore:2 names it\n',
    });
    expect((await runCommand([...only, '--no-ignore', 'bad.yaml'], where)).exitCode).toBe(1);
  });

  it('with none left ends in exit code 3, but in a hook in 0', async () => {
    await using folder = await temporaryFolder({ '.sagecfgignore': '*.yaml\n', 'bad.yaml': bad });
    const where = { workingDirectory: folder.path };
    const skipped = 'sagecfg: skipped "bad.yaml": .sagecfgignore:1 names it\n';
    expect(await runCommand([...only, 'bad.yaml'], where)).toEqual({
      exitCode: 3,
      stdout: '',
      stderr: skipped + nothing,
    });
    expect(await runCommand([...only, 'bad.yaml'], { ...where, environment: { PRE_COMMIT: '1' } })).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: skipped,
    });
  });

  it('does not hide one that cannot be read', async () => {
    await using folder = await temporaryFolder({ '.sagecfgignore': 'bad.yaml\n', 'bad.yaml': bad });
    const { exitCode } = await runCommand([...only, 'bad.yaml', 'missing.yaml'], {
      workingDirectory: folder.path,
      environment: { PRE_COMMIT: '1' },
    });
    expect(exitCode).toBe(4);
  });

  it('is skipped by --ignore-pattern, from the working directory', async () => {
    await using folder = await temporaryFolder({ 'a/bad.yaml': bad, 'a/good.yaml': good });
    const { stdout, stderr, exitCode } = await runCommand(
      [...only, '--ignore-pattern', 'bad.*', 'a/*.yaml'],
      {
        workingDirectory: folder.path,
      },
    );
    expect(stdout).toMatch(/1 file checked/);
    expect(stderr).toBe('sagecfg: skipped "a/bad.yaml": --ignore-pattern bad.* names it\n');
    expect(exitCode).toBe(0);
  });

  it('is named once among many, and then only counted', async () => {
    const files = Object.fromEntries(Array.from({ length: 15 }, (_, index) => [`old/${index}.yaml`, bad]));
    await using folder = await temporaryFolder({ ...files, '.gitignore': 'old\n', 'good.yaml': good });
    const { stderr } = await runCommand([...only, '**/*.yaml'], { workingDirectory: folder.path });
    expect(stderr.split('\n').length).toBe(12);
    expect(stderr).toMatch(/sagecfg: skipped 5 more\n$/);
  });

  it('is checked all the same when it comes by standard input', async () => {
    await using folder = await temporaryFolder({ '.gitignore': '*.yaml\n' });
    const { exitCode } = await runCommand([...only, '-', '--stdin-filename', 'bad.yaml'], {
      workingDirectory: folder.path,
      stdin: bad,
    });
    expect(exitCode).toBe(1);
  });
});

describe('the settings', () => {
  const severities = async (settings: string, ...words: readonly string[]): Promise<string> => {
    await using folder = await temporaryFolder({
      'sagecfg.yaml': settings,
      'tenants/bad.yaml': bad,
      'legacy/bad.yaml': bad,
      'legacy/deep/bad.json': '{"customers": {"url": "/hubs/finance/customers", "IdField": "id"}}',
    });
    const { stdout } = await runCommand([...only, '-f', 'concise', ...words, '**/bad.*'], {
      workingDirectory: folder.path,
    });
    return stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => line.replace(/^(\S+?):\d.* (error|warning|info) .*/, '$1 $2'))
      .join(', ');
  };
  const all = (legacy: string, deep: string, tenants: string): string =>
    `legacy/bad.yaml ${legacy}, legacy/deep/bad.json ${deep}, tenants/bad.yaml ${tenants}`;

  it.each([
    ['rules: {}', all('error', 'error', 'error')],
    ['rules: {unknown-key: info}', all('info', 'info', 'info')],
    [
      'overrides: [{files: ["legacy/**"], rules: {unknown-key: warning}}]',
      all('warning', 'warning', 'error'),
    ],
    ['overrides: [{files: [legacy], rules: {unknown-key: warning}}]', all('warning', 'warning', 'error')],
    ['overrides: [{files: ["legacy/*"], rules: {unknown-key: warning}}]', all('warning', 'warning', 'error')],
    [
      'overrides: [{files: ["legacy/*.yaml"], rules: {unknown-key: warning}}]',
      all('warning', 'error', 'error'),
    ],
    ['overrides: [{files: ["*.yaml"], rules: {unknown-key: warning}}]', all('error', 'error', 'error')],
    [
      'overrides: [{files: ["{legacy,tenants}/*.yaml"], rules: {unknown-key: warning}}]',
      all('warning', 'error', 'warning'),
    ],
    [
      'overrides: [{files: ["**/*.yaml", "!legacy/**"], rules: {unknown-key: warning}}]',
      all('error', 'error', 'warning'),
    ],
    [
      'rules: {unknown-key: info}\noverrides: [{files: [legacy], rules: {unknown-key: warning}}, {files: [legacy/deep], rules: {unknown-key: error}}]',
      all('warning', 'error', 'info'),
    ],
  ])('%s', async (settings, expected) => {
    expect(await severities(settings)).toBe(expected);
  });

  it('yield to flags, and --only brings back what they turned off', async () => {
    expect(await severities('overrides: [{files: ["**"], rules: {unknown-key: off}}]')).toBe(
      all('error', 'error', 'error'),
    );
    expect(await severities('rules: {unknown-key: error}', '--rule', 'unknown-key=info')).toBe(
      all('info', 'info', 'info'),
    );
  });

  it('leave out a problem by its value, for a reason', async () => {
    const entry = '{rule: unknown-key, reason: why, files: [legacy], pointer: /customers}';
    expect(await severities(`ignore: [${entry}]`)).toBe('tenants/bad.yaml error');
  });

  it('hear of an entry that hides nothing any more', async () => {
    await using folder = await temporaryFolder({
      'sagecfg.yaml': 'configs: ["*.yaml", "!sagecfg.yaml"]\nignore: [{rule: unknown-key, reason: why}]\n',
      'good.yaml': good,
    });
    const where = { workingDirectory: folder.path };
    expect((await runCommand([...only, 'good.yaml'], where)).stderr).toBe('');
    const settings = await runCommand([...only, '--config', 'sagecfg.yaml', 'good.yaml'], where);
    expect(settings.exitCode).toBe(0);
  });

  it.each([
    ['rules: {unknow-key: off}', ':1:9: no rule is called "unknow-key": did you mean "unknown-key"?'],
    ['rules: {syntax: off}', ':1:9: "syntax" cannot be left out: it says that a file could not be checked'],
    ['overrides: [{files: [a], rules: {qqq: off}}]', ':1:34: no rule is called "qqq": see sagecfg rules'],
    ['ignore: [{rule: syntax, reason: why}]', ':1:17: "syntax" cannot be left out'],
    ['ignore: [{rule: unknown-key}]', 'missing key "reason"'],
    ['ignore: [{rule: unknown-key, reason: why, pointer: a.b}]', 'expected a JSON Pointer'],
    ['overrides: [{files: a, rules: {}}]', 'expected a list of globs'],
    ['requiredVersion: newest', 'expected a range of versions'],
    ['requiredVersion: ^99\nnewKey: 1', 'requires sagecfg ^99, this is '],
  ])('that say %s are wrong', async (text, says) => {
    await using folder = await temporaryFolder({ 'sagecfg.yaml': text, 'good.yaml': good });
    const { exitCode, stderr } = await runCommand([...only, 'good.yaml'], { workingDirectory: folder.path });
    expect(stderr).toContain(says);
    expect(exitCode).toBe(2);
  });

  it('with a range of versions that holds this one are fine', async () => {
    await using folder = await temporaryFolder({
      'sagecfg.yaml': 'requiredVersion: ">=0.0.1"',
      'good.yaml': good,
    });
    expect((await runCommand([...only, 'good.yaml'], { workingDirectory: folder.path })).exitCode).toBe(0);
  });
});

it('refuses to generate from what only a comment or the settings hide', async () => {
  await using folder = await temporaryFolder({
    'sagecfg.yaml': 'ignore: [{rule: unknown-key, reason: why}]',
    'a.yaml': bad.replace('id\n', 'id # sagecfg-disable-line unknown-key\n'),
  });
  const where = { workingDirectory: folder.path };
  expect((await runCommand([...only, 'a.yaml'], where)).exitCode).toBe(0);
  const { stderr, exitCode } = await runCommand(
    ['generate', '--resources', 'vendors', join(folder.path, 'a.yaml')],
    where,
  );
  expect(exitCode).toBe(1);
  expect(stderr).toContain('unknown key "IdField"');
});

it.each([
  ['', 'warning'],
  ['runtime: {callback: {allow: [127.0.0.0/8]}}\n', undefined],
  ['runtime: {source: simulator}\n', undefined],
  ['runtime: {callback: {allow: [127.0.0.0/8]}}\nrules: {private-callback: error}\n', 'error'],
])('takes a private callback as meant where the settings allow some: %j', async (settings, severity) => {
  await using folder = await temporaryFolder({
    'sagecfg.yaml': `configs: [a.yaml]\n${settings}`,
    'a.yaml':
      'element: {key: shop}\nconfiguration:\n  event.notification.callback.url: https://localhost/events\n',
  });
  const { stdout } = await runCommand(['validate', '-f', 'json'], { workingDirectory: folder.path });
  const { problems } = JSON.parse(stdout) as {
    readonly problems: readonly Readonly<Record<'rule' | 'severity', string>>[]; // the contract of the report
  };
  expect(problems.find(({ rule }) => rule === 'private-callback')?.severity).toBe(severity);
});
