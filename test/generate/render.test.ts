import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDocuments } from '../../src/document/read-documents.ts';
import { toValue } from '../../src/document/to-value.ts';
import type { ObjectValue } from '../../src/generate/fields.ts';
import { renderEntries } from '../../src/generate/generate-instance.ts';
import { languages, type Language, type TemplateLanguage } from '../../src/generate/quote.ts';
import { compileTemplate } from '../../src/generate/render.ts';

describe.each(languages)('a generator that writes %s', (language) => {
  test.each([
    ['a key injected by a line break', 'x\nadmin: true'],
    ['quotes', `'"\\`],
    ['a template', "${date:yyyy-MM-dd'T'HH:mm}"],
    ['markup', '<b>&amp;</b>'],
    ['a mustache', '{{yaml secret}}'],
    ['a comment', 'a # b'],
    ['a key', 'a: b'],
    ['a word that YAML 1.1 takes for another type', 'no'],
    ['a number', '0x1F'],
    ['nothing', ''],
    ['an anchor', '&a'],
    ['a line separator', 'a\u2028b\u0085c'],
  ])('writes %s so that it reads back the same', (_what, value) => {
    const data = {
      customers: { url: value, [value]: 'as a key', nested: { deeper: { deepest: [value, 1, null] } } },
    };
    expect(readBack(data, language)).toEqual(data);
  });

  test('writes any object so that it reads back the same', () => {
    const value = fc.letrec<{ object: ObjectValue; leaf: string | number | boolean | null }>((tie) => ({
      leaf: fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null)),
      object: fc.dictionary(
        keys,
        fc.oneof({ depthSize: 'small' }, tie('leaf'), tie('object'), fc.array(tie('leaf'))),
        {
          noNullPrototype: true,
        },
      ),
    })).object;
    fc.assert(
      fc.property(value, (object) => {
        expect(readBack({ entry: object }, language)).toEqual({ entry: object });
      }),
      { numRuns: 200 },
    );
  });
});

/** Integers would change places in an object; the readers give no prototype, so `__proto__` is told apart elsewhere. */
const keys = fc
  .string({ unit: 'grapheme', minLength: 1 })
  .filter((key) => !/^\d+$/.test(key) && key !== '__proto__');

describe('a template', () => {
  test.each([
    ['{{value}}', 'expected {{yaml VALUE}}, found {{value}}'],
    ['{{{value}}}', 'expected {{yaml VALUE}}, found {{value}}'],
    ['{{&value}}', 'expected {{yaml VALUE}}, found {{value}}'],
    ['ok\n  {{json value}}', 'mine.hbs, line 2, column 3'],
    ['{{yaml value value}}', 'expected {{yaml VALUE}}'],
    ['{{yaml value as=other}}', 'expected {{yaml VALUE}}'],
    ['{{yaml value as="code"}}', 'expected {{yaml VALUE}}'],
    ['{{yaml value as="constructor"}}', 'expected {{yaml VALUE}}'],
    ['{{concat value "x"}}', 'expected {{yaml VALUE}}'],
    ['{{yaml (concat missing "x")}}', 'a value that is not there'],
    ['{{yaml missing}}', 'a value that is not there'],
    ['{{#if missing}}x{{/if}}', 'a value that is not there, in {{#if}}'],
    ['{{#unless missing}}x{{/unless}}', 'a value that is not there, in {{#unless}}'],
    ['{{#each missing}}x{{/each}}', 'a value that is not there, in {{#each}}'],
    ['{{#with missing}}x{{/with}}', 'a value that is not there, in {{#with}}'],
    ['{{#with value}}{{yaml missing}}{{/with}}', 'a value that is not there'],
    ['{{yaml constructor}}', 'a value that is not there'],
    ['{{yaml __proto__}}', 'a value that is not there'],
    ['{{yaml value.constructor}}', 'a value that is not there'],
    ['{{yaml value.__proto__.polluted}}', 'not'],
    ['{{yaml (lookup value "constructor")}}', 'a value that is not there'],
    ['{{yaml (lookup value "__proto__")}}', 'a value that is not there'],
    ['{{#shout}}{{/shout}}', '"shout" not defined'],
    ['{{#shout value}}{{/shout}}', 'shout'],
    ['{{#log value}}{{/log}}', 'log'],
    ['{{> nowhere}}', 'nowhere'],
    ['{{#each value}}', 'Parse error'],
  ])('%j is refused', (template, message) => {
    expect(() => fill(template, 'yaml', { value: 'x' })).toThrow(message);
  });

  test('takes a form of quoting, and joins texts before they are quoted', () => {
    expect(fill('{{markdown value as="code"}}', 'markdown', { value: 'a`b' })).toBe('``a`b``');
    expect(fill('{{yaml (concat "a: " value)}}', 'yaml', { value: 'b' })).toBe('"a: b"');
  });
});

describe('a value', () => {
  const hostile = 'x */ y\nz | `` <b> [a](javascript:x) {{v}} ${{ s }}\u2028# h';
  test.each<[TemplateLanguage, string, RegExp]>([
    ['ts', '{{ts value}}', /^"[^\n\u2028]*"$/],
    ['ts', '{{ts value as="comment"}}', /^(?!.*\*\/)[^\n\u2028]*$/],
    ['yaml', '{{yaml value as="comment"}}', /^[^\n\u2028]*$/],
    ['markdown', '{{markdown value}}', /^(?!.*(?<!\\)[<[|`])[^\n\u2028]*$/],
    ['markdown', '{{markdown value as="code"}}', /^```(?!.*(?<!\\)\|)[^\n\u2028]*```$/],
  ])('cannot leave its place in %s, as %s', (language, template, expected) => {
    expect(fill(template, language, { value: hostile })).toMatch(expected);
  });

  test.each(['../x', '..', '.hidden', 'a/b', 'a\\b', 'a\nb', '', 'a:b', '{{x}}', '/etc/passwd'])(
    '%j is no part of a file name',
    (value) => {
      expect(() => fill('{{path value}}', 'path', { value })).toThrow('cannot be part of a file name');
    },
  );
});

function fill(source: string, language: TemplateLanguage, data: object): string {
  return compileTemplate({ name: 'mine.hbs', source, language, partials: new Map() })(data);
}

function readBack(data: ObjectValue, language: Language): unknown {
  const text = renderEntries(data, language);
  const [document] = readDocuments(text, { syntax: language });
  expect(document?.findings).toEqual([]);
  return document?.root && JSON.parse(JSON.stringify(toValue(document.root)));
}
