import { applyEdits, doEditsCollide } from '../document/apply-edits.ts';
import type { Edit, Problem } from '../problem/problem.ts';
import { lintText, type LintedText, type LintOptions } from './lint-text.ts';

export interface FixOptions extends LintOptions {
  /** Also the fixes that are guesses. */
  readonly includeUnsafe: boolean;
}

export interface FixedText extends LintedText {
  /** Problems that were mended. */
  readonly fixed: number;
}

/** Fixes uncover each other (a comma first, then what stands behind it); more rounds than this is a loop. */
const mostRounds = 10;

/**
 * Applies fixes until nothing is left to fix. A round that would not make the text better (as many problems or more) is
 * not taken, so a fix can never do harm.
 */
export function fixText(linted: LintedText, options: FixOptions): FixedText {
  let current = linted;
  for (let round = 0; round < mostRounds; round += 1) {
    const edits = chooseEdits(current.problems, options.includeUnsafe);
    if (edits.length === 0) break;
    const next = lintText(applyEdits(current.text, edits), options);
    if (next.problems.length >= current.problems.length && !uncoversMore(current, next)) break;
    current = next;
  }
  return { ...current, fixed: Math.max(0, linted.problems.length - current.problems.length) };
}

/** After a mended syntax error the rest is read for the first time, and may well hold more than was known. */
function uncoversMore(before: LintedText, after: LintedText): boolean {
  return countSyntaxErrors(after) < countSyntaxErrors(before);
}

function countSyntaxErrors({ problems }: LintedText): number {
  return problems.filter(({ rule }) => rule === 'syntax').length;
}

/** Whole fixes only: one that collides with an earlier one waits for the next round. */
function chooseEdits(problems: readonly Problem[], includeUnsafe: boolean): Edit[] {
  const chosen: Edit[] = [];
  for (const { fix } of problems) {
    if (fix === undefined || (!fix.safe && !includeUnsafe)) continue;
    if (!doEditsCollide(fix.edits, chosen)) chosen.push(...fix.edits);
  }
  return chosen;
}
