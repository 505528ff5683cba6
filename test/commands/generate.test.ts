import { chmod, lstat, readFile, stat, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isOfferedIn } from '../../src/catalog/offered-in.ts';
import { listResources } from '../../src/catalog/sage-resource.ts';
import { runCommand } from '../command-line.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const fixtures = resolve(import.meta.dirname, '../../fixtures');
const pollable = listResources().filter(({ changeFilter }) => changeFilter !== undefined);
const before = await readFile(join(fixtures, 'generate/yaml-comments/before.yaml'), 'utf8');
const after = await readFile(join(fixtures, 'generate/yaml-comments/after.yaml'), 'utf8');

describe('without a file', () => {
  it.each(['yaml', 'json'])('prints a configuration in %s that has no problem at all', async (format) => {
    const made = await runCommand(['generate', '--resources', 'customers,invoices', '-f', format]);
    expect(made.exitCode).toBe(0);
    const checked = await runCommand(['validate', '--max-warnings', '0', '-'], { stdin: made.stdout });
    expect(checked).toMatchObject({ exitCode: 0, stdout: 'no problems, 1 file checked\n' });
    expect(made.stdout.match(/^\s*"?(?:customers|invoices)"?:/gm)?.length).toBe(2);
  });

  it('makes every resource that can be polled, each without an error', async () => {
    const names = pollable.map(({ name }) => name);
    const made = await runCommand(['generate', '--resources', names.join(',')]);
    const checked = await runCommand(['validate', '--fail-on', 'warning', '-'], { stdin: made.stdout });
    expect(checked).toMatchObject({ exitCode: 0 });
    expect(names.filter((name) => !made.stdout.includes(`\n    ${name}:\n`))).toEqual([]);
  });

  it('makes all of them at once that the country of the new instance has', async () => {
    const offered = pollable.filter((resource) => isOfferedIn(resource, 'GB')).map(({ name }) => name);
    const all = await runCommand(['generate', '--all']);
    const named = await runCommand(['generate', '--resources', offered.join(',')]);
    expect(all.stdout).toBe(named.stdout);
    expect(offered).not.toContain('journal-codes');
    const checked = await runCommand(['validate', '-'], { stdin: all.stdout });
    expect(checked.stdout).toContain('no problems');
  });

  it('keeps the order, and makes a resource that is named twice once', async () => {
    const { stdout } = await runCommand([
      'generate',
      '--resources',
      'invoices, customers',
      '--resources=invoices',
    ]);
    expect([...stdout.matchAll(/^ {4}([\w-]+):$/gm)].map(([, name]) => name)).toEqual([
      'invoices',
      'customers',
    ]);
  });

  it('says what a poll will not see', async () => {
    const { stderr } = await runCommand(['generate', '--resources', 'sales-quotes']);
    expect(stderr).toContain('a deleted record is never reported');
  });
});

describe('wrong usage', () => {
  it.each([
    [[], 'nothing to generate'],
    [['--resources', 'sales_invoices'], 'did you mean "invoices"?'],
    [['--resources', 'wages'], 'expected one of customers, vendors, contacts'],
    [['--resources', 'stock-movements'], 'Instead, poll "stock-items"'],
    [['--resources', 'currencies'], 'Instead, read it whole, once'],
    [['--resources', 'invoices', '--from', 'customers'], '--from needs a file'],
    [['--resources', 'invoices', '--instance', 'acme'], '--instance needs a file'],
    [['--resources', 'invoices', '--all'], 'leave out --resources'],
    [['--resources', 'invoices', '-f', 'json', '-'], '--format is for a new configuration'],
    [['--resources', 'invoices', '--check', '--write', '-'], 'leave out --write'],
    [['--resources', 'invoices', '--check'], 'no file named'],
  ])('%j is told', async (argumentList, message) => {
    const { exitCode, stdout, stderr } = await runCommand(['generate', '--no-config', ...argumentList]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('does not print two files as one', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': before, 'b.yaml': before });
    const { exitCode, stderr } = await generateIn(folder.path, 'a.yaml', 'b.yaml');
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--write, --diff or --check'),
    });
  });
});

describe('with a file', () => {
  it('prints the result and leaves the file alone', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': before });
    expect(await generateIn(folder.path, 'a.yaml')).toMatchObject({ exitCode: 0, stdout: after });
    expect(await folder.read('a.yaml')).toBe(before);
  });

  it('reads standard input, and answers on standard output', async () => {
    for (const flags of [[], ['--write']]) {
      const run = await runCommand(['generate', '--resources', 'invoices', ...flags, '-'], { stdin: before });
      expect(run).toMatchObject({ exitCode: 0, stdout: after });
    }
  });

  it('goes from stale over written to clean, and a second run changes nothing', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': before });
    const stale = await generateIn(folder.path, '--check', 'a.yaml');
    expect(stale).toMatchObject({
      exitCode: 1,
      stdout:
        'a.yaml: entry "invoices" is missing; to mend it: sagecfg generate --resources invoices --write a.yaml\n',
    });
    expect(await folder.read('a.yaml')).toBe(before);

    const written = await generateIn(folder.path, '--write', 'a.yaml');
    expect(written).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: expect.stringContaining('a.yaml: added "invoices"\n'),
    });
    expect(await folder.read('a.yaml')).toBe(after);

    expect(await generateIn(folder.path, '--check', 'a.yaml')).toMatchObject({ exitCode: 0, stdout: '' });
    const { mtimeMs } = await stat(join(folder.path, 'a.yaml'));
    const again = await generateIn(folder.path, '--write', 'a.yaml');
    expect(again).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('a.yaml: nothing to do\n') });
    expect((await stat(join(folder.path, 'a.yaml'))).mtimeMs).toBe(mtimeMs);
  });

  it('shows a diff that only adds', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': before });
    const { stdout } = await generateIn(folder.path, '--diff', 'a.yaml');
    expect(stdout.match(/^-(?!--)/gm)).toBeNull();
    expect(stdout.match(/^\+(?!\+\+)/gm)?.length).toBe(11);
    expect(await folder.read('a.yaml')).toBe(before);
  });

  it('never shows a secret in a diff', async () => {
    const secret = 'hunter2hunter2';
    await using folder = await temporaryFolder({
      'a.json': JSON.stringify({
        element: { key: 'sageone' },
        configuration: {
          'oauth.api.key': 'k',
          'oauth.api.secret': secret,
          'oauth.callback.url': 'https://app.example.com',
          'event.poller.configuration': {
            customers: { url: "/hubs/finance/customers?where=lastModifiedDate>='${gmtDate:yyyy-MM-dd}'" },
          },
        },
      }),
    });
    const { stdout } = await generateIn(folder.path, '--diff', 'a.json');
    expect(stdout).toContain('/hubs/finance/invoices');
    expect(stdout).not.toContain(secret);
  });

  it('keeps the mode, and writes what a link names', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': before });
    const [file, link] = [join(folder.path, 'a.yaml'), join(folder.path, 'link.yaml')];
    await chmod(file, 0o640);
    await symlink('a.yaml', link);
    await generateIn(folder.path, '--write', 'link.yaml');
    expect(await folder.read('a.yaml')).toBe(after);
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
  });

  it('names a file in its command as the shell needs it', async () => {
    await using folder = await temporaryFolder({ 'the shop.yaml': before });
    const { stdout } = await generateIn(folder.path, '--check', 'the shop.yaml');
    expect(stdout).toContain("--write 'the shop.yaml'");
  });
});

describe('one instance of several', () => {
  it('is extended alone', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': `${body('north')}---\n${body('south')}` });
    const run = await generateIn(folder.path, '--instance', 'south', 'a.yaml');
    expect(run.exitCode).toBe(0);
    const [north = '', south = ''] = run.stdout.split('---\n');
    expect(north).toBe(body('north'));
    expect(south).toContain('/hubs/finance/invoices');
  });

  it('is told when there is none of the name', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': body('north') });
    expect(await generateIn(folder.path, '--instance', 'nroth', 'a.yaml')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('did you mean "north"?'),
    });
  });
});

describe('an entry of the catalog as the source', () => {
  it('stands for what the catalog recommends, behind the last entry', async () => {
    const run = await runCommand(['generate', '--resources', 'invoices', '--from', 'vendors', '-'], {
      stdin:
        'customers:\n  url: "/hubs/finance/customers?where=lastModifiedDate>=\'${gmtDate:yyyy}\'"\n  pageSize: 50\n',
    });
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain("invoices?where=lastModifiedDate>='${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'");
    expect(run.stdout.split('invoices:')[1]).not.toContain('pageSize');
  });
});

it('leaves out what Sage does not have in the country of the instance, and says so', async () => {
  const { stdout } = await runCommand(['generate', '--resources', 'customers']);
  await using folder = await temporaryFolder({ 'a.yaml': stdout.replace('country: GB', 'country: IE') });
  const { stderr } = await runCommand(['generate', '--all', '--write', 'a.yaml'], {
    workingDirectory: folder.path,
  });
  expect(stderr).toContain(
    'a.yaml: left out what Sage does not have in IE: sales-corrective-invoices, purchase-corrective-invoices, journal-codes\n',
  );
  const checked = await runCommand(['validate', 'a.yaml'], { workingDirectory: folder.path });
  expect(checked.stdout).toContain('no problems');
  const again = await runCommand(['generate', '--all', '--check', 'a.yaml'], {
    workingDirectory: folder.path,
  });
  expect(again).toMatchObject({ exitCode: 0 });
});

describe('what it builds on', () => {
  it('refuses a file with an error, and writes no other either', async () => {
    const sample = await readFile(join(fixtures, 'seed/instance-example.json'), 'utf8');
    await using folder = await temporaryFolder({ 'sample.json': sample, 'a.yaml': before });
    const { exitCode, stdout, stderr } = await generateIn(folder.path, '--write', 'sample.json', 'a.yaml');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('unbalanced-url-quote');
    expect(stderr).toContain('sagecfg validate --fix sample.json');
    expect([await folder.read('sample.json'), await folder.read('a.yaml')]).toEqual([sample, before]);
  });

  it('offers a fix only of what a fix can mend', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': `name: "{{tenant}}"\n${body('x')}` });
    const { exitCode, stderr } = await generateIn(folder.path, 'a.yaml');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/nothing was generated: mend the errors first\n$/);
  });

  it('refuses it too where the settings turned the rule off', async () => {
    const sample = await readFile(join(fixtures, 'seed/instance-example.json'), 'utf8');
    await using folder = await temporaryFolder({
      'sample.json': sample,
      'sagecfg.yaml': 'rules:\n  unbalanced-url-quote: off\n',
    });
    expect(await generateIn(folder.path, 'sample.json')).toMatchObject({ exitCode: 1, stdout: '' });
  });

  it('takes the sample once its quote is mended', async () => {
    const sample = await readFile(join(fixtures, 'seed/instance-example.json'), 'utf8');
    await using folder = await temporaryFolder({ 'sample.json': sample });
    await runCommand(['validate', '--fix', 'sample.json'], { workingDirectory: folder.path });
    expect(await generateIn(folder.path, '--write', 'sample.json')).toMatchObject({ exitCode: 0 });
    const checked = await runCommand(['validate', 'sample.json'], { workingDirectory: folder.path });
    expect(checked.exitCode).toBe(0);
    expect(await generateIn(folder.path, '--check', 'sample.json')).toMatchObject({ exitCode: 0 });
  });

  it('answers 4 for a file that is not there, and names the file in every refusal', async () => {
    await using folder = await temporaryFolder({
      'empty.yaml': 'element: {key: hubspot}\nconfiguration: {a: b}\n',
    });
    expect(await generateIn(folder.path, 'empty.yaml')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('empty.yaml: element "hubspot"'),
    });
    expect((await generateIn(folder.path, 'none.yaml')).exitCode).toBe(4);
  });
});

async function generateIn(workingDirectory: string, ...argumentList: readonly string[]) {
  return runCommand(['generate', '--resources', 'invoices', ...argumentList], { workingDirectory });
}

function body(name: string): string {
  return before.replace('API_Polling', name);
}
