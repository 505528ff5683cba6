import { existsSync, realpathSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { makeFolder } from '../../input/make-folder.ts';
import type { Io } from '../../io.ts';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import { formatNames, loadFormat } from '../../report/formats/index.ts';
import { wantsColour } from '../../report/paint.ts';
import type { CheckedFile, ReportOptions } from '../../report/report.ts';
import { version } from '../../version.ts';
import type { OptionDefinitions } from '../command.ts';

export const reportFlags = {
  format: {
    type: 'list',
    alias: 'f',
    choices: formatNames,
    suffix: 'FILE',
    placeholder: 'NAME[:FILE]',
    description: 'Form of the report (default pretty), and where to; may be repeated',
  },
  'output-file': {
    type: 'string',
    alias: 'o',
    placeholder: 'FILE',
    description: 'Write the report there, not to standard output',
  },
} as const satisfies OptionDefinitions;

interface ReportFlags {
  readonly format?: readonly string[] | undefined;
  readonly 'output-file'?: string | undefined;
}

/** One report to write. */
export interface ReportTarget {
  readonly format: string;
  /** Absolute; undefined for standard output. */
  readonly file: string | undefined;
}

/** @throws SagecfgError `usage` where two reports would go to the same place */
export function reportTargets(flags: ReportFlags, { workingDirectory }: Io): readonly ReportTarget[] {
  const outputFile = flags['output-file'];
  const targets = (flags.format ?? ['pretty']).map((flag) => {
    const colon = flag.indexOf(':');
    return colon === -1
      ? { format: flag, file: outputFile }
      : { format: flag.slice(0, colon), file: flag.slice(colon + 1) };
  });
  if (outputFile !== undefined && !targets.some(({ file }) => file === outputFile))
    throw new SagecfgError('usage', '--output-file: every --format has a file of its own already');
  const places = targets.map(({ file }) =>
    file === undefined ? undefined : resolve(workingDirectory, file),
  );
  const twice = places.find((place, index) => places.indexOf(place) !== index);
  if (new Set(places).size < places.length) {
    const place = twice === undefined ? 'standard output' : JSON.stringify(twice);
    throw new SagecfgError(
      'usage',
      `--format: two reports would go to ${place}: give one a file, as in --format sarif:sagecfg.sarif`,
    );
  }
  return targets.map(({ format }, index) => ({ format, file: places[index] }));
}

/** @throws SagecfgError `usage` where a report would take the place of a file that is checked */
export function requireOtherFiles(
  targets: readonly ReportTarget[],
  files: readonly { readonly input: { readonly path: string | undefined } }[],
): void {
  for (const { file } of targets) {
    if (file === undefined || !existsSync(file)) continue;
    const real = realpathSync(file);
    if (
      files.some(
        ({ input: { path } }) => path !== undefined && existsSync(path) && realpathSync(path) === real,
      )
    )
      throw new SagecfgError(
        'usage',
        `the report would take the place of ${JSON.stringify(file)}, which is checked: give it a file of its own`,
      );
  }
}

/**
 * Writes each report to its place; `isStdoutTaken` by something else, so that one goes to standard error.
 *
 * @throws SagecfgError `unwritable`, once all the others are written
 */
export async function writeReports(
  checked: readonly CheckedFile[],
  targets: readonly ReportTarget[],
  { color, isStdoutTaken }: { readonly color: string | undefined; readonly isStdoutTaken: boolean },
  io: Io,
): Promise<void> {
  const failures: SagecfgError[] = [];
  for (const { format, file } of targets) {
    const render = await loadFormat(format);
    if (file === undefined) {
      (isStdoutTaken ? io.stderr : io.stdout).write(render(checked, terminalReport(color, io)));
      continue;
    }
    const report = render(checked, { ...terminalReport('never', io), width: 100 });
    const failure = await writeReportFile(file, report);
    if (failure !== undefined) failures.push(failure);
  }
  const [first] = failures;
  if (first !== undefined) throw first;
}

/** How a report for the terminal looks. */
export function terminalReport(color: string | undefined, io: Io): ReportOptions {
  const colour = wantsColour(color, io.environment, io.isTerminal);
  return { colour, links: colour && io.isTerminal, width: io.columns, toolVersion: version };
}

/** In a folder that may have to be made first. */
async function writeReportFile(path: string, report: string): Promise<SagecfgError | undefined> {
  try {
    makeFolder(dirname(path));
    await writeFile(path, report);
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return new SagecfgError('unwritable', `cannot write the report to ${JSON.stringify(path)}: ${reason}`, {
      cause: error,
    });
  }
}
