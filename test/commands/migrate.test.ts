import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../command-line.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const sample = await readFile(
  resolve(import.meta.dirname, '../../fixtures/seed/instance-example.json'),
  'utf8',
);

describe('migrate', () => {
  it('goes from the vendor’s sample to a body for v3.1, and says what is left to do', async () => {
    await using folder = await temporaryFolder({ 'acme.json': sample });
    const run = (...argumentList: readonly string[]) =>
      runCommand(argumentList, { workingDirectory: folder.path });
    expect(await run('migrate', '--to', 'v3.1', '--write', 'acme.json')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(
        'nothing was migrated: mend the errors first, sagecfg validate --fix acme.json',
      ),
    });
    await run('validate', '--fix', 'acme.json');
    const stale = await run('migrate', '--to', 'v3.1', '--check', 'acme.json');
    expect(stale).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('to mend it: sagecfg migrate --to v3.1 --write acme.json\n'),
    });
    const diff = await run('migrate', '--to', 'v3.1', '--diff', 'acme.json');
    expect(diff.stdout.match(/^\+(?!\+\+).*/gm)).toBeNull();
    expect(diff.stdout).not.toContain('xxxxxxxxxxxxxxxxxxxxxxxxx');
    const written = await run('migrate', '--to', 'v3.1', '--write', 'acme.json');
    expect(written).toMatchObject({ exitCode: 0, stdout: '' });
    expect(written.stderr.match(/by hand: /g)?.length).toBe(4);
    expect(JSON.parse(await folder.read('acme.json'))).not.toHaveProperty([
      'configuration',
      'signature.secret',
    ]);
    expect(await run('migrate', '--to', 'v3.1', '--check', 'acme.json')).toMatchObject({
      exitCode: 0,
      stdout: '',
    });
    expect(await run('validate', 'acme.json')).toMatchObject({ exitCode: 0 });
  });

  it('answers standard input on standard output, untouched where there is nothing to do', async () => {
    const text =
      'customers: {url: "/hubs/finance/customers?where=lastModifiedDate>=\'${gmtDate:yyyy}\'"} # mine\n';
    expect(await runCommand(['migrate', '-'], { stdin: text })).toMatchObject({ exitCode: 0, stdout: text });
  });

  it.each([
    [['--to', 'v4'], 'expected one of configuration, object, string, v3.1'],
    [['--check', '--write'], 'leave out --write'],
    [[], 'no file named'],
  ])('%j is told', async (argumentList, message) => {
    const { exitCode, stderr } = await runCommand(['migrate', '--no-config', ...argumentList]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  it('names the file in every refusal', async () => {
    const text = 'element: {key: shop}\nconfiguration:\n  event.poller.urls: leads\n';
    const run = await runCommand(['migrate', '--stdin-filename', 'shop.yaml', '-'], { stdin: text });
    expect(run).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('shop.yaml: "event.poller.urls" names "leads"'),
    });
  });
});
