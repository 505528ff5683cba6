import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../src/document/limits.ts';
import { readAnyYaml } from '../../src/document/read-any-yaml.ts';
import { readCleanYaml } from '../../src/document/read-clean-yaml.ts';
import { describeDocument } from './describe-document.ts';

/** True when the fast reader took the text; fails when the slow one then reads it otherwise. */
function isReadAlike(text: string): boolean {
  const clean = readCleanYaml(text, defaultLimits);
  if (clean === undefined) return false;
  const documents = readAnyYaml(text, defaultLimits).map(describeDocument);
  expect({ text, documents: [describeDocument(clean)] }).toEqual({ text, documents });
  return true;
}

describe('both readers of YAML', () => {
  const taken = [
    'a: 1\nb: x\n',
    'a:\n  b: "x"\n  c: \'y\'\nd: [1, 2,]\ne: {a, b: 2, c: }\nf:\n- 1\n-\n- x: 1\n  y: 2\n',
    '# c\na: |\n  foo\n  bar\n\n# x\nb: >- # d\n  foo\n  bar\n',
    '---\na: 1\n',
    '--- # note\na: 1\n',
    'a: one\n  two\nb:\n',
    '{a: 1, b: [x, {c: d}]}\n',
    '- - a\n  - b\n- c',
    'a:   # note\n  b: 1 # x\n\n# end\n',
    'a: -1\nb: .inf\nc: 0o17\nd: 1e400\ne: 0x1f\nf: ~\ng: 1.50\nh: -0\ni: .nan\nj: 0777\nk: +1.\nl: 1e3\n',
    'a: NO\nb: on\nc: 12:30\nd: 1_000\ne: 2026-11-23\nf: "1"\n',
    "\"a b\": c\n'it''s': 1\n",
    'a: "x\\u0041\n   y"\r\nb: 2\r\n',
    'a:\n    - b\n    -   c:  \n        d: \n',
    'a: |2\n    x\n   y\n',
    'a: |+\n  x\n\n\nb: 1',
    'a: |-\n  x\n\n\nb: 1',
    'a: >\n\n  x\n\n  y\n   z\n\n',
    'a: {"b":1,"c":[1,2]}',
    'a: x#y\n',
    'a: 1\na: 2\n',
    '1: a\ntrue: b\nnull: c\n',
    "a: http://x/y?a='b'&c=d # no comment inside\n",
    "a: '${gmtDate:yyyy-MM-dd''T''HH:mm:ssXXX}'\n",
    '\u00e9: "\u{1F600} \\U0001F600z"\n',
    'a:\n  over two\n  lines\n',
    "a: 'one\n\n  two'\nb: 1\n",
    'a: {\n  "b": [1, # note\n    2], c: "x"\n  }\n',
    'a:\n- |\n  x\n- >+2\n   y\n\n\n- z\n',
    '  a: 1\n  b:\n  - c\n',
  ];

  it.each(taken)('read %j alike', (text) => expect(isReadAlike(text)).toBe(true));

  const left = [
    '',
    '# only\n',
    'a: |\n\n\n',
    'a: "x \\\n   y"\n',
    'a: |\n\nb: 1\n',
    'a: &x 1\nb: *x\n',
    'a: !!str 1\n',
    '<<: {a: 1}\n',
    '%YAML 1.2\n---\na: 1\n',
    'a: 1\n---\nb: 2\n',
    'a: 1\n...\n',
    'a:\tb\n',
    'a: \u0007\n',
    'a: b: c\n',
    'a: b\n  c: d\n',
    'a:\n    b: 1\n  c: 2\n',
    'a: "x\ny"\n',
    'a: "x\\ y"\n',
    'a: [\n1]\n',
    'a: |\n  x',
    'a: |\n  x\n \n  y\n',
    '--- {a: 1}\n',
    '{a\n: b}\n',
    '{a:}\n',
    '[a: b]\n',
    '? a\n: b\n',
    'a\n',
    '{a: 1',
    'a: "\n',
    '\u2028a: 1\n',
    ': a\n',
    '[a]: b\n',
    'a: @b\n',
    `${'k'.repeat(1100)}: 1\n`,
    `${'['.repeat(200)}${']'.repeat(200)}`,
  ];

  it.each(left)('leave %j to the slow one', (text) => expect(isReadAlike(text)).toBe(false));

  it('read alike whatever the fast one takes', () => {
    let count = 0;
    fc.assert(
      fc.property(written, (text) => void (count += Number(isReadAlike(text)))),
      { numRuns: runs },
    );
    // The property would be empty if the fast reader refused them all.
    expect(count).toBeGreaterThan(runs / 4);
  });

  it('read alike, or not at all, what nobody would write', () => {
    let count = 0;
    fc.assert(
      fc.property(soup, (text) => void (count += Number(isReadAlike(text)))),
      { numRuns: runs },
    );
    expect(count).toBeGreaterThan(0);
  });
});

const runs = Number(process.env['FUZZ_RUNS'] ?? 2_000);

const word = fc.constantFrom(
  'url',
  'a',
  'x-1',
  'true',
  '12',
  '-1.5',
  '0x1f',
  '~',
  'NO',
  'é',
  'two words',
  '.5',
  "it's",
  'a#b',
  'a:b',
);
const quoted = fc.oneof(
  fc
    .string({
      unit: fc.constantFrom('a', ' ', '\\n', '\\"', '\\u0041', "'", ':', '#', 'é', '\n  ', '\\\n  '),
    })
    .map((text) => `"${text}"`),
  fc
    .string({ unit: fc.constantFrom('a', ' ', "''", '"', ':', '#', '\\', '\n  ') })
    .map((text) => `'${text}'`),
);
const comment = fc.constantFrom('', '', '', ' # note', '  # "x": [');
const gap = fc.constantFrom('', '', '', '\n', '# between\n', '  # deeper\n', '\n\n');

const flowValue = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    word,
    quoted,
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    fc
      .array(fc.tuple(word, tie('value'), fc.constantFrom(': ', ' : ', ':  ')), { maxLength: 3 })
      .map((pairs) => `{ ${pairs.map(([key, value, colon]) => key + colon + value).join(' , ')} }`),
  ),
})).value;

const block = fc
  .tuple(
    fc.constantFrom('|', '>', '|-', '>-', '|+', '>+', '|2'),
    comment,
    fc.array(fc.constantFrom('one', 'two words', '', '  more', '# no comment'), { maxLength: 4 }),
  )
  .map(([header, note, lines]) => [header + note, ...lines.map((line) => (line === '' ? '' : `  ${line}`))]);

/** Lines of a value in block style: the first may stand behind its key. */
type Lines = readonly string[];

const blockValue = fc.letrec<{ value: Lines; mapping: Lines; sequence: Lines }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.tuple(flowValue, comment).map(([value, note]) => (value + note).split('\n')),
    block,
    tie('mapping').map((lines) => ['', ...lines.map((line) => `  ${line}`)]),
    tie('sequence').map((lines) => ['', ...lines]),
    fc.constant(['']),
  ),
  mapping: fc
    .uniqueArray(
      fc.tuple(
        fc.oneof(
          word,
          quoted.filter((key) => !key.includes('\n')),
        ),
        tie('value'),
        gap,
      ),
      { minLength: 1, maxLength: 4, selector: ([key]) => key },
    )
    .map((pairs) =>
      pairs.flatMap(([key, value, between]) => [
        ...between.split('\n').slice(0, -1),
        ...prefixed(`${key}:`, value),
      ]),
    ),
  sequence: fc
    .array(fc.tuple(tie('value'), gap), { minLength: 1, maxLength: 4 })
    .map((items) =>
      items.flatMap(([value, between]) => [...between.split('\n').slice(0, -1), ...prefixed('-', value)]),
    ),
}));

function prefixed(prefix: string, [first = '', ...rest]: Lines): Lines {
  return [first === '' ? prefix : `${prefix} ${first}`, ...rest];
}

const written = fc
  .tuple(
    fc.oneof(blockValue.mapping, blockValue.sequence),
    fc.constantFrom('\n', '\r\n'),
    fc.constantFrom('', '---\n', '# head\n'),
  )
  .map(([lines, newline, head]) => `${head}${lines.join('\n')}\n`.replaceAll('\n', newline));

const soup = fc
  .array(
    fc.constantFrom(
      'a',
      'b: ',
      '- ',
      '? ',
      ': ',
      ':',
      '{',
      '}',
      '[',
      ']',
      ',',
      '"',
      "'",
      '|',
      '>',
      '|-\n',
      '#',
      ' #',
      '\n',
      '\n  ',
      '\n    ',
      ' ',
      '  ',
      '-',
      '---\n',
      '...',
      '1',
      '~',
      '\\',
      '@',
      '`',
      '%',
      '!',
      '&a ',
      '*a',
      '<<: ',
      '\r\n',
      '\t',
      'é',
      '.',
      '=',
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(''));
