import type { Problem, Range } from '../problem/problem.ts';

/** One input with what was found in it. */
export interface CheckedFile {
  readonly name: string;
  readonly text: string;
  readonly problems: readonly Problem[];
  /** Parts of the text that no output may show. */
  readonly secretRanges: readonly Range[];
}

export interface Summary {
  readonly files: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  /** Problems with a safe fix. */
  readonly fixable: number;
}

export interface ReportOptions {
  readonly colour: boolean;
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
  };
}
