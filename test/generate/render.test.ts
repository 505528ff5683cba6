import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDocuments } from '../../src/document/read-documents.ts';
import { toValue } from '../../src/document/to-value.ts';
import { toFields, type ObjectValue } from '../../src/generate/fields.ts';
import { readGenerator } from '../../src/generate/generator.ts';
import { languages, type Language } from '../../src/generate/quote.ts';
import { render } from '../../src/generate/render.ts';

const entries = readGenerator('entries');

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
    ['ok\n  {{json value}}', 'template, line 2, column 3'],
    ['{{yaml value value}}', 'expected {{yaml VALUE}}'],
    ['{{yaml missing}}', 'a value that is not there'],
    ['{{yaml constructor}}', 'a value that is not there'],
    ['{{yaml value.constructor}}', 'a value that is not there'],
    ['{{#shout}}{{/shout}}', '"shout" not defined'],
    ['{{#shout value}}{{/shout}}', 'shout'],
  ])('%j is refused', (template, message) => {
    const generator = { name: 'mine', summary: '', templates: { yaml: template }, uses: [] };
    expect(() => render(generator, 'yaml', { value: 'x' })).toThrow(message);
  });

  test('is there for every language of every generator', () => {
    for (const name of ['entries', 'instance'])
      expect(Object.keys(readGenerator(name).templates)).toEqual([...languages]);
  });
});

function readBack(data: ObjectValue, language: Language): unknown {
  const body = render(entries, language, { fields: toFields(data) });
  const text = language === 'json' ? `{${body}}` : body;
  const [document] = readDocuments(text, { syntax: language });
  expect(document?.findings).toEqual([]);
  return document?.root && JSON.parse(JSON.stringify(toValue(document.root)));
}
