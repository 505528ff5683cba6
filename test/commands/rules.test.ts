import { expect, it } from 'vitest';
import { rules } from '../../src/lint/rules/index.ts';
import { runCommand } from '../command-line.ts';

const ids = rules.map(({ id }) => id);

it('lists every rule in columns', async () => {
  const { exitCode, stdout } = await runCommand(['rules']);
  const lines = stdout.trimEnd().split('\n');
  expect(exitCode).toBe(0);
  expect(lines.map((line) => line.split(/\s+/)[0])).toEqual(ids);
  expect(lines.find((line) => line.startsWith('syntax '))).toMatch(
    /^syntax {2,}error {4}fix {2}text that is not YAML or JSON$/,
  );
});

it('lists every rule for programs, with all there is to say', async () => {
  const { stdout } = await runCommand(['rules', '-f', 'json']);
  const listed: unknown = JSON.parse(stdout);
  expect(listed).toMatchObject(
    rules.map(({ id, severity, summary, why, examples, fixable = false }) => {
      return { id, severity, summary, why, fixable, examples: examples.map((example) => ({ ...example })) };
    }),
  );
});

it('lists every rule as a table for a page', async () => {
  const { stdout } = await runCommand(['rules', '--format', 'markdown']);
  const [head, rule, ...rows] = stdout.trimEnd().split('\n');
  expect([head, rule]).toEqual(['| Rule | Severity | Fix | What it finds |', '| --- | --- | --- | --- |']);
  expect(rows.map((row) => /^\| `([\w-]+)` \|/.exec(row)?.[1])).toEqual(ids);
  expect(rows.filter((row) => row.replaceAll(String.raw`\|`, '').split('|').length !== 6)).toEqual([]);
});

it('takes no names', async () => {
  expect(await runCommand(['rules', 'syntax'])).toMatchObject({ exitCode: 2, stdout: '' });
});
