import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixText } from '../../src/lint/fix-text.ts';
import { lintText } from '../../src/lint/lint-text.ts';
import type { Severity } from '../../src/problem/problem.ts';

/** Entries as they stand in public: the documentation of the platform and what vendors ship. */
const corpus = resolve(import.meta.dirname, '../../../shared/corpus/entries.jsonl');

/** Entries of our own, one for each kind of mistake: what stands in each, and what is to be said of it. */
const classes = resolve(import.meta.dirname, '../../fixtures/lint/entries.jsonl');

interface CorpusEntry {
  readonly kind: string;
  readonly element: string;
  readonly resource: string;
  readonly entry: object;
}

interface ClassEntry {
  readonly name: string;
  readonly entry: object;
  /** `severity rule` of what is said of its URL and its dates, in the order of the text. */
  readonly says: readonly string[];
}

describe.runIf(existsSync(corpus))('entries found in public', () => {
  const entries = (existsSync(corpus) ? readLines(corpus) : []) as readonly CorpusEntry[]; // it is a file of ours

  it('has no error in what a vendor ships', () => {
    const wrong = entries
      .filter(({ kind }) => kind === 'vendor default')
      .flatMap((entry) => problemsOf(entry).filter(({ severity }) => severity === 'error'));
    expect(wrong).toEqual([]);
  });

  it('has an error wherever a quote is open or a variable unknown', () => {
    const silent = entries.filter((entry) => isBroken(entry) && !hasError(entry));
    expect(silent).toEqual([]);
    expect(entries.filter(isBroken).length).toBeGreaterThan(2);
  });

  it('has an error only there', () => {
    expect(entries.filter((entry) => hasError(entry) && !isBroken(entry))).toEqual([]);
  });
});

describe('entries of our own', () => {
  const entries = readLines(classes) as readonly ClassEntry[]; // it is a file of ours

  it.each(entries.map((entry) => [entry.name, entry] as const))('%s', (_name, { entry, says }) => {
    const { problems } = lintText(JSON.stringify({ contacts: entry }), { kind: 'poller-configuration' });
    const about = problems.filter(({ pointer }) => /\/(?:url|\w+Date(?:Format|Timezone))$/.test(pointer));
    expect(about.map(({ severity, rule }) => `${severity} ${rule}`)).toEqual(says);
  });

  it.each(entries.map((entry) => [entry.name, entry] as const))(
    'leaves nothing to mend in %s, once it is mended',
    (_name, { entry }) => {
      const options = { kind: 'poller-configuration' } as const;
      const linted = lintText(JSON.stringify({ contacts: entry }), options);
      for (const includeUnsafe of [false, true]) {
        const once = fixText(linted, { ...options, includeUnsafe });
        const left = once.problems.filter(({ fix }) => fix?.safe === true || (fix && includeUnsafe));
        expect(left).toEqual([]);
        const errors = [once, linted].map(({ problems }) => problems.filter(isError).length);
        expect(errors[0]).toBeLessThanOrEqual(errors[1] ?? 0);
      }
    },
  );
});

function hasError(entry: CorpusEntry): boolean {
  return problemsOf(entry).some(isError);
}

function isError({ severity }: { readonly severity: Severity }): boolean {
  return severity === 'error';
}

/** Told from the text alone, by other means than the rules have. */
function isBroken({ entry }: CorpusEntry): boolean {
  const text = JSON.stringify(entry);
  const strings = [...text.matchAll(/"(?:[^"\\]|\\.)*"/g)].map(([string]) => string);
  return strings.some((string) => string.split("'").length % 2 === 0) || /\$\{\d/.test(text);
}

function problemsOf({
  element,
  resource,
  entry,
}: CorpusEntry): readonly { readonly severity: Severity; readonly rule: string; readonly message: string }[] {
  const configuration = {
    'event.notification.enabled': true,
    'event.notification.callback.url': 'https://app.example.com/events',
    'oauth.api.key': '${env:ID}',
    'oauth.api.secret': '${env:SECRET}',
    'oauth.callback.url': 'https://app.example.com',
    'event.poller.configuration': { [resource]: entry },
  };
  const { problems } = lintText(JSON.stringify({ element: { key: element }, configuration }));
  return problems.map(({ severity, rule, message }) => ({ severity, rule, message }));
}

function readLines(path: string): unknown[] {
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return lines.map((line): unknown => JSON.parse(line));
}
