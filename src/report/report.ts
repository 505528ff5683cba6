import type { LintedText } from '../lint/lint-text.ts';
import { fingerprintsOf } from '../lint/fingerprint.ts';
import type { Problem, Range } from '../problem/problem.ts';

/** One input with what was found in it. */
export interface CheckedFile {
  readonly name: string;
  readonly text: string;
  readonly problems: readonly ReportedProblem[];
  /** Problems that a baseline hides. */
  readonly baselined: number;
  /** Parts of the text that no output may show. */
  readonly secretRanges: readonly Range[];
}

export interface ReportedProblem extends Problem {
  /** The same in every format and in the baseline, whatever else is reported; stays while lines move. */
  readonly fingerprint: string;
}

/** `identity` is the name of the file for fingerprints, where it is not the one that is shown. */
export function toCheckedFile(
  name: string,
  { text, problems, secrets }: Pick<LintedText, 'text' | 'problems' | 'secrets'>,
  identity: string = name,
): CheckedFile {
  // Most formats show none, and a hash of each problem is what takes longest in a file that is full of them.
  let fingerprints: readonly string[] | undefined;
  const reported = problems.map((problem, index) => ({
    ...withoutSecretFix(problem, secrets.texts),
    get fingerprint() {
      fingerprints ??= fingerprintsOf(identity, problems);
      return fingerprints[index] ?? '';
    },
  }));
  return { name, text, problems: reported, baselined: 0, secretRanges: secrets.ranges };
}

/** A fix that would write a secret works all the same, but no report may show it. */
function withoutSecretFix({ fix, ...problem }: Problem, secrets: readonly string[]): Problem {
  const isTelling = fix?.edits.some(({ text }) => secrets.some((secret) => text.includes(secret)));
  return fix === undefined || isTelling === true ? problem : { ...problem, fix };
}

export interface Summary {
  readonly files: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  /** Problems with a safe fix. */
  readonly fixable: number;
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
  const problems = files.flatMap((file) => file.problems);
  const count = (severity: Problem['severity']): number =>
    problems.filter((problem) => problem.severity === severity).length;
  return {
    files: files.length,
    errors: count('error'),
    warnings: count('warning'),
    infos: count('info'),
    fixable: problems.filter((problem) => problem.fix?.safe === true).length,
    baselined: files.reduce((sum, file) => sum + file.baselined, 0),
  };
}
