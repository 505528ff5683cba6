import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../src/document/limits.ts';
import { readAnyJson } from '../../src/document/read-any-json.ts';
import { readCleanJson } from '../../src/document/read-clean-json.ts';
import { describeDocument } from './describe-document.ts';

/** True when the fast reader took the text; fails when the slow one then reads it otherwise. */
function isReadAlike(text: string, limits = defaultLimits): boolean {
  const clean = readCleanJson(text, limits);
  if (clean === undefined) return false;
  expect({ text, ...describeDocument(clean) }).toEqual({
    text,
    ...describeDocument(readAnyJson(text, limits)),
  });
  return true;
}

describe('both readers of JSON', () => {
  const taken = [
    '{}',
    ' [ ] \r\n',
    '\uFEFF{"a": 1}\n',
    '{"a": {"b": [1, "x", null, true, false, {"c": []}]}, "": ""}',
    '[0, -0, 1.5, -1e3, 1E+2, 2e-7, 1e400, 12345678901234567890]',
    String.raw`{"a\u0041\n": "\"\\\/\b\f\r\t\ud83d\ude00 \ud800"}`,
    '{"\u00e9\u2028\u007f": "\u{1F600}"}',
    '{\n\t"__proto__": 1,\n\t"toString": 2\n}',
    '"only"',
    '7',
    'null',
  ];

  it.each(taken)('read %j alike', (text) => expect(isReadAlike(text)).toBe(true));

  const left = [
    '',
    ' ',
    '{"a": 1,}',
    '[1 2]',
    '[,]',
    '{"a" 1}',
    '{a: 1}',
    "{'a': 1}",
    '{"a": 1} x',
    '{"a": 1}}',
    '{"a": ',
    '["a',
    '["a\n"]',
    '["a\tb"]',
    String.raw`["\x"]`,
    String.raw`["\u12"]`,
    '[01]',
    '[+1]',
    '[.5]',
    '[1.]',
    '[nul]',
    '[NaN]',
    '// note\n{}',
    '{"a": /* note */ 1}',
    '{"a": 1, "a": 2}',
    '\u00A0{}',
    '\uFEFF\uFEFF{}',
  ];

  it.each(left)('the fast one leaves %j to the other', (text) => expect(isReadAlike(text)).toBe(false));

  it('keeps to the limits, as the other does', () => {
    const text = '{"a": [1, [2]]}';
    expect(isReadAlike(text, { ...defaultLimits, maxDepth: 3, maxNodes: 5 })).toBe(true);
    expect(isReadAlike(text, { ...defaultLimits, maxDepth: 2 })).toBe(false);
    expect(isReadAlike(text, { ...defaultLimits, maxNodes: 4 })).toBe(false);
    expect(readAnyJson(text, { ...defaultLimits, maxDepth: 3, maxNodes: 5 }).findings).toEqual([]);
    expect(readAnyJson(text, { ...defaultLimits, maxDepth: 2 }).findings).toHaveLength(1);
    expect(readAnyJson(text, { ...defaultLimits, maxNodes: 4 }).findings).toHaveLength(1);
    expect(isReadAlike('['.repeat(5000), { ...defaultLimits, maxDepth: 10_000 })).toBe(false);
  });

  it('reads megabytes in one string', () => {
    const text = JSON.stringify({ a: 'x'.repeat(4_000_000), b: '\n"'.repeat(1_000_000) });
    expect(readCleanJson(text, defaultLimits)?.root?.kind).toBe('mapping');
  });

  it('reads alike whatever JSON there is, well written or not', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        expect(isReadAlike(JSON.stringify(value, null, indent))).toBe(true);
      }),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? 1000) },
    );
  });

  it('reads alike what somebody has changed by hand', () => {
    const change = fc.record({
      at: fc.nat(),
      length: fc.nat(3),
      text: fc.oneof(
        fc.constantFrom(
          '"',
          '\\',
          ',',
          '{',
          '}',
          '[',
          ']',
          ':',
          '//',
          '\n',
          '\t',
          ' ',
          '0',
          '-',
          'e',
          '\\u0041',
          'null',
        ),
        fc.string({ maxLength: 3 }),
      ),
    });
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(change, { minLength: 1, maxLength: 3 }), (value, changes) => {
        let text = JSON.stringify(value, null, 1);
        for (const { at, length, text: put } of changes) {
          const from = at % (text.length + 1);
          text = text.slice(0, from) + put + text.slice(from + length);
        }
        expect(() => isReadAlike(text)).not.toThrow();
      }),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? 2000) },
    );
  });
});
