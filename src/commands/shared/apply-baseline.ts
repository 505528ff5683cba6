import { existsSync } from 'node:fs';
import type { Io } from '../../io.ts';
import { findStale, hiddenIn, type Baseline, type CheckedAgain } from '../../lint/baseline.ts';
import { needsWholeRun } from '../../lint/lint-run.ts';
import { toCheckedFile, type CheckedFile } from '../../report/report.ts';
import type { BaselineFile } from './baseline-file.ts';
import type { Outcome } from './fix-files.ts';
import { shellWord } from './shell-word.ts';

export interface BaselinedFiles {
  /** Without what the baseline hides. */
  readonly files: readonly CheckedFile[];
  /** Entries whose problem is gone. */
  readonly stale: Baseline;
}

export function applyBaseline(outcomes: readonly Outcome[], baseline: BaselineFile): BaselinedFiles {
  const files = outcomes.map((outcome) => checkOutcome(outcome, baseline));
  const entries = baseline.entries ?? [];
  if (entries.length === 0) return { files: files.map(({ checked }) => checked), stale: [] };
  return {
    files: files.map(({ checked, again }) => withoutHidden(checked, hiddenIn(entries, again.file))),
    stale: findStale(
      entries,
      files.map(({ again }) => again),
      (file) => existsSync(baseline.pathOf(file)),
    ),
  };
}

/** A file as reports show it, and as the baseline judges it. */
export function checkOutcome(
  { file, text }: Outcome,
  { identityOf }: BaselineFile,
): { readonly checked: CheckedFile; readonly again: CheckedAgain } {
  // Asked for only where there is a baseline, or a report shows fingerprints.
  const identity = (): string => identityOf(file.input);
  const checked = toCheckedFile(file.input.name, text, identity);
  // With other files beside it, the run may well find it again.
  const hasRun = (rule: string): boolean =>
    file.options.severities?.get(rule) !== 'off' && !needsWholeRun(rule);
  const named = () =>
    checked.problems.map((problem) => ({ rule: problem.rule, fingerprint: checked.fingerprintOf(problem) }));
  return {
    checked,
    again: {
      get file() {
        return identity();
      },
      get problems() {
        return named();
      },
      hasRun,
    },
  };
}

function withoutHidden(checked: CheckedFile, hidden: ReadonlySet<string>): CheckedFile {
  const problems = checked.problems.filter((problem) => !hidden.has(checked.fingerprintOf(problem)));
  return { ...checked, problems, baselined: checked.problems.length - problems.length };
}

/** Says on standard error what has to leave the baseline. */
export function reportStale(stale: Baseline, { name }: BaselineFile, io: Io): void {
  if (stale.length === 0) return;
  const byPlace = Map.groupBy(stale, ({ file, rule }) => `  ${file}: ${rule}`);
  for (const [place, { length }] of byPlace)
    io.stderr.write(`${place}${length > 1 ? ` (${length} times)` : ''}\n`);
  const what = stale.length === 1 ? 'this problem of' : `these ${stale.length} problems of`;
  io.stderr.write(
    `sagecfg: ${what} ${shellWord(name)} must leave it, or would come back unseen: sagecfg baseline --prune\n`,
  );
}
