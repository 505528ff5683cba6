import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../src/document/limits.ts';
import { locate } from '../../src/document/locate.ts';
import type { Node } from '../../src/document/node.ts';
import { readDocuments } from '../../src/document/read-documents.ts';
import type { Syntax } from '../../src/document/source-document.ts';
import { toValue } from '../../src/document/to-value.ts';

describe('values', () => {
  const texts: readonly [name: string, syntax: Syntax, text: string, value: unknown][] = [
    ['YAML 1.2 keeps NO and on as text', 'yaml', 'a: NO\nb: on\nc: 0777\n', { a: 'NO', b: 'on', c: 777 }],
    ['keys are text', 'yaml', '1: a\ntrue: b\n', { 1: 'a', true: 'b' }],
    ['a key without a value is null', 'yaml', 'a:\nb: 1\n', { a: null, b: 1 }],
    [
      'an own key wins over a merged one',
      'yaml',
      'x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}\n',
      { x: { a: 1, b: 2 }, y: { a: 1, b: 3 } },
    ],
    [
      'an earlier merge source wins',
      'yaml',
      'x: &x {a: 1}\ny: &y {a: 2, b: 2}\nz: {<<: [*x, *y]}\n',
      { x: { a: 1 }, y: { a: 2, b: 2 }, z: { a: 1, b: 2 } },
    ],
    [
      'a later anchor of the same name wins from there on',
      'yaml',
      'a: &x 1\nb: *x\nc: &x 2\nd: *x\n',
      { a: 1, b: 1, c: 2, d: 2 },
    ],
    ['JSON with comments', 'json', '// one\n{"a": /* two */ 1}', { a: 1 }],
    ['a byte-order mark in JSON', 'json', '\uFEFF{"a": 1}', { a: 1 }],
    ['a byte-order mark in YAML', 'yaml', '\uFEFFa: 1\n', { a: 1 }],
    ['the last of two equal keys', 'json', '{"a": 1, "a": 2}', { a: 2 }],
    ['tabs in JSON', 'json', '{\n\t"a":\t1\n}', { a: 1 }],
  ];

  it.each(texts)('%s', (_, syntax, text, value) => {
    const [document] = readDocuments(text, { syntax });
    expect(JSON.parse(JSON.stringify(toValue(rootOf(document?.root))))).toEqual(value);
  });

  it('reads every document of a file', () => {
    expect(readDocuments('a: 1\n---\nb: 2\n').map(({ root }) => toValue(rootOf(root)))).toEqual([
      { a: 1 },
      { b: 2 },
    ]);
  });

  it('takes a key __proto__ for a key', () => {
    const [document] = readDocuments('{"__proto__": {"polluted": true}}', { syntax: 'json' });
    expect(Object.keys(toValue(rootOf(document?.root)) as object)).toEqual(['__proto__']);
    expect('polluted' in {}).toBe(false);
  });

  const guesses: readonly [text: string, syntax: Syntax][] = [
    ['{"a": 1}', 'json'],
    ['  // note\n  {"a": 1,}', 'json'],
    ['{,"a": 1}', 'json'],
    ['[{"a": 1}]', 'json'],
    ['{a: 1}', 'yaml'],
    ['{*a : 1}', 'yaml'],
    ['a: 1', 'yaml'],
    ['# {"a": 1}\na: 1', 'yaml'],
  ];

  it.each(guesses)('tells what %j is written in', (text, syntax) => {
    expect(readDocuments(text)[0]?.syntax).toBe(syntax);
  });
});

describe('places', () => {
  it('finds keys and values through aliases and merge keys', () => {
    const text = 'base: &base\n  url: /a\ncopy:\n  <<: *base\n  idField: id\n';
    const [document] = readDocuments(text);
    const url = locate(rootOf(document?.root), '/copy/url');
    expect(text.slice(url?.node.range.start, url?.node.range.end)).toBe('/a');
    expect(url?.via.map(({ start, end }) => text.slice(start, end))).toEqual(['*base']);
    expect(locate(rootOf(document?.root), '/copy/nothing')).toBeUndefined();
  });

  it('follows pointers with slashes, tildes and dots in keys', () => {
    const [document] = readDocuments('{"a/b": {"c~d.e": 1}}', { syntax: 'json' });
    expect(locate(rootOf(document?.root), '/a~1b/c~0d.e')?.node).toMatchObject({ value: 1 });
  });

  const scalars: readonly [name: string, text: string, value: string, index: number, expected: string][] = [
    ['plain', 'a: hello', 'hello', 1, 'ello'],
    ['single quotes', "a: 'it''s'", "it's", 3, "s'"],
    ['the doubled quote itself', "a: 'it''s'", "it's", 2, "''s'"],
    ['escapes', String.raw`a: "x\u003ey\tz"`, 'x>y\tz', 2, String.raw`y\tz"`],
    ['a surrogate pair', String.raw`a: "\U0001F600z"`, '\u{1F600}z', 2, 'z"'],
    ['a literal block', 'a: |\n  one\n  two\n', 'one\ntwo\n', 4, 'two\n'],
    ['a folded block', 'a: >-\n  one\n  two\n', 'one two', 4, 'two\n'],
    ['a plain value over lines', 'a: one\n  two', 'one two', 4, 'two'],
    ['quotes over lines', 'a: "one\n  two"', 'one two', 4, 'two"'],
    ['a line break that is escaped', 'a: "one\\\n  two"', 'onetwo', 3, 'two"'],
    ['CRLF', 'a: |\r\n  one\r\n  two\r\n', 'one\ntwo\n', 4, 'two\r\n'],
  ];

  it.each(scalars)('finds characters in %s', (_, text, value, index, expected) => {
    const [document] = readDocuments(text, { syntax: 'yaml' });
    const node = locate(rootOf(document?.root), '/a')?.node;
    if (node?.kind !== 'scalar') throw new Error('expected a scalar');
    expect(node.value).toBe(value);
    expect(text.slice(node.offsetAt(index))).toBe(expected);
  });

  it('finds every character of any JSON string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const text = `{"key": ${JSON.stringify(value)}}`;
        const node = locate(rootOf(readDocuments(text, { syntax: 'json' })[0]?.root), '/key')?.node;
        if (node?.kind !== 'scalar') throw new Error('expected a scalar');
        for (let index = 0; index < value.length; index += 1) {
          const escaped = text.slice(node.offsetAt(index), node.offsetAt(index + 1));
          // Half a surrogate pair that stands alone is escaped; the halves of a pair are not.
          expect(JSON.parse(`"${escaped}"`)).toBe(value[index]);
        }
        expect(node.encode(value)).toBe(text.slice(node.range.start + 1, node.range.end - 1));
      }),
    );
  });
});

describe('what is wrong', () => {
  const faults: readonly [name: string, syntax: Syntax, text: string, rule: string, marked: string][] = [
    ['an alias without an anchor', 'yaml', 'a: *x\n', 'undefined-alias', '*x'],
    ['an alias in its own value', 'yaml', 'a: &x\n  b: *x\n', 'alias-cycle', '*x'],
    ['a key twice in YAML', 'yaml', 'a: 1\na: 2\n', 'duplicate-key', 'a'],
    ['a key twice in JSON', 'json', '{"a": 1, "a": 2}', 'duplicate-key', '"a"'],
    ['a merge of a scalar', 'yaml', 'a: {<<: 1}\n', 'syntax', '1'],
    ['a tag', 'yaml', 'a: !vault x\n', 'syntax', '!vault'],
    ['an old version', 'yaml', '%YAML 1.1\n---\na: NO\n', 'syntax', '%YAML'],
    ['a missing comma', 'json', '{"a": 1 "b": 2}', 'syntax', '1'],
    ['a missing comma at the end of a line', 'json', '{"a": "x"\n "b": 2}', 'syntax', '"'],
    ['lines that end with a carriage return alone', 'yaml', '# c\ra: 1\rb: 2\r', 'syntax', '\r'],
    ['a leading zero', 'json', '{"a": 015,\n "b": 2}', 'syntax', '015'],
    ['a tab in a JSON string', 'json', '{"a": "x\ty"}', 'syntax', '"x\ty"'],
    ['a no-break space in JSON', 'json', '{\u00a0"a": 1}', 'syntax', '\u00a0'],
    ['a fence of Markdown around JSON', 'json', '```json\n{"a": 1}\n```\n', 'syntax', '```'],
    ['a fence of Markdown around YAML', 'yaml', '```yaml\na: 1\n```\n', 'syntax', '```'],
    ['a bracket for a brace', 'json', '{"a": ["b": {"c": 1, "d": 2}, "e": 3}}', 'syntax', '['],
    ['a bracket too many', 'json', '{"a": [{"b": 1}, "c": 2}', 'syntax', '['],
    ['a leading comma', 'json', '{,"a": 1}', 'syntax', ','],
    ['a trailing comma', 'json', '{"a": [1, 2,]}', 'syntax', ','],
    ['a brace too many', 'json', '{"a": 1}}', 'syntax', '}'],
    ['single quotes in JSON', 'json', "{'a': 1}", 'syntax', "'a'"],
    ['typographic quotes', 'json', '{“a”: 1}', 'syntax', '“a”'],
    ['a string over two lines', 'json', '{"a": "x\n"}', 'syntax', '"x'],
  ];

  it.each(faults)('reports %s once, at its place', (_, syntax, text, rule, marked) => {
    const findings = readDocuments(text, { syntax }).flatMap((document) => document.findings);
    expect(
      findings.map((finding) => [finding.rule, text.slice(finding.range.start, finding.range.end)]),
    ).toEqual([[rule, marked]]);
  });

  it('names the first of two equal keys', () => {
    const text = '{"a": 1, "b": 2, "a": 3}';
    const [finding] = readDocuments(text, { syntax: 'json' })[0]?.findings ?? [];
    expect(finding?.related?.map(({ range }) => range.start)).toEqual([1]);
  });
});

describe('hostile input', () => {
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x]',
    ...'bcdefghi'.split('').map((key, index) => {
      const previous = 'abcdefghi'[index];
      return `${key}: &${key} [${Array.from({ length: 9 }, () => `*${previous}`).join(', ')}]`;
    }),
  ].join('\n');

  const texts: readonly [name: string, text: string, rule: string][] = [
    ['a billion laughs', bomb, 'too-large'],
    ['20,000 brackets in JSON', '['.repeat(20_000), 'too-large'],
    ['20,000 brackets in YAML', `a: ${'['.repeat(20_000)}`, 'too-large'],
    [
      '20,000 levels of indentation',
      Array.from({ length: 2_000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
      'too-large',
    ],
  ];

  it.each(texts)('stops at %s', (_, text, rule) => {
    const findings = readDocuments(text).flatMap((document) => document.findings);
    expect(findings.map((finding) => finding.rule)).toEqual([rule]);
  });

  it('refuses a text over the limit unread', () => {
    const [document] = readDocuments(' '.repeat(11), { limits: { ...defaultLimits, maxBytes: 10 } });
    expect(document?.root).toBeUndefined();
    expect(document?.findings.map(({ rule }) => rule)).toEqual(['too-large']);
  });

  it('never throws, whatever it is given', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      ':',
      ',',
      '-',
      ' ',
      '\n',
      '&a',
      '*a',
      '<<: ',
      '|',
      '>',
      'a',
      '1',
      '#',
      '\t',
      '%',
      '!',
      '?',
      '\r\n',
      '---\n',
    );
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 40 }),
        fc.constantFrom<Syntax>('yaml', 'json'),
        (parts, syntax) => {
          const documents = readDocuments(parts.join(''), { syntax });
          for (const { root, findings } of documents) {
            if (root) toValue(root);
            expect(findings.every(({ range }) => range.start >= 0 && range.end >= range.start)).toBe(true);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

function rootOf(root: Node | undefined): Node {
  if (root === undefined) throw new Error('expected a document');
  return root;
}
