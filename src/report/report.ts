import type { LintedText } from '../lint/lint-text.ts';
import { fingerprintsOf } from '../lint/fingerprint.ts';
import type { Problem, Range } from '../problem/problem.ts';

/** One input with what was found in it. */
export interface CheckedFile {
  readonly name: string;
  readonly text: string;
  /** What a report lists. */
  readonly problems: readonly Problem[];
  /** Problems that count all the same, see `listWorst`. */
  readonly unlisted: readonly Problem[];
  /** The same in every format and in the baseline, whatever else is reported; stays while lines move. */
  readonly fingerprintOf: (problem: Problem) => string;
  /** Problems that a baseline hides. */
  readonly baselined: number;
  /** Parts of the text that no output may show. */
  readonly secretRanges: readonly Range[];
}

/** `identity` gives the name of the file for fingerprints, where it is not the one that is shown. */
export function toCheckedFile(
  name: string,
  { text, problems, secrets }: Pick<LintedText, 'text' | 'problems' | 'secrets'>,
  identity: () => string = () => name,
): CheckedFile {
  // Of a text without a problem nothing is shown, and nobody need know what is secret in it.
  const reported = problems.map((problem) => withoutSecretFix(problem, secrets.texts));
  // Most formats show none: not even the module that hashes is loaded then.
  let fingerprints: ((problem: Problem) => string) | undefined;
  return {
    name,
    text,
    problems: reported,
    unlisted: [],
    fingerprintOf: (problem) => {
      fingerprints ??= fingerprintsOf(identity(), reported);
      return fingerprints(problem);
    },
    baselined: 0,
    secretRanges: problems.length === 0 ? [] : secrets.ranges,
  };
}

/** A fix that would write a secret works all the same, but no report may show it. */
function withoutSecretFix(problem: Problem, secrets: readonly string[]): Problem {
  const isTelling = problem.fix?.edits.some(({ text }) => secrets.some((secret) => text.includes(secret)));
  if (isTelling !== true) return problem;
  const { fix: _fix, ...rest } = problem;
  return rest;
}

export interface Summary {
  readonly files: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  /** Problems with a safe fix. */
  readonly fixable: number;
  /** Problems that count, but are too many to be listed. */
  readonly unlisted: number;
  /** Problems that a baseline hides; the other counts are without them. */
  readonly baselined: number;
}

export interface ReportOptions {
  readonly colour: boolean;
  /** Whether the output is a terminal that makes links of its own escape sequences. */
  readonly links: boolean;
  /** Columns that a line may take. */
  readonly width: number;
  readonly toolVersion: string;
}

/** A format is one file of this folder, which default-exports one of these; its name is the file's. */
export type Format = (files: readonly CheckedFile[], options: ReportOptions) => string;

export function summarize(files: readonly CheckedFile[]): Summary {
  const problems = files.flatMap((file) => [...file.problems, ...file.unlisted]);
  const count = (severity: Problem['severity']): number =>
    problems.filter((problem) => problem.severity === severity).length;
  return {
    files: files.length,
    errors: count('error'),
    warnings: count('warning'),
    infos: count('info'),
    fixable: problems.filter((problem) => problem.fix?.safe === true).length,
    unlisted: files.reduce((sum, file) => sum + file.unlisted.length, 0),
    baselined: files.reduce((sum, file) => sum + file.baselined, 0),
  };
}
