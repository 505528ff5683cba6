import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNames } from '../../src/report/formats/index.ts';
import { runCommand } from '../command-line.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const seed = await readFile(
  resolve(import.meta.dirname, '../../fixtures/seed/instance-example.json'),
  'utf8',
);
const yaml = `customers: &one
  url: "/hubs/finance/customers?where=updated_at>='\${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'"
  idField: id # sagecfg-disable-line blank-id-field -- for now
  datesConfiguration: {updatedDateField: updated_at, updatedDateFormat: yyyy-mm-dd}
vendors: {<<: *one, url: /hubs/finance/vendors}
`;

const part = fc.constantFrom(
  '"',
  "'",
  '\\',
  '{',
  '}',
  ']',
  ',',
  ':',
  '\n',
  '\r',
  '\t',
  '\0',
  '\uFEFF',
  '${',
  '😀',
  '',
);
const content = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom(seed, yaml), fc.nat(), fc.nat({ max: 20 }), part)
      .map(([text, at, length, inserted]) => {
        const start = at % text.length;
        return Buffer.from(text.slice(0, start) + inserted + text.slice(start + length));
      }),
  },
  fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
);
const flag = fc.constantFrom(
  ['--fix'],
  ['--fix=all'],
  ['--diff'],
  ['--fix', '--diff'],
  ['--fix-dry-run'],
  ['--quiet'],
  ['--max-warnings', '0'],
  ['--max-problems', '1'],
  ['--max-problems', '0'],
  ['--fail-on', 'info'],
  ['--fail-on', 'never'],
  ['--color', 'always'],
  ['--kind', 'poller-configuration'],
  ['--kind', 'instance-export'],
  ['--max-depth', '2'],
  ['--max-nodes', '5'],
  ['--max-bytes', '40'],
  ['--only', 'syntax'],
  ['--skip', 'insecure-callback'],
  ['--no-ignore'],
  ['--no-such-flag'],
);
const run = fc.record({
  content,
  name: fc.constantFrom('a.yaml', 'a.json', 'a.txt', '-'),
  format: fc.constantFrom(...formatNames),
  flags: fc.array(flag, { maxLength: 3 }),
});

const { FUZZ_RUNS, FUZZ_SEED } = process.env;
const runs = Math.min(Number(FUZZ_RUNS ?? 300), 5_000);
/** As in lint/fuzz.test.ts. */
const seedOfRun = Number(FUZZ_SEED ?? (FUZZ_RUNS === undefined ? 1 : Math.floor(Math.random() * 2 ** 31)));
if (FUZZ_RUNS !== undefined) console.info(`FUZZ_SEED=${seedOfRun}`);

describe('validate', () => {
  it('never breaks, whatever the file, the format and the flags, and leaves nothing behind', async () => {
    await using folder = await temporaryFolder({});
    const codes = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(run, async ({ content: bytes, name, format, flags }) => {
        if (name !== '-') await writeFile(join(folder.path, name), bytes);
        const { exitCode, stdout, stderr } = await runCommand(
          ['validate', '--no-config', '-f', format, ...flags.flat(), name],
          { workingDirectory: folder.path, stdin: bytes },
        );
        codes.set(exitCode, (codes.get(exitCode) ?? 0) + 1);
        expect([0, 1, 2]).toContain(exitCode);
        expect(stdout + stderr).not.toMatch(/^ {4}at .*:\d+:\d+\)?$|this is a bug/m);
        expect(readdirSync(folder.path).filter((file) => !/^a\.(?:yaml|json|txt)$/.test(file))).toEqual([]);
        const isReport = exitCode !== 2 && !flags.some(([first = '']) => /^--(?:diff|fix)/.test(first));
        if (isReport && (format === 'json' || format === 'sarif' || format === 'gitlab')) JSON.parse(stdout);
      }),
      { numRuns: runs, seed: seedOfRun },
    );
    // All three kinds of outcome were seen.
    expect(new Set(codes.keys())).toEqual(new Set([0, 1, 2]));
  }, 300_000);
});
