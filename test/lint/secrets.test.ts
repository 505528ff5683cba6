import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findWords } from '../../src/lint/find-words.ts';
import { fixText } from '../../src/lint/fix-text.ts';
import { lintText } from '../../src/lint/lint-text.ts';
import { formatNames, loadFormat } from '../../src/report/formats/index.ts';
import { maskRanges } from '../../src/report/mask-ranges.ts';
import { toCheckedFile } from '../../src/report/report.ts';
import { paint } from '../../src/report/paint.ts';
import { unifiedDiff } from '../../src/report/unified-diff.ts';

const secret = 'pQ7zR2mW9xK4vT8nB3cL6hJ1';
const options = { colour: false, links: false, width: 100, toolVersion: '1.2.3' };

const yaml = `element: {key: sageone}
name: acme
configuration:
  oauth.api.key: id
  oauth.api.secret: ${secret} # was ${secret} before
  event.notification.callback.url: http://example.com
`;
const json = `{"element": {"key": "sageone"}, "configuration": {
  "signature.secret": "${secret}", "oauth.api.secret": "${secret}",
  "event.notification.callback.url": "http://example.com"}}
`;

/** Everything that a run on the text could print. */
async function everyOutput(text: string): Promise<string> {
  const linted = lintText(text);
  const fixed = fixText(linted, { includeUnsafe: true });
  const files = [toCheckedFile('a', linted), toCheckedFile('a', fixed)];
  const formats = await Promise.all(formatNames.map((name) => loadFormat(name)));
  const masked = [linted, fixed].map(({ text: own, secrets }) => maskRanges(own, secrets.ranges));
  const diff = await unifiedDiff('a', masked[0] ?? '', masked[1] ?? '', paint(false));
  return [...formats.map((format) => format(files, options)), diff].join('\n');
}

/** Six characters in a row are more than coincidence. */
function tellsOf(output: string, planted: string): readonly string[] {
  const parts = Array.from({ length: planted.length - 5 }, (_, at) => planted.slice(at, at + 6));
  return parts.filter((part) => output.includes(part));
}

describe.each([
  ['YAML', yaml],
  ['JSON', json],
])('a secret in %s', (_, whole) => {
  it('is in no output, wherever it stands', async () => {
    expect(tellsOf(await everyOutput(whole), secret)).toEqual([]);
  });

  it('is in no output when its line is broken', async () => {
    // A changed secret is not the one in the comment any more.
    const text = whole.replace(/ #.*/, '');
    const line = text.split('\n').find((each) => each.includes(secret)) ?? '';
    const start = text.indexOf(line);
    const end = start + line.length;
    const odd = fc.constantFrom(
      '"',
      "'",
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '#',
      '&',
      '*',
      '!',
      '|',
      '>',
      '%',
      '@',
      '`',
      '\\',
      '\\q',
      '\t',
      '\n',
      '',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: start, max: end }),
        fc.nat(2),
        odd,
        async (at, deleted, inserted) => {
          const broken = text.slice(0, at) + inserted + text.slice(Math.min(at + deleted, end));
          // Where the key itself was broken nothing says any more that the value is a secret.
          fc.pre(keysIn(broken) === keysIn(text));
          expect(tellsOf(await everyOutput(broken), secret)).toEqual([]);
        },
      ),
      { numRuns: 150, seed: 7 },
    );
  });
});

function keysIn(text: string): number {
  return text.match(/(?<![\w.])(?:signature|oauth\.api)\.secret["']?\s*:/g)?.length ?? 0;
}

it('is not written by a fix that a report shows', () => {
  const linted = lintText(yaml);
  const fix = { safe: true, title: 'f', edits: [{ range: { start: 0, end: 0 }, text: `x: ${secret}` }] };
  const problem = {
    rule: 'unknown-key',
    severity: 'error',
    message: 'm',
    pointer: '',
    range: { start: 0, end: 1 },
    fix,
  } as const;
  expect(toCheckedFile('a', { ...linted, problems: [problem] }).problems[0]).not.toHaveProperty('fix');
});

describe('a search for many words', () => {
  it('finds the longest at each place, and none twice', () => {
    const find = findWords(new Set(['abc', 'abcdef', 'xyz']));
    const text = 'abcdefabc-xyzxy';
    expect(find(text).map(({ start, end }) => text.slice(start, end))).toEqual(['abcdef', 'abc', 'xyz']);
    expect(find('')).toEqual([]);
  });

  it('finds what a search for each would find', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'é'), minLength: 3, maxLength: 5 });
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { maxLength: 5 }),
        fc.string({ unit: fc.constantFrom('a', 'b', 'é'), maxLength: 40 }),
        (words, text) => {
          const first = findWords(new Set(words))(text)[0]?.start ?? -1;
          const places = words.map((each) => text.indexOf(each)).filter((place) => place !== -1);
          expect(first).toBe(places.length === 0 ? -1 : Math.min(...places));
        },
      ),
    );
  });

  it('finds the same among a few words and among many', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'é'), minLength: 3, maxLength: 5 });
    const others = Array.from({ length: 20 }, (_, index) => `other ${index}`);
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { maxLength: 5 }),
        fc.string({ unit: fc.constantFrom('a', 'b', 'é'), maxLength: 40 }),
        (words, text) => {
          expect(findWords(new Set(words))(text)).toEqual(findWords(new Set([...words, ...others]))(text));
        },
      ),
    );
  });
});

it('says “signature” of a key that has the word in it', () => {
  const text =
    'element: {key: shop}\nconfiguration:\n  event.notification.signature.key: my-signature-key-for-acme\n';
  const { problems } = lintText(text);
  expect(problems.find(({ rule }) => rule === 'weak-signature-key')?.message).toBe(
    'the signature key can be guessed: expected at least 16 random characters',
  );
  expect(JSON.stringify(problems.map(({ message, help }) => [message, help]))).not.toContain('acme');
});
