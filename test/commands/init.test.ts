import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../command-line.ts';
import { temporaryFolder } from '../temporary-folder.ts';

describe('sagecfg init', () => {
  it('begins a project that validates', async () => {
    await using folder = await temporaryFolder();
    const where = { workingDirectory: folder.path };
    const begun = await runCommand(['init', '--resources', 'customers,invoices'], where);
    expect(begun).toMatchObject({ exitCode: 0, stderr: '' });
    const [written = ''] = begun.stdout.split('\n\n');
    expect(written.split('\n')).toEqual([
      'wrote sagecfg.yaml',
      'wrote tenants/example.yaml',
      'wrote .env.example',
      'wrote .github/workflows/sagecfg.yml',
      'wrote .pre-commit-config.yaml',
      'wrote .gitignore',
    ]);
    const checked = await runCommand(['validate', '--max-warnings', '0'], where);
    expect(checked.stdout).toMatch(/no problems, 1 file checked/);
    const tenant = await folder.read('tenants/example.yaml');
    expect(tenant).toMatch(/^# yaml-language-server: \$schema=[^]*\n {4}invoices:/);
    const variables = [...tenant.matchAll(/"\$\{env:(\w+)\}/g)].map(([, name]) => name);
    const example = await folder.read('.env.example');
    for (const name of [...variables, 'SAGECFG_KEY']) expect(example).toMatch(new RegExp(`^${name}=$`, 'm'));
  });

  it.each(['123', 'no', 'null', '1e5', 'acme_2-b'])('takes %s for a name', async (name) => {
    await using folder = await temporaryFolder();
    const where = { workingDirectory: folder.path };
    const address = [
      '--callback',
      'https://acme.example/in?a=1&b=%20',
      '--redirect-uri',
      'http://127.0.0.1:9/',
    ];
    await runCommand(['init', '--name', name, '--country', 'ie', ...address], where);
    const checked = await runCommand(['validate', '--max-warnings', '0'], where);
    expect(checked.stdout).toMatch(/no problems, 1 file checked/);
    const text = await folder.read(`tenants/${name}.yaml`);
    expect(text).toContain('country: IE\n');
    expect(text).toContain('https://acme.example/in?a=1&b=%20');
    expect(text).toContain('http://127.0.0.1:9/');
  });

  it('asks a person, again where the answer is none, and not what was given', async () => {
    await using folder = await temporaryFolder();
    const answers = ['', 'costumers', 'customers,vendors', 'mailto:a', '', '', 'US', 'ca', 'none', 'none'];
    const { exitCode, stdout, stderr } = await runCommand(['init', '--hook', 'pre-commit'], {
      workingDirectory: folder.path,
      isInteractive: true,
      stdin: answers.map((line) => `${line}\n`).join(''),
    });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('Name of the first tenant [example]: ');
    expect(stderr).toContain('did you mean "customers"?');
    expect(stderr).toContain('expected an address that begins with https://');
    expect(stderr).toContain(': "US": expected GB, IE or CA');
    expect(stderr).not.toContain('Hook:');
    expect(stdout).toContain('wrote .pre-commit-config.yaml');
    expect(stdout).not.toContain('workflows');
    expect(await folder.read('tenants/example.yaml')).toMatch(/country: CA\n[^]*\n {4}vendors:/);
  });

  it('writes nothing when the person leaves', async () => {
    await using folder = await temporaryFolder();
    const where = { workingDirectory: folder.path, isInteractive: true };
    const ended = await runCommand(['init'], { ...where, stdin: 'acme\n' });
    expect(ended).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('standard input ended') });
    const stop = new AbortController();
    const stopped = await runCommand(['init'], {
      ...where,
      stdin: new ReadableStream<string>(),
      interrupt: stop.signal,
      onStderr: () => stop.abort(),
    });
    expect(stopped).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('nothing was written') });
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('leaves alone what is there, unless it is forced; what .gitignore has stays in any case', async () => {
    await using folder = await temporaryFolder({
      'sagecfg.yaml': 'configs: [a.yaml]\n',
      '.gitignore': 'node_modules\n/.env',
    });
    const where = { workingDirectory: folder.path };
    const first = await runCommand(['init'], where);
    expect(first.stdout).toMatch(/^left alone sagecfg\.yaml\nwrote [^]*\nadded to \.gitignore\n/);
    expect(await folder.read('sagecfg.yaml')).toBe('configs: [a.yaml]\n');
    expect(await folder.read('.gitignore')).toBe('node_modules\n/.env\n.sagecfg/\n');
    const forced = await runCommand(['init', '--force', '-y'], { ...where, isInteractive: true });
    expect(forced.stdout).toMatch(/^replaced sagecfg\.yaml\nleft alone tenants\/example\.yaml\n/);
    expect(forced.stdout).not.toContain('.gitignore');
    expect(await folder.read('sagecfg.yaml')).toContain('tenants/*.yaml');
    expect(await folder.read('.gitignore')).toBe('node_modules\n/.env\n.sagecfg/\n');
  });

  it('writes nothing with --dry-run, and no pipeline and no hook where none is wanted', async () => {
    await using folder = await temporaryFolder();
    const { stdout } = await runCommand(['init', '--dry-run', '--ci', 'none', '--hook', 'none'], {
      workingDirectory: folder.path,
    });
    expect(stdout).toMatch(
      /^would write sagecfg\.yaml\nwould write tenants\/example\.yaml\nwould write \.env\.example\nwould write \.gitignore\n\nNext/,
    );
    expect(await readdir(folder.path)).toEqual([]);
  });

  it.each([
    [['--name', '../elsewhere'], 'expected letters, digits, - and _'],
    [['--callback', 'example.com'], 'expected an address that begins with https://'],
    [['--country', 'US'], 'expected GB, IE or CA'],
    [['--resources', 'bank-feeds-x'], 'Sage has no resource "bank-feeds-x"'],
    [['--simulator', '4010'], 'expected an address'],
  ])('refuses %j', async (flags, message) => {
    await using folder = await temporaryFolder();
    const refused = await runCommand(['init', ...flags], { workingDirectory: folder.path });
    expect(refused).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining(message) });
    expect(await readdir(folder.path)).toEqual([]);
  });
});
