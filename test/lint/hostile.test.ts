import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../command-line.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const command = resolve(import.meta.dirname, '../../dist/sagecfg.cjs');

/** Far above what any row needs: only what hangs or explodes runs into these. */
const timeoutMs = 60_000;
const heapMegabytes = 300;

function repeat(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('');
}

const letters = 'abcdefghi'.split('');
const bomb = letters
  .map((key, index) => {
    const item = index === 0 ? 'x' : `*${letters[index - 1]}`;
    return `${key}: &${key} [${Array.from({ length: 9 }, () => item).join(', ')}]\n`;
  })
  .join('');

const texts: readonly [name: string, file: string, text: string | Uint8Array, rule: string][] = [
  ['a billion laughs', 'a.yaml', bomb, 'too-large'],
  ['a value that holds itself', 'a.yaml', 'a: &x\n  b: *x\n', 'alias-cycle'],
  ['20,000 brackets in YAML', 'a.yaml', `a: ${'['.repeat(20_000)}`, 'too-large'],
  ['20,000 brackets in JSON', 'a.json', '['.repeat(20_000), 'too-large'],
  [
    '3,000 levels of indentation',
    'a.yaml',
    repeat(3_000, (depth) => `${' '.repeat(depth)}a:\n`),
    'too-large',
  ],
  ['an alias of nothing', 'a.yaml', 'a: *x\n', 'undefined-alias'],
  ['a key twice in YAML', 'a.yaml', 'a: 1\na: 2\n', 'duplicate-key'],
  ['a key twice in JSON', 'a.json', '{"a": 1, "a": 2}', 'duplicate-key'],
  ['bytes that are not UTF-8', 'a.yaml', Buffer.from([0x61, 0x3a, 0x20, 0xff]), 'invalid-encoding'],
  ['UTF-16', 'a.json', Buffer.from('\uFEFF{}', 'utf16le'), 'invalid-encoding'],
  ['a byte-order mark', 'a.json', '\uFEFF{"a": 1}', 'unknown-kind'],
  ['a key __proto__', 'a.json', '{"__proto__": {"url": "/x"}}', 'missing-dates'],
  ['tabs for indentation', 'a.yaml', 'a:\n\tb: 1\n', 'syntax'],
  ['several documents', 'a.yaml', 'a: 1\n---\nb: 2\n', 'unknown-kind'],
  ['a country called NO', 'a.yaml', 'country: NO\n', 'unknown-kind'],
  ['a number and a text as one key', 'a.yaml', '1: a\n"1": b\n', 'duplicate-key'],
  ['a list as a key', 'a.yaml', '[a]: b\n', 'syntax'],
  ['code in a tag', 'a.yaml', 'a: !!js/function "x"\n', 'syntax'],
  ['YAML 1.1', 'a.yaml', '%YAML 1.1\n---\na: NO\n', 'syntax'],
  ['60,000 keys in YAML', 'a.yaml', repeat(60_000, (key) => `key${key}: 1\n`), 'unknown-kind'],
  [
    '60,000 keys beside an anchor',
    'a.yaml',
    `z: &z 1\n${repeat(60_000, (key) => `key${key}: 1\n`)}`,
    'unknown-kind',
  ],
  ['60,000 keys in JSON', 'a.json', `{${repeat(60_000, (key) => `"key${key}":1,`)}"z":1}`, 'unknown-kind'],
  [
    '20,000 unknown keys',
    'a.yaml',
    `customers:\n  url: /x\n${repeat(20_000, (key) => `  custmer${key}: 1\n`)}`,
    'unknown-key',
  ],
  [
    '3,000 merges in a chain',
    'a.yaml',
    `m0: &m0 {k0: 0}\n${repeat(3_000, (at) => `m${at + 1}: &m${at + 1} {<<: *m${at}, k${at + 1}: 1}\n`)}`,
    'too-large',
  ],
  [
    '20,000 anchors and aliases',
    'a.yaml',
    repeat(20_000, (at) => `a${at}: &a${at} 1\n`) + repeat(20_000, (at) => `b${at}: *a${at}\n`),
    'unknown-kind',
  ],
  [
    '60,000 unknown keys on one line',
    'a.json',
    `{"customers":{"url":"/x",${repeat(60_000, (key) => `"custmer${key}":1,`)}"z":1}}`,
    'unknown-key',
  ],
  [
    '80,000 unknown keys in eight megabytes',
    'a.yaml',
    `customers:\n  url: /x\n${repeat(80_000, (key) => `  custmer${key}: "${'x'.repeat(80)}"\n`)}`,
    'unknown-key',
  ],
  ['200,000 times the same key in YAML', 'a.yaml', 'a: 1\n'.repeat(200_000), 'too-large'],
  ['110,000 documents', 'a.yaml', 'a: 1\n---\n'.repeat(110_000), 'too-large'],
  [
    '40,000 entries with five problems each',
    'a.yaml',
    repeat(40_000, (at) => `r${at}:\n  url: /x\n`),
    'too-large',
  ],
  ['two million questions', 'a.yaml', '? '.repeat(2_000_000), 'too-large'],
  ['ten megabytes of line breaks and a word', 'a.yaml', `${'\n'.repeat(9_900_000)}a`, 'too-large'],
  ['a million directives', 'a.yaml', `${'%A b\n'.repeat(1_000_000)}---\na: 1\n`, 'too-large'],
  [
    '500,000 merges into one entry',
    'a.yaml',
    `base: &b {url: /x}\nr:\n  <<: [${'*b, '.repeat(500_000)}*b]\n`,
    'too-large',
  ],
  [
    '100,000 comments that disable one rule',
    'a.yaml',
    `customers:\n  url: /x\n${'  # sagecfg-disable-next-line unknown-key -- x\n'.repeat(100_000)}  y: 1\n`,
    'missing-dates',
  ],
  [
    '20,000 blocks without a rule',
    'a.yaml',
    repeat(20_000, (at) => `# sagecfg-disable unknown-key\nr${at}:\n  url: /x\n  c${at}: 1\n`),
    'too-large',
  ],
  [
    '20,000 comments with names of no rule',
    'a.yaml',
    repeat(20_000, (at) => `# sagecfg-disable-line unknwn-key${at}\nr${at}:\n  url: /x\n`),
    'unused-suppression',
  ],
  [
    'a callback of a megabyte',
    'a.yaml',
    `element: {key: sageone}\nconfiguration:\n  event.notification.callback.url: "http${':/'.repeat(500_000)}"\n`,
    'invalid-callback',
  ],
  [
    '40,000 keys that are nearly one of the configuration',
    'a.yaml',
    `element: {key: sageone}\nconfiguration:\n${repeat(40_000, (at) => `  event.poller.refresh_interva${at}: 1\n`)}`,
    'unknown-key',
  ],
  ['a line of a megabyte', 'a.yaml', `customers: {url: "${'x'.repeat(1_000_000)}"}\n`, 'unknown-kind'],
  ['a plain value of a megabyte', 'a.yaml', `customers:\n  url: ${'a b '.repeat(250_000)}\n`, 'unknown-kind'],
  ['more than ten megabytes', 'a.yaml', 'a'.repeat(10_000_001), 'too-large'],
  ['ten megabytes of zeros', 'a.json', `[${'0,'.repeat(4_900_000)}0]`, 'too-large'],
  ['ten megabytes without commas', 'a.json', `[${'1 '.repeat(4_900_000)}]`, 'too-large'],
  ['ten megabytes of commas', 'a.json', `{${','.repeat(9_900_000)}}`, 'too-large'],
  ['ten megabytes of comments and empty lines', 'a.yaml', '# x\n\n\r\n'.repeat(1_200_000), 'unknown-kind'],
  ['a string that never ends', 'a.json', `{"a": "${'x'.repeat(5_000_000)}`, 'syntax'],
  ['a NUL', 'a.yaml', 'a: \0\n', 'syntax'],
  ['control characters', 'a.json', '{"a": "\u0001"}', 'syntax'],
  [
    '100,000 templates that never end',
    'a.yaml',
    `customers:\n  url: "${'${'.repeat(100_000)}"\n`,
    'malformed-template',
  ],
  ['30,000 secrets', 'a.yaml', repeat(30_000, (at) => `- oauth.api.key: secret${at}\n`), 'unknown-kind'],
];

describe('hostile text', () => {
  it.each(texts)(
    '%s: is told with its place, in little time and memory',
    async (_, file, text, rule) => {
      await using folder = await temporaryFolder({ [file]: text });
      const { status, signal, stdout, stderr } = spawnSync(
        process.execPath,
        [
          `--max-old-space-size=${heapMegabytes}`,
          command,
          'validate',
          '-f',
          'json',
          '--no-config',
          '--fail-on',
          'info',
          file,
        ],
        {
          cwd: folder.path,
          encoding: 'utf8',
          timeout: timeoutMs,
          maxBuffer: 2 ** 28,
          // Code that was compiled without the limit is of no use with it.
          env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' },
        },
      );
      expect({ status, signal }).toEqual({ status: 1, signal: null });
      expect(stderr).toMatch(
        /^(?:sagecfg: "a\.\w+" has \d+ problems, of which the worst 1000 are listed: .*\n)?$/,
      );
      const { problems } = JSON.parse(stdout) as {
        problems: readonly { rule: string; message: string; line: number; column: number }[];
      }; // the contract of the format
      expect(problems.map((problem) => problem.rule)).toContain(rule);
      expect(problems.every(({ line, column }) => line >= 1 && column >= 1)).toBe(true);
      expect(problems.every(({ message }) => message.length < 1_000)).toBe(true);
    },
    2 * timeoutMs,
  );
});

it(
  'has ten thousand problems on one line shown to people as quickly',
  async () => {
    const text = `{"customers":{"url":"/x",${repeat(10_000, (key) => `"custmer${key}":1,`)}"z":1}}`;
    await using folder = await temporaryFolder({ 'a.json': text });
    const { status, stdout } = spawnSync(
      process.execPath,
      [command, 'validate', '--max-problems', '0', 'a.json'],
      { cwd: folder.path, encoding: 'utf8', timeout: timeoutMs, maxBuffer: 2 ** 28 },
    );
    expect(status).toBe(1);
    expect(stdout.match(/^error unknown key/gm)).toHaveLength(10_001);
  },
  2 * timeoutMs,
);

it(
  'stops counting at ten thousand problems of one rule, says where, and goes on with --max-problems 0',
  async () => {
    const text = `customers:\n  url: /x\n${repeat(10_050, (at) => `  custmer${at}: 1\n`)}`;
    await using folder = await temporaryFolder({ 'a.yaml': text });
    const summaryOf = async (...flags: string[]) => {
      const { stdout } = await runCommand(['validate', '-f', 'json', ...flags, 'a.yaml'], {
        workingDirectory: folder.path,
      });
      return JSON.parse(stdout) as {
        summary: { errors: number };
        problems: { rule: string; line: number }[];
      }; // the contract
    };
    const few = await summaryOf('--max-problems', '20000');
    expect(few.problems.filter(({ rule }) => rule === 'unknown-key')).toHaveLength(10_000);
    expect(few.problems.find(({ rule }) => rule === 'too-large')?.line).toBe(10_003);
    const all = await summaryOf('--max-problems', '0');
    expect(all.problems.filter(({ rule }) => rule === 'unknown-key')).toHaveLength(10_050);
    expect(all.problems.map(({ rule }) => rule)).not.toContain('too-large');
  },
  timeoutMs,
);

describe('hostile files', () => {
  it('4 for a pipe, a device, and what must not be read or is not there', async () => {
    await using folder = await temporaryFolder({ 'secret.yaml': 'a: 1\n' });
    await mkdir(join(folder.path, 'empty'));
    spawnSync('mkfifo', [join(folder.path, 'pipe.yaml')]);
    await chmod(join(folder.path, 'secret.yaml'), 0);
    const says: readonly [name: string, reason: RegExp][] = [
      ['pipe.yaml', /is not a regular file/],
      ['/dev/zero', /is not a regular file/],
      ['secret.yaml/x.yaml', /no such file/],
      ['vanished.yaml', /no such file/],
    ];
    for (const [name, reason] of says) {
      const { exitCode, stderr } = await runCommand(['validate', name], { workingDirectory: folder.path });
      expect({ name, exitCode, stderr }).toEqual({
        name,
        exitCode: 4,
        stderr: expect.stringMatching(reason) as string,
      });
    }
    expect((await runCommand(['validate', 'empty'], { workingDirectory: folder.path })).exitCode).toBe(3);
  });

  it.skipIf(process.getuid?.() === 0)('4 for a file without permission', async () => {
    await using folder = await temporaryFolder({ 'secret.yaml': 'a: 1\n' });
    await chmod(join(folder.path, 'secret.yaml'), 0);
    const { exitCode, stderr } = await runCommand(['validate', 'secret.yaml'], {
      workingDirectory: folder.path,
    });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 4,
      stderr: expect.stringMatching(/permission denied/) as string,
    });
  });

  it(
    'stops reading standard input at the limit',
    async () => {
      const child = spawn(process.execPath, [command, 'validate', '--max-bytes', '1000', '-'], {
        timeout: timeoutMs,
      });
      // It never ends: the command has to turn away by itself.
      child.stdin.on('error', () => clearInterval(writing));
      const writing = setInterval(() => child.stdin.write('x'.repeat(1_000)), 1);
      const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]; // what the event gives
      clearInterval(writing);
      expect({ code, signal }).toEqual({ code: 1, signal: null });
    },
    2 * timeoutMs,
  );
});
