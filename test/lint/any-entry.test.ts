import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fixText } from '../../src/lint/fix-text.ts';
import { lintText } from '../../src/lint/lint-text.ts';

/** What URLs and patterns are made of, in any order. */
const scraps = [
  "/ ? where = > >= ' '' \" ` & ( ) , %20 { } ${ $< $ < :",
  'date gmtDate gmtdate dateTimeZone now epoch milliseconds s ms updated orderBy IN',
  "yyyy YYYY MM mm dd DD HH hh ss SSS SSSSSS XXX Z 'T' 'Z' - .",
  'EST GMT -8:00 America/Denver +00:00 2020-01-01 1488319889000 é 😀 \\',
].flatMap((line) => line.split(' '));
const scrap = fc.constantFrom(...scraps, ' ', '\n', '\t', ' and ', ' or ');
const text = fc.array(scrap, { maxLength: 14 }).map((parts) => parts.join(''));
const entry = fc.record({
  url: fc.oneof(
    text,
    text.map((pattern) => `/a?where=u>'\${gmtDate:${pattern}}'`),
  ),
  idField: fc.constant('id'),
  datesConfiguration: fc.record(
    {
      updatedDateField: text,
      updatedDateFormat: text,
      updatedDateTimezone: text,
      createdDateField: text,
      createdDateFormat: text,
      createdDateTimezone: text,
    },
    { requiredKeys: [] },
  ),
});
const options = { kind: 'poller-configuration' } as const;

it('of any shape is judged in one line a problem, at a place that exists', () => {
  fc.assert(
    fc.property(entry, (contacts) => {
      const source = JSON.stringify({ contacts });
      for (const { range, message } of lintText(source, options).problems) {
        expect(message).not.toMatch(/\n|\bundefined\b/);
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeGreaterThanOrEqual(range.start);
        expect(range.end).toBeLessThanOrEqual(source.length);
      }
    }),
    { numRuns: 500, seed: 1 },
  );
});

it('of any shape is never made worse by a fix, and is done after one round of fixing', () => {
  fc.assert(
    fc.property(entry, fc.boolean(), (contacts, includeUnsafe) => {
      const before = lintText(JSON.stringify({ contacts }), options);
      const after = fixText(before, { ...options, includeUnsafe });
      expect(() => JSON.parse(after.text) as unknown).not.toThrow();
      expect(fixText(after, { ...options, includeUnsafe }).text).toBe(after.text);
      expect(errorsIn(after)).toBeLessThanOrEqual(errorsIn(before));
    }),
    { numRuns: 500, seed: 2 },
  );
});

function errorsIn({ problems }: ReturnType<typeof lintText>): number {
  return problems.filter(({ severity }) => severity === 'error').length;
}
