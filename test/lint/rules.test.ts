import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixText } from '../../src/lint/fix-text.ts';
import { lintRun } from '../../src/lint/lint-run.ts';
import { lintText, type LintOptions } from '../../src/lint/lint-text.ts';
import type { Rule, RuleExample } from '../../src/lint/rule.ts';
import { rules } from '../../src/lint/rules/index.ts';
import type { Problem } from '../../src/problem/problem.ts';
import { documentKinds } from '../../src/schema/document-kind.ts';

const source = resolve(import.meta.dirname, '../../src');
const ids = rules.map(({ id }) => id);
/** Bytes that are not UTF-8 cannot be shown in an example. */
const withoutExamples = new Set(['invalid-encoding']);

describe('the folder of rules', () => {
  it('registers every file under its own name', () => {
    const files = readdirSync(join(source, 'lint/rules')).filter((file) => file !== 'index.ts');
    expect(files.map((file) => file.replace(/\.ts$/, ''))).toEqual(ids);
    expect(ids.filter((id) => !/^[a-z]+(?:-[a-z0-9]+)*$/.test(id))).toEqual([]);
  });

  it('is the only list of rules', () => {
    const listing = listFiles(source).filter((file) => {
      const text = readFileSync(file, 'utf8');
      return ids.filter((id) => id.includes('-') && text.includes(`'${id}'`)).length > ids.length / 4;
    });
    expect(listing).toEqual([]);
  });
});

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  it('says what it finds and why that matters', () => {
    expect(rule.summary).toMatch(/^[a-z'"`].*[^.]$/);
    expect(rule.why).toMatch(/\.$/);
    expect(rule.examples.length > 0).toBe(!withoutExamples.has(id));
  });

  it.each(rule.examples.map((example) => [example.says.join(' / '), example] as const))(
    'says %j',
    (_says, example) => {
      const problems = problemsOf(example.bad, alone(rule, example));
      expect(problems.map(({ message }) => message)).toEqual(example.says);
      for (const { message, range } of problems) {
        expect(message).not.toMatch(/\n|undefined|\.$/);
        expect(range.start).toBeLessThanOrEqual(range.end);
        expect(range.end).toBeLessThanOrEqual(example.bad.length);
      }
    },
  );

  it.each(rule.examples.map((example) => [example.good, example] as const))(
    'is silent on %j',
    (good, example) => {
      expect(problemsOf(good, alone(rule, example))).toEqual([]);
    },
  );

  it.runIf(rule.fixable === true)('turns an example into its repair, and then leaves it alone', () => {
    const mended = rule.examples.filter((example) => {
      const once = fix(example.bad, rule, example);
      return once === example.good && fix(once, rule, example) === once;
    });
    expect(mended.length).toBeGreaterThan(0);
  });

  it('offers no fix that is not declared, and none that changes nothing', () => {
    const offering = rule.examples.filter((example) =>
      lintText(example.bad, alone(rule, example)).problems.some((problem) => problem.fix !== undefined),
    );
    expect(offering.length > 0).toBe(rule.fixable === true);
    expect(offering.filter((example) => fix(example.bad, rule, example) === example.bad)).toEqual([]);
  });
});

function alone({ id }: Rule, { kind }: RuleExample): LintOptions {
  const forced = documentKinds.find((known) => known === kind);
  return {
    severities: new Map(ids.filter((other) => other !== id).map((other) => [other, 'off'])),
    ...(forced && { kind: forced }),
  };
}

function problemsOf(text: string, options: LintOptions): readonly Problem[] {
  const { severities } = options;
  return lintRun([{ linted: lintText(text, options), severities }]).flatMap(({ problems }) => problems);
}

function fix(text: string, rule: Rule, example: RuleExample): string {
  const options = alone(rule, example);
  return fixText(lintText(text, options), { ...options, includeUnsafe: true }).text;
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}
