import { expect, it } from 'vitest';
import { rules } from '../../src/lint/rules/index.ts';
import { runCommand } from '../command-line.ts';

it.each(rules.map((rule) => [rule.id, rule] as const))('explains %s', async (id, rule) => {
  const { exitCode, stdout, stderr } = await runCommand(['explain', id]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout.startsWith(`${id}: ${rule.summary}\n${rule.severity}`)).toBe(true);
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(rule.why);
  for (const { bad, says } of rule.examples) {
    for (const message of says) expect(stdout).toContain(`= ${message}\n`);
    for (const line of bad.trimEnd().split('\n')) expect(stdout).toContain(`    ${line}\n`);
  }
});

it('breaks prose at the width of the terminal', async () => {
  const { stdout } = await runCommand(['explain', 'literal-z-not-utc']);
  const [prose = ''] = stdout.split('\n\n').slice(1);
  expect(prose.split('\n').filter((line) => line.length > 100)).toEqual([]);
});

it.each([
  [
    ['unbalanced-url-qoute'],
    'no rule is called "unbalanced-url-qoute": did you mean "unbalanced-url-quote"?',
  ],
  [['nonsense'], 'no rule is called "nonsense": sagecfg rules lists them'],
  [[], 'which rule? sagecfg rules lists them'],
  [['syntax', 'too-large'], 'unexpected argument "too-large": see sagecfg explain --help'],
])('says of %j what is wrong', async (names, message) => {
  const { exitCode, stdout, stderr } = await runCommand(['explain', ...names]);
  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 2, stdout: '', stderr: `sagecfg: ${message}\n` });
});
