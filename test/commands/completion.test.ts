import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { commandNames } from '../../src/commands/index.ts';
import { runCommand } from '../command-line.ts';

const bundle = resolve(import.meta.dirname, '../../dist/sagecfg.cjs');

/** What bash offers for a line; the last word is the one that is typed. */
async function complete(...words: readonly string[]): Promise<readonly string[]> {
  const { stdout: script } = await runCommand(['completion', 'bash']);
  const line = `COMP_WORDS=(sagecfg ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _sagecfg; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', `${script}\n${line}`], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter(Boolean);
}

it('completes commands, options and the words that an option takes', async () => {
  expect(await complete('')).toEqual(expect.arrayContaining([...commandNames]));
  expect(await complete('val')).toEqual(['validate']);
  expect(await complete('validate', '--fai')).toEqual(['--fail-on']);
  expect(await complete('validate', '--fail-on', 'w')).toEqual(['warning']);
});

it('completes what a command takes: rules, schemas, shells, what to do', async () => {
  expect(await complete('explain', 'unknown-t')).toEqual(['unknown-template-variable', 'unknown-timezone']);
  expect(await complete('schema', 'sett')).toEqual(['settings']);
  expect(await complete('completion', 'z')).toEqual(['zsh']);
  expect(await complete('events', 'rep')).toEqual(['replay']);
  expect(await complete('validate', '--only', 'wrong-')).toEqual(['wrong-hub', 'wrong-type']);
  expect(await complete('auth', '/dev/nul')).toContain('/dev/null');
});

it.each(['zsh', 'fish'])('writes every command for %s', async (shell) => {
  const { stdout, exitCode } = await runCommand(['completion', shell]);
  expect(exitCode).toBe(0);
  for (const name of commandNames) expect(stdout).toContain(name);
});

it('asks for a shell', async () => {
  expect(await runCommand(['completion'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('bash, fish, zsh') as string,
  });
});

it('is the same from the bundle, which has no folder of commands to read', { timeout: 60_000 }, async () => {
  const { stdout, stderr } = spawnSync(process.execPath, [bundle, 'completion', 'bash'], {
    encoding: 'utf8',
  });
  expect({ stdout, stderr }).toEqual({
    stdout: (await runCommand(['completion', 'bash'])).stdout,
    stderr: '',
  });
});
