import type { Finding, Severity } from '../problem/problem.ts';
import { rules } from './rules/index.ts';

/** How many problems of one file are kept, so that a file of millions neither fills the memory nor takes minutes. */
export interface Quota {
  /** Counts a finding; false when its rule has had enough of them. */
  readonly admits: (finding: Finding) => boolean;
  /** Nothing that a rule finds from here on would be kept. */
  readonly isSpent: (rule: string) => boolean;
  /** Some rule found more than is kept. */
  readonly isAnySpent: () => boolean;
  /** So much is wrong that the rest of the file need not be read. */
  readonly isOver: () => boolean;
  /** One for each rule with more problems than are kept, where the first of these stands. */
  readonly overflow: () => readonly Finding[];
}

/** More of one rule than anybody mends before looking again. */
export const mostOfARule = 10_000;
const mostRules = 2;

export function createQuota(
  most: number,
  severities: ReadonlyMap<string, Severity | 'off'> = new Map(),
): Quota {
  const counts = new Map<string, number>();
  const overflow = new Map<string, Finding>();
  let total = 0;
  return {
    admits: (finding) => {
      const count = (counts.get(finding.rule) ?? 0) + 1;
      if (count > most) {
        if (!overflow.has(finding.rule)) overflow.set(finding.rule, tooMany(finding, most, severities));
        return false;
      }
      counts.set(finding.rule, count);
      total += 1;
      return true;
    },
    isSpent: (rule) => overflow.has(rule),
    isAnySpent: () => overflow.size > 0,
    isOver: () => total > mostRules * most,
    overflow: () =>
      [...overflow].flatMap(([rule, finding]) => (severities.get(rule) === 'off' ? [] : [finding])),
  };
}

/** As bad as what it stands for, so that it makes no run fail that would have passed. */
function tooMany(
  { rule, severity, range, pointer }: Finding,
  most: number,
  severities: ReadonlyMap<string, Severity | 'off'>,
): Finding {
  const own = severities.get(rule) ?? severity ?? rules.find(({ id }) => id === rule)?.severity ?? 'error';
  return {
    rule: 'too-large',
    ...(own !== 'off' && { severity: own }),
    message: `more than ${most} problems of the rule "${rule}": those from here on are not counted`,
    help: 'Mend what is listed and look again, or use --max-problems 0, which counts and lists all.',
    range,
    pointer,
  };
}

export function notChecked(range: Finding['range'], pointer: string): Finding {
  return {
    rule: 'too-large',
    message: 'so much is wrong with this file that the rest of it was not checked',
    help: 'Mend what is listed and look again, or use --max-problems 0, which checks all of it.',
    range,
    pointer,
  };
}
