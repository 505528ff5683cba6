import type { Finding, Severity } from '../problem/problem.ts';
import { compareProblems } from '../problem/problem.ts';
import type { LintedText } from './lint-text.ts';
import { toFinding } from './rule.ts';
import { rules } from './rules/index.ts';
import { toProblems } from './to-problems.ts';

export interface LintedInput {
  readonly linted: LintedText;
  /** With which it was linted. */
  readonly severities?: ReadonlyMap<string, Severity | 'off'> | undefined;
}

/** The texts of one run, in the same order, with what only shows when they are looked at together. */
export function lintRun(inputs: readonly LintedInput[]): LintedText[] {
  const instances = inputs.flatMap(({ linted }) => linted.instances);
  const findings = new Map(instances.map((instance): [object, Finding[]] => [instance, []]));
  for (const rule of rules) {
    for (const { instance, ...report } of rule.checkRun?.(instances) ?? []) {
      const { spoils: _spoils, ...finding } = toFinding(rule, report);
      findings.get(instance)?.push(finding);
    }
  }
  return inputs.map(({ linted, severities }) => {
    const own = linted.instances
      .flatMap((instance) => findings.get(instance) ?? [])
      .filter((finding) => !linted.suppressions.hides(finding, undefined));
    if (own.length === 0) return linted;
    const problems = [...linted.problems, ...toProblems(own, linted.secrets, severities)];
    return { ...linted, problems: problems.sort(compareProblems) };
  });
}
