import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, cpSync, createReadStream, openSync, readFileSync, symlinkSync } from 'node:fs';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const command = resolve(import.meta.dirname, '../dist/sagecfg.cjs');

/** A report of half a megabyte, with characters of several bytes. */
const manyMistakes = `contacts:\n  url: /hubs/crm/contacts\n${Array.from(
  { length: 10_000 },
  (_, index) => `  schlüssel${index}: "“”"\n`,
).join('')}`;
const validate = [command, 'validate', '-f', 'concise', '--max-problems', '0', 'a.yaml'];

describe('the output', () => {
  it('is the same in a file, in a pipe, in a socket, and in a pipe that does not wait', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': manyMistakes });
    const file = openSync(join(folder.path, 'report'), 'w');
    spawnSync(process.execPath, validate, { cwd: folder.path, stdio: ['ignore', file, 'inherit'] });
    closeSync(file);
    const expected = readFileSync(join(folder.path, 'report'), 'utf8');
    expect(expected.length).toBeGreaterThan(500_000);

    // What Node gives a child to write to is a socket; a shell gives it a pipe.
    const socket = spawn(process.execPath, validate, { cwd: folder.path });
    const pipe = spawn('sh', ['-c', `${[process.execPath, ...validate].join(' ')} | cat`], {
      cwd: folder.path,
    });
    expect(await Promise.all([text(socket.stdout), text(pipe.stdout)])).toEqual([expected, expected]);
    expect(await readFromImpatientPipe(folder.path)).toBe(expected);
  }, 60_000);

  it('ends in peace when nobody reads it to its end', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': manyMistakes });
    const script = `{ ${[process.execPath, ...validate].join(' ')}; echo "exit code $?" >&2; } | head -1`;
    const { stdout, stderr } = spawnSync('sh', ['-c', script], { cwd: folder.path, encoding: 'utf8' });
    expect(stdout).toMatch(/^a\.yaml:\d+:\d+ .*\n$/);
    expect(stderr).toBe('exit code 1\n');
  }, 60_000);

  it('is nothing but the help when everything is compiled for the first time', async () => {
    await using folder = await temporaryFolder({ 'package.json': '{}' });
    cpSync(resolve(command, '..'), join(folder.path, 'dist'), {
      recursive: true,
      filter: (path) => !path.endsWith('.cache') && !path.endsWith('lib'),
    });
    symlinkSync(resolve(import.meta.dirname, '../schemas'), join(folder.path, 'schemas'));
    symlinkSync(resolve(import.meta.dirname, '../generators'), join(folder.path, 'generators'));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(folder.path, 'dist/sagecfg.cjs'), '--help'],
      { encoding: 'utf8' },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('Usage: sagecfg COMMAND');
  }, 60_000);

  it.runIf(process.platform === 'linux')('says so where it cannot be written', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [command, 'rules'], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    expect({ status, stderr }).toEqual({
      status: 4,
      stderr: expect.stringContaining('sagecfg: cannot write the output: ') as string,
    });
  });
});

/** Its writer is told to come again when it is full, as happens where a parent process has made it so. */
async function readFromImpatientPipe(folder: string): Promise<string> {
  const path = join(folder, 'fifo');
  execFileSync('mkfifo', [path]);
  const end = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const child = spawn(process.execPath, validate, { cwd: folder, stdio: ['ignore', end, 'inherit'] });
  const reading = text(createReadStream(path));
  await once(child, 'exit');
  closeSync(end);
  return reading;
}
