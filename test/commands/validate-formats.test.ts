import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatNames } from '../../src/report/formats/index.ts';
import { runCommand } from '../command-line.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const seed = resolve(import.meta.dirname, '../../fixtures/seed/instance-example.json');
const bad =
  'customers:\n  url: "/hubs/finance/customers?where=updated>\'${gmtDate:yyyy-MM-dd}\'"\n  IdField: id\n';

describe('several reports', () => {
  it('go each to its place in one run', async () => {
    await using folder = await temporaryFolder({ 'bad.yaml': bad });
    const result = await runCommand(
      [
        'validate',
        '-f',
        'sarif:out.sarif',
        '-f',
        'junit:out.xml',
        '-f',
        'concise',
        '--only',
        'unknown-key',
        'bad.yaml',
      ],
      { workingDirectory: folder.path },
    );
    expect(result).toEqual({
      exitCode: 1,
      stdout: 'bad.yaml:3:3 error unknown-key unknown key "IdField": did you mean "idField"?\n',
      stderr: '',
    });
    expect(JSON.parse(await folder.read('out.sarif'))).toMatchObject({ version: '2.1.0' });
    expect(await folder.read('out.xml')).toMatch(/<testsuites name="sagecfg" tests="1"/);
  });

  it('leave standard output alone where all have files, and -o names the file of the one without', async () => {
    await using folder = await temporaryFolder({ 'bad.yaml': bad });
    const where = { workingDirectory: folder.path };
    const result = await runCommand(
      ['validate', '-f', 'json:a.json', '-f', 'gitlab', '-o', 'b.json', 'bad.yaml'],
      where,
    );
    expect(result).toEqual({ exitCode: 1, stdout: '', stderr: '' });
    expect(JSON.parse(await folder.read('a.json'))).toHaveProperty('problems');
    expect(JSON.parse(await folder.read('b.json'))).toHaveLength(
      (JSON.parse(await folder.read('a.json')) as { problems: unknown[] }).problems.length, // the line above has said so
    );
  });

  it('hold no colour in a file', async () => {
    await using folder = await temporaryFolder({ 'bad.yaml': bad });
    await runCommand(['validate', '-f', 'pretty:out.txt', '--color', 'always', 'bad.yaml'], {
      workingDirectory: folder.path,
    });
    expect(await folder.read('out.txt')).not.toContain('\u001B');
  });

  it.each([
    ['-f json -f sarif', /two reports would go to standard output/],
    ['-f json:x -f sarif:./x', /two reports would go to ".*x"/],
    ['-f json -f sarif -o x', /two reports would go to ".*x"/],
    ['-f json:x -o y', /--output-file: every --format has a file of its own already/],
    ['-f json:', /--format "json:": expected one of .*; did you mean "json"\?/],
    ['-f sarfi:x', /--format "sarfi:x": expected one of .*; did you mean "sarif"\?/],
  ])('are refused with %s', async (flags, says) => {
    const { exitCode, stderr } = await runCommand(['validate', ...flags.split(' '), seed]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(says);
  });

  it('say where they cannot be written, and the others are written all the same', async () => {
    await using folder = await temporaryFolder({ 'bad.yaml': bad });
    const { exitCode, stdout, stderr } = await runCommand(
      ['validate', '-f', 'json:bad.yaml/report.json', '-f', 'concise', '-f', 'junit:junit.xml', 'bad.yaml'],
      { workingDirectory: folder.path },
    );
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(/cannot write the report to ".*report\.json"/);
    expect(stdout).toContain('bad.yaml:');
    expect(await readFile(join(folder.path, 'junit.xml'), 'utf8')).toContain('<testsuites');
  });

  it('make the folder that they go to', async () => {
    await using folder = await temporaryFolder({ 'bad.yaml': bad });
    const command = ['validate', '-f', 'json:reports/today/report.json', 'bad.yaml'];
    expect((await runCommand(command, { workingDirectory: folder.path })).exitCode).toBe(1);
    expect(await readFile(join(folder.path, 'reports/today/report.json'), 'utf8')).toContain('"problems"');
  });
});

it.each(formatNames)('%s shows no secret of the vendor’s sample, nor of a broken one', async (format) => {
  const text = await readFile(seed, 'utf8');
  const secrets = [
    ...text.matchAll(/"(?:code|oauth\.api\.\w+|signature\.secret|apim\.subscription\.key)": ?"([^"]+)"/g),
  ];
  expect(secrets.length).toBe(5);
  const broken = text.replaceAll(/("(?:oauth\.api\.secret|signature\.secret)": ?"[^"]+)"/g, '$1');
  for (const stdin of [text, broken]) {
    for (const flags of [[], ['--fix'], ['--diff']]) {
      const { stdout, stderr } = await runCommand(['validate', '-f', format, ...flags, '-'], { stdin });
      // With --fix, the mended text itself goes to standard output: that is what it is for.
      const shown = flags[0] === '--fix' ? stderr : stdout + stderr;
      for (const [, secret = ''] of secrets) expect(shown).not.toContain(secret);
    }
  }
});

it('fingerprints stay the same, wherever the command runs', async () => {
  await using folder = await temporaryFolder({ 'sagecfg.yaml': '', 'tenants/bad.yaml': bad });
  const fingerprints = async (name: string, workingDirectory: string): Promise<readonly string[]> => {
    const { stdout } = await runCommand(['validate', '-f', 'json', name], { workingDirectory });
    const { problems } = JSON.parse(stdout) as { problems: { fingerprint: string }[] }; // its schema is tested elsewhere
    return problems.map(({ fingerprint }) => fingerprint);
  };
  const fromAbove = await fingerprints('tenants/bad.yaml', folder.path);
  expect(fromAbove.length).toBeGreaterThan(0);
  expect(await fingerprints('bad.yaml', join(folder.path, 'tenants'))).toEqual(fromAbove);
});

describe('--only and --skip', () => {
  const rulesOf = async (...flags: readonly string[]): Promise<readonly string[]> => {
    const { stdout } = await runCommand(['validate', '-f', 'concise', ...flags, '-'], { stdin: bad });
    return [
      ...new Set(
        stdout
          .split('\n')
          .filter(Boolean)
          .map((line) => line.split(' ')[2] ?? ''),
      ),
    ].sort();
  };

  it('choose the rules', async () => {
    const all = await rulesOf();
    expect(all.length).toBeGreaterThan(1);
    expect(await rulesOf('--only', 'unknown-key')).toEqual(['unknown-key']);
    expect(await rulesOf('--only', 'unknown-key', '--skip', 'unknown-key')).toEqual([]);
    expect(await rulesOf('--skip', 'unknown-key')).toEqual(all.filter((rule) => rule !== 'unknown-key'));
  });

  it('leave in place what says that a file could not be read', async () => {
    const { exitCode, stdout } = await runCommand(['validate', '--only', 'unknown-key', '-'], {
      stdin: 'a: [1\n',
    });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('syntax');
  });

  it.each([
    ['--skip', 'syntax', '--skip: "syntax" cannot be left out: it says that a file could not be checked'],
    ['--rule', 'syntax=off', '--rule: "syntax" cannot be left out: it says that a file could not be checked'],
    ['--only', 'unknow-key', '--only: no rule is called "unknow-key": did you mean "unknown-key"?'],
  ])('%s %s is wrong usage', async (flag, value, message) => {
    const { exitCode, stderr } = await runCommand(['validate', flag, value, '-'], { stdin: bad });
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: `sagecfg: ${message}\n` });
  });
});
