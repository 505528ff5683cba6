import { applyEdits, doEditsCollide } from '../document/apply-edits.ts';
import { severities, type Edit, type Fix, type Problem, type Severity } from '../problem/problem.ts';
import { lintText, type LintedText, type LintOptions } from './lint-text.ts';

export interface FixOptions extends LintOptions {
  /** Also the fixes that are guesses. */
  readonly includeUnsafe: boolean;
}

export interface FixedText extends LintedText {
  /** Fixes that were applied. */
  readonly fixed: number;
}

/** Fixes uncover each other (a comma first, then what stands behind it); more rounds than this is a loop. */
const mostRounds = 10;

/** YAML tells one syntax error at a time, and the next round costs as much as the first. */
const mostCharacters = 20_000_000;

/**
 * Applies fixes until nothing is left to fix. A round that would not make the text better is not taken, so a fix can
 * never do harm.
 */
export function fixText(linted: LintedText, options: FixOptions): FixedText {
  let current = linted;
  let fixed = 0;
  const most = Math.max(mostRounds, Math.min(1_000, mostCharacters / linted.text.length));
  for (let round = 0; round < most; round += 1) {
    const fixes = chooseFixes(current.problems, options.includeUnsafe);
    if (fixes.length === 0) break;
    const edits = fixes.flatMap((fix) => fix.edits);
    const next = lintText(applyEdits(current.text, edits), options);
    if (!isBetter(current, next) && !uncoversMore(current, next)) break;
    current = next;
    fixed += fixes.length;
  }
  return { ...current, fixed };
}

/** Fewer errors count first: a mended URL may show for the first time that it has no filter, which is only a warning. */
function isBetter(before: LintedText, after: LintedText): boolean {
  for (const severity of severities) {
    const [was, is] = [before, after].map(({ problems }) => countOf(problems, severity));
    if (was !== is) return (is ?? 0) < (was ?? 0);
  }
  return false;
}

function countOf(problems: readonly Problem[], severity: Severity): number {
  return problems.filter((problem) => problem.severity === severity).length;
}

/** After a mended syntax error the rest is read for the first time, and may well hold more than was known. */
function uncoversMore(before: LintedText, after: LintedText): boolean {
  const [was, is] = [before, after].map(syntaxErrors);
  if (is === undefined || was === undefined) return false;
  if (readsMorePatterns(before, after)) return true;
  return is.count < was.count || (is.count === was.count && is.behindFirst < was.behindFirst);
}

/** The same of a date pattern, whose letters are only judged once Java would take it. */
function readsMorePatterns(before: LintedText, after: LintedText): boolean {
  const [was, is] = [before, after].map(({ problems }) => {
    const unread = problems.filter(({ rule }) => rule === 'invalid-date-pattern').length;
    return { unread, errors: countOf(problems, 'error') };
  });
  return is !== undefined && was !== undefined && is.unread < was.unread && is.errors <= was.errors;
}

/** How many, and how much text stands behind the first: with each that is mended, less. */
function syntaxErrors({ problems, text }: LintedText): {
  readonly count: number;
  readonly behindFirst: number;
} {
  const errors = problems.filter(({ rule }) => rule === 'syntax');
  return { count: errors.length, behindFirst: text.length - (errors[0]?.range.start ?? text.length) };
}

/** Whole fixes only: one that collides with an earlier one waits for the next round. */
function chooseFixes(problems: readonly Problem[], includeUnsafe: boolean): Fix[] {
  const chosen: Fix[] = [];
  const edits: Edit[] = [];
  for (const { fix } of problems) {
    if (fix === undefined || (!fix.safe && !includeUnsafe)) continue;
    if (!doEditsCollide(fix.edits, edits)) {
      chosen.push(fix);
      edits.push(...fix.edits);
    }
  }
  return chosen;
}
