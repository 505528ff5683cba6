import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Syntax } from '../../src/document/source-document.ts';
import { fixText } from '../../src/lint/fix-text.ts';
import { lintText } from '../../src/lint/lint-text.ts';

const seed = join(import.meta.dirname, '../../fixtures/seed');
const samples: readonly string[] = [
  readFileSync(join(seed, 'instance-example.json'), 'utf8'),
  readFileSync(join(seed, 'instance-template.json'), 'utf8'),
  `# one tenant
name: acme
element: {key: sageone}
configuration: &all
  event.poller.refresh_interval: "15"
  event.notification.callback.url: http://example.com/callback
  event.poller.configuration:
    customers: &one
      url: "/hubs/finance/customers?where=updated_at>='\${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'"
      idField: id
      datesConfiguration:
        updatedDateField: updated_at
        updatedDateFormat: yyyy-mm-dd'T'HH:mm:ss'Z'
    vendors:
      <<: *one
      url: >-
        /hubs/finance/vendors?where=updated_at>='\${date:yyyy-MM-dd}
`,
];

interface Change {
  readonly kind: 'delete' | 'insert' | 'duplicate' | 'swap' | 'drop-line' | 'copy-line';
  /** Parts of the whole, from 0 to 1. */
  readonly at: number;
  readonly to: number;
  readonly text: string;
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('delete', 'insert', 'duplicate', 'swap', 'drop-line', 'copy-line'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  to: fc.double({ min: 0, max: 1, noNaN: true }),
  text: fc.oneof(
    fc.constantFrom(
      '"',
      "'",
      '\\',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '\n',
      ' ',
      '&a ',
      '*one',
      '${',
      '}',
      '\0',
      '\uFEFF',
      '\uD800',
      '<<: *all\n',
      '# sagecfg-disable-next-line\n',
      '\t',
      '\r',
    ),
    fc.string({ maxLength: 4 }),
  ),
});

function apply(text: string, { kind, at, to, text: inserted }: Change): string {
  if (kind === 'drop-line' || kind === 'copy-line') return changeLine(text, kind, at, to);
  const start = Math.floor(at * text.length);
  const end = Math.min(text.length, start + Math.floor(to * 12));
  const part = text.slice(start, end);
  if (kind === 'insert') return text.slice(0, start) + inserted + text.slice(start);
  if (kind === 'duplicate') return text.slice(0, end) + part + text.slice(end);
  const changed = kind === 'swap' ? part.split('').reverse().join('') : '';
  return text.slice(0, start) + changed + text.slice(end);
}

function changeLine(text: string, kind: 'drop-line' | 'copy-line', at: number, to: number): string {
  const lines = text.split('\n');
  const index = Math.floor(at * (lines.length - 1));
  const [line = ''] = kind === 'drop-line' ? lines.splice(index, 1) : lines.slice(index, index + 1);
  if (kind === 'copy-line') lines.splice(Math.floor(to * lines.length), 0, line);
  return lines.join('\n');
}

const mutated = fc
  .tuple(fc.constantFrom(...samples), fc.array(change, { minLength: 1, maxLength: 6 }))
  .map(([sample, changes]) => changes.reduce(apply, sample));

const anything = fc.oneof({ weight: 4, arbitrary: mutated }, fc.string({ unit: 'binary', maxLength: 200 }));
const syntax = fc.constantFrom<Syntax | undefined>(undefined, 'yaml', 'json');

/**
 * More by hand: `FUZZ_RUNS=100000`, with another seed each time, which is printed; so is the smallest text that fails. In the
 * suite always the same: what it finds is to stop whoever brought it in, and nobody else.
 */
const { FUZZ_RUNS, FUZZ_SEED } = process.env;
const runs = Number(FUZZ_RUNS ?? 1_000);
const seedOfRun = Number(FUZZ_SEED ?? (FUZZ_RUNS === undefined ? 1 : Math.floor(Math.random() * 2 ** 31)));
if (FUZZ_RUNS !== undefined) console.info(`FUZZ_SEED=${seedOfRun}`);

describe('any text at all', () => {
  it('gives problems inside the text, and fixes that are done in one go and make nothing worse', () => {
    let fixed = 0;
    fc.assert(
      fc.property(anything, syntax, fc.boolean(), (text, as, includeUnsafe) => {
        const options = as === undefined ? {} : { syntax: as };
        const before = lintText(text, options);
        for (const { range } of before.problems) {
          expect(range.start).toBeGreaterThanOrEqual(0);
          expect(range.end).toBeGreaterThanOrEqual(range.start);
          expect(range.end).toBeLessThanOrEqual(Math.max(text.length, 1));
        }
        const after = fixText(before, { ...options, includeUnsafe });
        if (after.text === text) return;
        fixed += 1;
        // A mended syntax error, or date pattern, lets the rest be read for the first time.
        const isReadFurther = before.problems.some(
          ({ rule }) => rule === 'syntax' || rule === 'invalid-date-pattern',
        );
        expect(isReadFurther || after.problems.length < before.problems.length).toBe(true);
        const again = fixText(lintText(after.text, options), { ...options, includeUnsafe });
        expect(again.text).toBe(after.text);
      }),
      { numRuns: runs, seed: seedOfRun },
    );
    // Without fixes the second half would prove nothing.
    expect(fixed).toBeGreaterThan(runs / 100);
  });
});
