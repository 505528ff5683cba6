import type { Io } from '../../io.ts';
import { lintText } from '../../lint/lint-text.ts';
import { loadFormat } from '../../report/formats/index.ts';
import { toCheckedFile } from '../../report/report.ts';
import type { LintedFile } from './lint-files.ts';
import { shellWord } from './shell-word.ts';
import { terminalReport } from './write-reports.ts';

/** The files with an error by the rules' own severities: what settings have softened does not run all the same. */
export function findErrors(files: readonly LintedFile[]): readonly LintedFile[] {
  return files.flatMap((file) => {
    const { severities: _severities, ignored: _ignored, ...own } = file.options;
    const options = { ...own, reportsSuppressed: true };
    const linted = lintText(file.input.text, options);
    const problems = linted.problems.filter(({ severity }) => severity === 'error');
    return problems.length === 0 ? [] : [{ ...file, options, linted: { ...linted, problems } }];
  });
}

/** Prints the errors, and what did not happen because of them. */
export async function refuseErrors(
  files: readonly LintedFile[],
  { outcome, color }: { readonly outcome: string; readonly color: string | undefined },
  io: Io,
): Promise<void> {
  const format = await loadFormat('pretty');
  const checked = files.map(({ input, linted }) => toCheckedFile(input.name, linted));
  io.stderr.write(format(checked, terminalReport(color, io)));
  const names = files.map(({ input }) => shellWord(input.name)).join(' ');
  io.stderr.write(`sagecfg: ${outcome}: mend the errors first, sagecfg validate --fix ${names}\n`);
}
