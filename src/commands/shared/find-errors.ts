import type { Io } from '../../io.ts';
import { lintText, type LintOptions } from '../../lint/lint-text.ts';
import { loadFormat } from '../../report/formats/index.ts';
import { toCheckedFile } from '../../report/report.ts';
import type { LintedFile } from './lint-files.ts';
import { shellWord } from './shell-word.ts';
import { terminalReport } from './write-reports.ts';

/** The files with an error by the rules' own severities: what settings have softened does not run all the same. */
export function findErrors(files: readonly LintedFile[]): readonly LintedFile[] {
  return files.flatMap((file) => {
    const options = strictOptions(file.options);
    // Most files have nothing that softens anything, and reading them again would take as long as reading them did.
    const linted = isSoftened(file) ? lintText(file.input.text, options) : file.linted;
    const problems = linted.problems.filter(({ severity }) => severity === 'error');
    return problems.length === 0 ? [] : [{ ...file, options, linted: { ...linted, problems } }];
  });
}

/** Every rule with its own severity, and nothing hidden. */
export function strictOptions(options: LintOptions): LintOptions {
  const { severities: _severities, ignored: _ignored, ...own } = options;
  return { ...own, reportsSuppressed: true };
}

function isSoftened({ input, options: { severities, ignored } }: LintedFile): boolean {
  return (severities?.size ?? 0) + (ignored?.length ?? 0) > 0 || input.text.includes('sagecfg-');
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
  io.stderr.write(`sagecfg: ${outcome}: mend the errors first${mendingCommand(files)}\n`);
}

/** Nobody copies a line with a hundred names. */
const mostNames = 5;

/** Names only files of which a fix can mend an error. */
function mendingCommand(files: readonly LintedFile[]): string {
  const names = files
    .filter(({ input, linted }) => input.path !== undefined && linted.problems.some(({ fix }) => fix?.safe))
    .map(({ input }) => shellWord(input.name));
  if (names.length === 0) return '';
  const shown = names.length > mostNames ? [...names.slice(0, mostNames), '…'] : names;
  return `, sagecfg validate --fix ${shown.join(' ')}`;
}
