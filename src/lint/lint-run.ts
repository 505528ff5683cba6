import type { Finding, Severity } from '../problem/problem.ts';
import { compareProblems } from '../problem/problem.ts';
import type { LintedText } from './lint-text.ts';
import type { Load } from './poll-load.ts';
import { toFinding, type FileOf, type Rule } from './rule.ts';
import { rules } from './rules/index.ts';
import { toProblems } from './to-problems.ts';

export interface LintedInput {
  /** As reports name it. */
  readonly name?: string | undefined;
  readonly linted: LintedText;
  /** With which it was linted. */
  readonly severities?: ReadonlyMap<string, Severity | 'off'> | undefined;
}

/** What one file shows says nothing of such a rule. */
export function needsWholeRun(rule: string): boolean {
  return rules.some(({ id, checkRun }: Rule) => id === rule && checkRun !== undefined);
}

/** The texts of one run, in the same order, with what only shows when they are looked at together. */
export function lintRun(inputs: readonly LintedInput[]): LintedText[] {
  const loads = inputs.flatMap(({ linted }) => linted.loads);
  const fileOf = filesOf(inputs);
  const findings = new Map<Load, Finding[]>();
  for (const rule of rules) {
    for (const { load, ...report } of rule.checkRun?.(loads, fileOf) ?? []) {
      const { spoils: _spoils, ...finding } = toFinding(rule, report);
      findings.set(load, [...(findings.get(load) ?? []), finding]);
    }
  }
  if (findings.size === 0) return inputs.map(({ linted }) => linted);
  return inputs.map(({ linted, severities }) => {
    const own = linted.loads
      .flatMap((load) => findings.get(load) ?? [])
      .filter((finding) => !linted.suppressions.hides(finding, undefined));
    if (own.length === 0) return linted;
    const problems = [...linted.problems, ...toProblems(own, linted.secrets, severities)];
    return { ...linted, problems: problems.sort(compareProblems) };
  });
}

/** Looked up only once somebody asks. */
function filesOf(inputs: readonly LintedInput[]): FileOf {
  let files: ReadonlyMap<Load, string | undefined> | undefined;
  return (load) => {
    files ??= new Map(
      inputs.flatMap(({ linted, name }) => linted.loads.map((each) => [each, name] as const)),
    );
    return files.get(load);
  };
}
