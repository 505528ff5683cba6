import { compareProblems, type Finding, type Problem, type Severity } from '../problem/problem.ts';
import type { Rule, RuleFinding } from './rule.ts';
import { rules } from './rules/index.ts';
import { withoutSecrets, type Secrets } from './secrets.ts';

const ruleById = new Map(rules.map((rule): [string, Rule] => [rule.id, rule]));

/** Findings with their severities, in the order of the text, none twice. */
export function toProblems(
  findings: readonly Finding[],
  secrets: Secrets,
  severities: ReadonlyMap<string, Severity | 'off'> = new Map(),
): Problem[] {
  const seen = new Set<string>();
  return findings
    .flatMap((finding): Problem[] => {
      const severity =
        severities.get(finding.rule) ?? finding.severity ?? ruleById.get(finding.rule)?.severity ?? 'error';
      // What came in through an alias is found once for each use, at the same place.
      const { rule, range, message } = finding;
      const identity = `${rule} ${range.start} ${range.end} ${message}`;
      if (severity === 'off' || seen.has(identity)) return [];
      seen.add(identity);
      const told = withoutSecrets(finding, secrets);
      return [{ ...told, message: shortened(onOneLine(told.message)), severity }];
    })
    .sort(compareProblems);
}

/** A value that a message quotes may have line breaks of its own. */
function onOneLine(message: string): string {
  return message.replaceAll('\r', String.raw`\r`).replaceAll('\n', String.raw`\n`);
}

/** A value may be a megabyte, and a message quotes it. */
function shortened(message: string): string {
  return message.length > longestMessage ? `${message.slice(0, 400)} … ${message.slice(-200)}` : message;
}

const longestMessage = 1000;

/** The findings of one document without those that only follow from another one. */
export function withoutSuperseded(findings: readonly RuleFinding[]): Finding[] {
  const strong = Map.groupBy(findings.filter(supersedes), ({ pointer }) => pointer);
  const byPointer = new Map([...strong].map(([pointer, group]) => [pointer, onePerKind(group)]));
  const spoilers = new Map(
    findings.flatMap((finding) =>
      (finding.spoils ?? []).map((whole): [string, RuleFinding] => [whole, finding]),
    ),
  );
  return findings.flatMap((known) => {
    const { spoils: _spoils, ...finding } = known;
    const { pointer } = finding;
    const isMoot =
      isSpoilt(known, spoilers) || (byPointer.get(pointer) ?? []).some((other) => outranks(other, finding));
    return isMoot ? [] : [finding];
  });
}

/** Errors of one rule spoil the same, so that a key which stands ten thousand times is not held against itself. */
function onePerKind(group: readonly RuleFinding[]): readonly RuleFinding[] {
  const seen = new Set<string>();
  return group.filter((finding) => {
    if (!isError(finding)) return true;
    return !seen.has(finding.rule) && seen.add(finding.rule);
  });
}

/** Said of something that another finding spoils, or of what is below it. */
function isSpoilt(finding: RuleFinding, spoilers: ReadonlyMap<string, RuleFinding>): boolean {
  if (spoilers.size === 0) return false;
  const { pointer } = finding;
  for (let end = pointer.length; end > 0; end = pointer.lastIndexOf('/', end - 1)) {
    const spoiler = spoilers.get(pointer.slice(0, end));
    if (spoiler !== undefined && spoiler !== finding) return true;
  }
  return false;
}

function supersedes({ rule }: Finding): boolean {
  return ruleById.get(rule)?.supersedes === true;
}

/** Of two findings that supersede, an error (a placeholder) leaves a warning (what else is wrong with the key) pointless. */
function outranks(other: Finding, finding: Finding): boolean {
  if (other.rule === finding.rule || !covers(other, finding)) return false;
  return !supersedes(finding) || (isError(other) && !isError(finding));
}

/** An error spoils its whole value; anything milder (a placeholder in a vendor's default) only what it covers. */
function covers(finding: Finding, { range: other }: Finding): boolean {
  const { range } = finding;
  return isError(finding) || (range.start <= other.start && other.end <= range.end);
}

function isError({ rule, severity }: Finding): boolean {
  return (severity ?? ruleById.get(rule)?.severity) === 'error';
}
