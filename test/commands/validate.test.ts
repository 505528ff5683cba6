import { chmod, lstat, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { validatorOf } from '../../src/schema/validators.ts';
import { runCommand } from '../command-line.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const seed = resolve(import.meta.dirname, '../../fixtures/seed');
const good =
  "customers:\n  url: \"/hubs/finance/customers?where=updated>'${gmtDate:yyyy-MM-dd'T'HH:mm:ssXXX}'\"\n  idField: id\n  datesConfiguration:\n    updatedDateField: updated\n    updatedDateFormat: yyyy-MM-dd'T'HH:mm:ssXXX\n    createdDateField: created\n    createdDateFormat: yyyy-MM-dd'T'HH:mm:ssXXX\n";
const bad = good.replace('idField', 'IdField');

interface Report {
  readonly summary: Readonly<Record<string, number>>;
  readonly problems: readonly {
    readonly rule: string;
    readonly severity: string;
    readonly line: number;
    readonly column: number;
    readonly message: string;
    readonly pointer: string;
    readonly fix: { readonly safe: boolean; readonly edits: readonly unknown[] } | null;
  }[];
}

async function report(...argumentList: readonly string[]): Promise<Report> {
  const { stdout } = await runCommand(['validate', '-f', 'json', ...argumentList]);
  const value: unknown = JSON.parse(stdout);
  expect(validatorOf('report')(value)).toBe(true);
  return value as Report; // the line above has just said so
}

describe('the vendor’s sample', () => {
  it('has an unclosed quote: one problem, at its place, with a safe fix', async () => {
    const { problems, summary } = await report(join(seed, 'instance-example.json'));
    const text = await readFile(join(seed, 'instance-example.json'), 'utf8');
    const line = text.split('\n').findIndex((each) => each.includes("attributes='")) + 1;
    const column = (text.split('\n')[line - 1] ?? '').indexOf("'created_at") + 1;
    expect(problems.filter(({ severity }) => severity === 'error')).toMatchObject([
      { rule: 'unbalanced-url-quote', line, column, fix: { safe: true, edits: [{ length: 0, text: "'" }] } },
    ]);
    expect(summary).toMatchObject({ errors: 1, fixable: 1 });
  });

  it('has a callback without TLS and masked secrets, as warnings', async () => {
    const { problems } = await report(join(seed, 'instance-example.json'));
    const warnings = problems
      .filter(({ severity }) => severity === 'warning')
      .map(({ rule, pointer }) => [rule, pointer]);
    expect(warnings).toEqual(
      expect.arrayContaining([
        ['insecure-callback', '/configuration/event.notification.callback.url'],
        ['literal-secret', '/configuration/oauth.api.secret'],
        ['retired-sage-api', '/configuration/apim.subscription.key'],
      ]),
    );
  });

  it('is mended by one character', async () => {
    const before = await readFile(join(seed, 'instance-example.json'), 'utf8');
    await using folder = await temporaryFolder({ 'sample.json': before });
    const where = { workingDirectory: folder.path };
    const shown = await runCommand(['validate', '--fix', '--diff', 'sample.json'], where);
    expect(shown.exitCode).toBe(1);
    expect(shown.stdout.match(/^[-+] .*$/gm)?.length).toBe(2);
    expect(await folder.read('sample.json')).toBe(before);

    const fixed = await runCommand(['validate', '--fix', 'sample.json'], where);
    expect(fixed).toMatchObject({ exitCode: 0, stderr: 'fixed 1 problem in 1 file\n' });
    expect(await folder.read('sample.json')).toBe(before.replace('updated_at",', `updated_at'",`));
  });

  it('never shows a secret, in any format', async () => {
    const text = await readFile(join(seed, 'instance-example.json'), 'utf8');
    const secrets = [
      ...text.matchAll(/"(?:code|oauth\.api\.\w+|signature\.secret|apim\.subscription\.key)": ?"([^"]+)"/g),
    ];
    expect(secrets.length).toBe(5);
    for (const format of ['pretty', 'json', 'github']) {
      const { stdout, stderr } = await runCommand([
        'validate',
        '-f',
        format,
        join(seed, 'instance-example.json'),
      ]);
      for (const [, secret = ''] of secrets) expect(stdout + stderr).not.toContain(secret);
    }
  });
});

it('reports each placeholder of the vendor’s template once', async () => {
  const { problems } = await report(join(seed, 'instance-template.json'));
  const text = await readFile(join(seed, 'instance-template.json'), 'utf8');
  const placeholders = text.match(/<[^>\n]+>/g)?.filter((each) => each !== "<='") ?? [];
  const reported = problems.filter(({ rule }) => rule === 'placeholder-value');
  expect(reported.map(({ message }) => /"(<.*>)"/.exec(message)?.[1])).toEqual(placeholders);
  expect(
    problems.filter(({ pointer }) => pointer.endsWith('refresh_interval')).map(({ rule }) => rule),
  ).toEqual(['placeholder-value']);
});

describe('exit codes', () => {
  const runs: readonly [exitCode: number, argumentList: string, says: RegExp][] = [
    [0, 'good.yaml', /no problems, 1 file checked/],
    [1, 'bad.yaml', /unknown key "IdField"/],
    [1, 'good.yaml bad.yaml', /2 files checked/],
    [0, 'bad.yaml --fail-on never', /unknown key/],
    [0, 'bad.yaml --rule unknown-key=off', /no problems/],
    [0, 'bad.yaml --rule unknown-key=info', /1 info/],
    [1, 'bad.yaml --rule unknown-key=info --fail-on info', /1 info/],
    [1, 'bad.yaml --rule unknown-key=warning --max-warnings 0', /1 warning/],
    [0, 'bad.yaml --rule unknown-key=warning --max-warnings 1', /1 warning/],
    [2, 'good.yaml --fromat json', /unknown option --fromat: did you mean --format\?/],
    [2, 'good.yaml --format jsno', /--format "jsno": expected one of .*; did you mean "json"\?/],
    [2, 'good.yaml --format', /--format needs a value/],
    [2, 'good.yaml --no-format', /--format takes a value/],
    [2, 'good.yaml --max-warnings many', /expected a number/],
    [2, 'good.yaml --rule unknown-key', /expected ID=SEVERITY/],
    [2, 'good.yaml --rule no-such-rule=off', /no rule is called "no-such-rule"/],
    [2, 'good.yaml --config nothing.yaml', /no settings file/],
    [2, '', /no file named/],
    [3, 'nothing-*.yaml', /no file matches "nothing-\*\.yaml"/],
    [4, 'missing.yaml', /cannot read "missing\.yaml": no such file/],
    [4, 'good.yaml missing.yaml', /1 file checked/],
  ];

  it.each(runs)('%i for validate %s', async (exitCode, argumentList, says) => {
    await using folder = await temporaryFolder({ 'good.yaml': good, 'bad.yaml': bad });
    const result = await runCommand(['validate', ...argumentList.split(' ').filter(Boolean)], {
      workingDirectory: folder.path,
    });
    expect(result.stdout + result.stderr).toMatch(says);
    expect(result.exitCode).toBe(exitCode);
  });

  it('2 for an unknown command, with a suggestion', async () => {
    expect(await runCommand(['valdiate'])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'sagecfg: unknown command "valdiate": did you mean "validate"?\n',
    });
  });
});

describe('input', () => {
  it('takes globs, folders and standard input', async () => {
    await using folder = await temporaryFolder({
      'a/good.yaml': good,
      'a/b/bad.yml': bad,
      'a/package.json': '{"name": "a"}',
      'a/sagecfg.yaml': 'configs: []',
      'a/.sagecfg-baseline.json': '{"formatVersion": "1.0", "problems": {}}',
      'a/notes.txt': '',
    });
    const where = { workingDirectory: folder.path };
    expect((await runCommand(['validate', 'a/**/*.yaml'], where)).stdout).toMatch(/1 file checked/);
    const below = await runCommand(['validate', 'a'], where);
    expect(below.stdout).toMatch(/2 files checked/);
    expect(below.stderr).toBe(
      'sagecfg: skipped what is no poller configuration in the named folders: "a/package.json"\n',
    );
    expect((await runCommand(['validate', 'a', 'a/package.json'], where)).stdout).toMatch(/3 files checked/);
    expect((await runCommand(['validate', '-'], { ...where, stdin: bad })).stdout).toMatch(/<stdin>:3:3/);
    expect(
      (await runCommand(['validate', '-', '--stdin-filename', 'x.yaml'], { ...where, stdin: bad })).stdout,
    ).toMatch(/x\.yaml:3:3/);
  });

  it('reads the globs and the severities of sagecfg.yaml, found upwards', async () => {
    await using folder = await temporaryFolder({
      'sagecfg.yaml': 'configs: [tenants/*.yaml]\nrules: {unknown-key: warning}\n',
      'tenants/bad.yaml': bad,
    });
    const where = { workingDirectory: join(folder.path, 'tenants') };
    const result = await runCommand(['validate'], where);
    expect(result).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/1 warning, 1 file checked/) as string,
    });
    expect((await runCommand(['validate', '--no-config', 'bad.yaml'], where)).exitCode).toBe(1);
  });

  it('says what is wrong with sagecfg.yaml, with its place', async () => {
    await using folder = await temporaryFolder({ 'sagecfg.yaml': 'config: [a]\n', 'good.yaml': good });
    const { exitCode, stderr } = await runCommand(['validate', 'good.yaml'], {
      workingDirectory: folder.path,
    });
    expect(stderr).toContain('sagecfg.yaml:1:1: unknown key "config": did you mean "configs"?');
    expect(exitCode).toBe(2);
  });

  it('reports an empty file, and one that is not UTF-8', async () => {
    await using folder = await temporaryFolder({
      'empty.yaml': '',
      'latin.yaml': Buffer.from([0x61, 0x3a, 0xe9]),
    });
    const where = { workingDirectory: folder.path };
    expect((await runCommand(['validate', 'empty.yaml'], where)).stdout).toMatch(/found nothing/);
    expect((await runCommand(['validate', 'latin.yaml'], where)).stdout).toMatch(
      /byte 0xe9 at offset 2 is not UTF-8/,
    );
  });
});

describe('--fix', () => {
  it('on standard input is a filter: the text on stdout, the report on stderr', async () => {
    const { stdout, stderr, exitCode } = await runCommand(['validate', '--fix', '-'], { stdin: bad });
    expect(stdout).toBe(good);
    expect(stderr).toMatch(/no problems[^]*fixed 1 problem in 1 file/);
    expect(exitCode).toBe(0);
  });

  it('leave alone what somebody saved meanwhile, mend the other files, and say so', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': bad, 'b.yaml': bad });
    const path = join(folder.path, 'a.yaml');
    const saved = `${bad}# mine\n`;
    // Standard input is read last: by then the files have been.
    const stdin = new ReadableStream<string>(
      {
        pull: async (controller) => {
          await writeFile(path, saved);
          controller.enqueue(good);
          controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    const { exitCode, stderr } = await runCommand(
      ['validate', '--no-config', '--fix', 'a.yaml', 'b.yaml', '-'],
      {
        workingDirectory: folder.path,
        stdin,
      },
    );
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(
      /a\.yaml" was changed while it was checked: it was left as it is, run the command again/,
    );
    expect(stderr).toContain('fixed 1 problem in 1 file');
    expect(stderr).toContain('unknown key "IdField"');
    expect(await readFile(path, 'utf8')).toBe(saved);
    expect(await readFile(join(folder.path, 'b.yaml'), 'utf8')).toBe(good);
  });

  // Whoever runs the tests as root may write everything.
  it.skipIf(process.getuid?.() === 0)('leaves a file alone that may not be written', async () => {
    await using folder = await temporaryFolder({ 'bad.yaml': bad });
    await chmod(join(folder.path, 'bad.yaml'), 0o444);
    const { exitCode, stderr } = await runCommand(['validate', '--fix', 'bad.yaml'], {
      workingDirectory: folder.path,
    });
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(/cannot write ".*bad\.yaml"/);
    expect(await folder.read('bad.yaml')).toBe(bad);
  });

  it('keeps the mode of the file, and a symbolic link', async () => {
    await using folder = await temporaryFolder({ 'bad.yaml': bad });
    const path = join(folder.path, 'bad.yaml');
    await chmod(path, 0o640);
    await symlink(path, join(folder.path, 'link.yaml'));
    await runCommand(['validate', '--fix', 'link.yaml'], { workingDirectory: folder.path });
    expect((await stat(path)).mode & 0o777).toBe(0o640);
    expect((await lstat(join(folder.path, 'link.yaml'))).isSymbolicLink()).toBe(true);
    expect(await folder.read('bad.yaml')).toBe(good);
  });

  it('writes nothing with --fix-dry-run', async () => {
    await using folder = await temporaryFolder({ 'bad.yaml': bad });
    const result = await runCommand(['validate', '--fix-dry-run', 'bad.yaml'], {
      workingDirectory: folder.path,
    });
    expect(result).toMatchObject({
      exitCode: 0,
      stderr: 'would fix 1 problem in 1 file; nothing was written\n',
    });
    expect(await folder.read('bad.yaml')).toBe(bad);
  });

  it('mends what stands behind a syntax error as well', async () => {
    const text = `{"customers": {"url": "/hubs/finance/customers?where=a>'\${gmtDate:yyyy-MM-dd}" "IdField": "id",}}`;
    const { stdout } = await runCommand(['validate', '--fix', '-'], { stdin: text });
    expect(stdout).toBe(
      `{"customers": {"url": "/hubs/finance/customers?where=a>'\${gmtDate:yyyy-MM-dd}'", "idField": "id"}}`,
    );
  });
});

describe('output', () => {
  it('goes to a file with -o', async () => {
    await using folder = await temporaryFolder({ 'bad.yaml': bad });
    const result = await runCommand(['validate', '-f', 'json', '-o', 'report.json', 'bad.yaml'], {
      workingDirectory: folder.path,
    });
    expect(result).toEqual({ exitCode: 1, stdout: '', stderr: '' });
    expect(JSON.parse(await folder.read('report.json'))).toMatchObject({ formatVersion: '1.0' });
  });

  it('annotates on GitHub', async () => {
    const { stdout } = await runCommand(['validate', '-f', 'github', '-'], { stdin: bad });
    expect(stdout).toMatch(
      /^::error file=<stdin>,line=3,endLine=3,col=3,endColumn=10,title=sagecfg unknown-key::unknown key "IdField"/,
    );
  });

  it('is coloured when that is asked for, and never otherwise', async () => {
    const colours = async (
      argumentList: readonly string[],
      environment: Readonly<Record<string, string>>,
    ) => {
      const { stdout } = await runCommand(['validate', '-', ...argumentList], { stdin: bad, environment });
      return stdout.includes('\u001B[');
    };
    expect(await colours([], {})).toBe(false);
    expect(await colours(['--color', 'always'], {})).toBe(true);
    expect(await colours([], { FORCE_COLOR: '1' })).toBe(true);
    expect(await colours([], { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
    expect(await colours(['--color', 'never'], { FORCE_COLOR: '1' })).toBe(false);
  });

  it('explains itself', async () => {
    const help = await runCommand(['validate', '--help']);
    expect(help.exitCode).toBe(0);
    expect(help.stdout).toMatch(/Usage: sagecfg validate \[options\] \[files\.\.\]/);
    expect((await runCommand(['--help'])).stdout).toMatch(/validate +Find every mistake/);
    expect((await runCommand(['help', 'validate'])).stdout).toBe(help.stdout);
    expect((await runCommand([])).exitCode).toBe(2);
    expect((await runCommand(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('many problems in one file', () => {
  const text = `customers:\n  url: /x\n${Array.from({ length: 20 }, (_, index) => `  custmer${index}: 1\n`).join('')}`;

  it('are listed up to a number, the worst first in the order of the text, and all of them count', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': text });
    const { exitCode, stdout, stderr } = await runCommand(
      ['validate', '-f', 'json', '--max-problems', '5', 'a.yaml'],
      { workingDirectory: folder.path },
    );
    const { summary, problems } = JSON.parse(stdout) as {
      summary: { errors: number; unlisted: number };
      problems: { severity: string; line: number }[];
    }; // the contract of the format
    expect(exitCode).toBe(1);
    expect(problems.map(({ severity, line }) => `${severity} ${line}`)).toEqual(
      [3, 4, 5, 6, 7].map((line) => `error ${line}`),
    );
    expect(summary.errors).toBe(20);
    expect(summary.unlisted).toBeGreaterThanOrEqual(15);
    expect(stderr).toBe(
      `sagecfg: "a.yaml" has ${summary.unlisted + 5} problems, of which the worst 5 are listed: --max-problems 0 lists all\n`,
    );
  });

  it('keep their fingerprints, and are all listed where that is asked for', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': text });
    const fingerprintsOf = async (most: string): Promise<readonly string[]> => {
      const { stdout } = await runCommand(['validate', '-f', 'json', '--max-problems', most, 'a.yaml'], {
        workingDirectory: folder.path,
      });
      const { problems } = JSON.parse(stdout) as { problems: { fingerprint: string }[] }; // the contract of the format
      return problems.map(({ fingerprint }) => fingerprint);
    };
    const [few, all] = await Promise.all([fingerprintsOf('5'), fingerprintsOf('0')]);
    expect(all.length).toBeGreaterThanOrEqual(20);
    expect(all).toEqual(expect.arrayContaining([...few]));
  });
});

describe('the files of a run', () => {
  it('are checked together: what they ask of one business is one sum', async () => {
    const tenant = `- element: {key: sageone}
  configuration:
    business: 7d1810bfee0d5627
    event.poller.refresh_interval: 1
    event.poller.configuration: {customers: {url: /hubs/finance/customers}}
`;
    await using folder = await temporaryFolder({
      'a.yaml': tenant.repeat(30),
      'b.yaml': tenant.repeat(30),
    });
    const quota = async (...names: readonly string[]) => {
      const { problems } = await report(
        '--only',
        'quota-exceeded',
        ...names.map((name) => join(folder.path, name)),
      );
      return problems.map(({ message }) => message);
    };
    expect(await quota('a.yaml')).toEqual([]);
    expect(await quota('a.yaml', 'b.yaml')).toEqual([
      '60 instances ask one business for 120 requests a minute (120 lists, every minute): expected at most 100',
    ]);
  });
});
