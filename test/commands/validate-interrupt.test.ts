import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { runCommand } from '../command-line.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const command = resolve(import.meta.dirname, '../../dist/sagecfg.cjs');
const bad = "customers:\n  url: /hubs/crm/contacts?where=a>'${gmtdate}'\n";
const good = bad.replace('gmtdate', 'gmtDate');

it('leaves every file whole when --fix is interrupted, and says how many are as they were', async () => {
  const names = Array.from({ length: 400 }, (_, index) => `t${1000 + index}.yaml`);
  await using folder = await temporaryFolder(Object.fromEntries(names.map((name) => [name, bad])));
  const first = join(folder.path, names[0] ?? '');
  const child = spawn(process.execPath, [command, 'validate', '--fix', '-f', 'concise', '.'], {
    cwd: folder.path,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'close');
  while (readFileSync(first, 'utf8') === bad && child.exitCode === null) await setImmediate();
  child.kill('SIGINT');
  await ended;
  expect(child.signalCode).toBe('SIGINT');
  expect(said).toMatch(/interrupted: \d+ of the files to mend are as they were/);
  expect(readdirSync(folder.path).sort()).toEqual(names);
  const texts = names.map((name) => readFileSync(join(folder.path, name), 'utf8'));
  expect(new Set(texts)).toEqual(new Set([good, bad]));
}, 60_000);

it('writes no report over a file that is checked, also by another name', async () => {
  await using folder = await temporaryFolder({ 'a.yaml': bad });
  for (const target of ['a.yaml', './x/../a.yaml']) {
    const { exitCode, stderr } = await runCommand(['validate', '-f', `json:${target}`, 'a.yaml'], {
      workingDirectory: folder.path,
    });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringMatching(/would take the place of ".*a\.yaml", which is checked/) as string,
    });
  }
  expect(await readFile(join(folder.path, 'a.yaml'), 'utf8')).toBe(bad);
});
