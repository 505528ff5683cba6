import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { writeText } from '../input/write-text.ts';
import type { Io } from '../io.ts';
import { fixText } from '../lint/fix-text.ts';
import { lintRun } from '../lint/lint-run.ts';
import type { LintedText } from '../lint/lint-text.ts';
import { isAtLeast, type Severity } from '../problem/problem.ts';
import { exitCodes, SagecfgError, type ExitCode } from '../problem/sagecfg-error.ts';
import { formatNames, loadFormat } from '../report/formats/index.ts';
import { maskRanges } from '../report/mask-ranges.ts';
import { paint, wantsColour } from '../report/paint.ts';
import { summarize, type CheckedFile, type Summary } from '../report/report.ts';
import { unifiedDiff } from '../report/unified-diff.ts';
import { version } from '../version.ts';
import { defineCommand, type OptionValues } from './command.ts';
import { lintFiles, reportUnreadable, type LintedFile } from './shared/lint-files.ts';
import { inputOptions, ruleOptions } from './shared/options.ts';

const options = {
  format: {
    type: 'string',
    alias: 'f',
    choices: formatNames,
    description: 'Form of the report (default pretty)',
  },
  'output-file': {
    type: 'string',
    alias: 'o',
    placeholder: 'FILE',
    description: 'Write the report there, not to standard output',
  },
  fix: {
    type: 'string',
    choices: ['safe', 'all'],
    bare: 'safe',
    description: 'Mend what can be mended for sure; --fix=all also applies guesses',
  },
  diff: { type: 'boolean', description: 'Show what --fix would change, and write nothing' },
  'fix-dry-run': { type: 'boolean', description: 'Report what would remain after --fix, and write nothing' },
  'fail-on': {
    type: 'string',
    choices: ['error', 'warning', 'info', 'never'],
    description: 'Mildest severity that makes the exit code 1 (default error)',
  },
  'max-warnings': {
    type: 'number',
    placeholder: 'N',
    description: 'More warnings than this make the exit code 1',
  },
  quiet: { type: 'boolean', description: 'Report errors only' },
  ...ruleOptions,
  ...inputOptions,
} as const;

type Values = OptionValues<typeof options>;

export default defineCommand({
  summary: 'Find every mistake in configuration files, and mend the certain ones',
  positional: { name: 'files..', description: 'Files, globs or folders; - for standard input' },
  options,
  examples: [
    ['sagecfg validate tenants/*.yaml', 'check every tenant'],
    ['sagecfg validate --fix --diff acme.yaml', 'show what can be mended for sure'],
    ['curl … | sagecfg validate -f json -', 'check what the platform returned'],
  ],
  async run({ names, options: values, io }) {
    const { files, unreadable } = await lintFiles(names, values, io);
    reportUnreadable(unreadable, io);
    const isFixing = values.fix !== undefined || values.diff === true || values['fix-dry-run'] === true;
    const after = checkTogether(
      files.map((file) => (isFixing ? fixFile(file, values.fix === 'all') : unchanged(file))),
    );
    const checked = after.map(({ file, text }) => toChecked(file.input.name, text, values.quiet === true));

    if (values.diff === true) await showDiff(after, values, io);
    else if (isFixing && values['fix-dry-run'] !== true) await writeFixed(after, io);
    if (values.diff !== true) await writeReport(checked, values, io, fixesToStdout(after, isFixing));
    if (isFixing) io.stderr.write(fixSummary(after, values));

    const problemsExit = exitCodeFor(
      summarize(after.map(({ file, text }) => toChecked(file.input.name, text, false))),
      values,
    );
    const staleExit = values.diff === true && after.some(isChanged) ? exitCodes.problems : exitCodes.clean;
    return unreadable.length > 0
      ? exitCodes.unreadable
      : Math.max(problemsExit, staleExit) === 0
        ? exitCodes.clean
        : exitCodes.problems;
  },
});

interface Outcome {
  readonly file: LintedFile;
  readonly text: LintedText;
  readonly fixed: number;
}

function unchanged(file: LintedFile): Outcome {
  return { file, text: file.linted, fixed: 0 };
}

function fixFile(file: LintedFile, includeUnsafe: boolean): Outcome {
  const fixed = fixText(file.linted, { ...file.options, includeUnsafe });
  return { file, text: fixed, fixed: fixed.fixed };
}

function checkTogether(outcomes: readonly Outcome[]): readonly Outcome[] {
  const inputs = outcomes.map(({ file, text }) => ({ linted: text, severities: file.options.severities }));
  const texts = lintRun(inputs);
  return outcomes.map((outcome, index) => ({ ...outcome, text: texts[index] ?? outcome.text }));
}

function isChanged({ file, text }: Outcome): boolean {
  return file.input.text !== text.text;
}

function toChecked(name: string, { text, problems, secrets }: LintedText, errorsOnly: boolean): CheckedFile {
  const shown = errorsOnly ? problems.filter(({ severity }) => severity === 'error') : problems;
  return { name, text, problems: shown, secretRanges: secrets.ranges };
}

async function showDiff(outcomes: readonly Outcome[], values: Values, io: Io): Promise<void> {
  const style = paint(wantsColour(values.color, io.environment, io.isTerminal));
  for (const { file, text } of outcomes) {
    const before = maskRanges(file.input.text, file.linted.secrets.ranges);
    io.stdout.write(
      await unifiedDiff(file.input.name, before, maskRanges(text.text, text.secrets.ranges), style),
    );
  }
}

/** Fixed standard input goes to standard output, whether something was mended or not: the command is a filter then. */
async function writeFixed(outcomes: readonly Outcome[], io: Io): Promise<void> {
  for (const outcome of outcomes) {
    if (outcome.file.input.path === undefined) io.stdout.write(outcome.text.text);
    else if (isChanged(outcome)) await writeText(outcome.file.input.path, outcome.text.text);
  }
}

function fixesToStdout(outcomes: readonly Outcome[], isFixing: boolean): boolean {
  return isFixing && outcomes.some(({ file }) => file.input.path === undefined);
}

async function writeReport(
  checked: readonly CheckedFile[],
  values: Values,
  io: Io,
  isStdoutTaken: boolean,
): Promise<void> {
  const format = await loadFormat(values.format ?? 'pretty');
  const outputFile = values['output-file'];
  const colour = outputFile === undefined && wantsColour(values.color, io.environment, io.isTerminal);
  const report = format(checked, { colour, width: io.columns, toolVersion: version });
  if (outputFile !== undefined) writeOutputFile(resolve(io.workingDirectory, outputFile), report);
  else (isStdoutTaken ? io.stderr : io.stdout).write(report);
}

function writeOutputFile(path: string, report: string): void {
  try {
    writeFileSync(path, report);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SagecfgError('unwritable', `cannot write the report to ${JSON.stringify(path)}: ${reason}`, {
      cause: error,
    });
  }
}

function fixSummary(outcomes: readonly Outcome[], values: Values): string {
  const fixed = outcomes.reduce((sum, outcome) => sum + outcome.fixed, 0);
  const files = outcomes.filter(isChanged).length;
  const nothingWritten = values.diff === true || values['fix-dry-run'] === true;
  if (files === 0) return 'nothing to fix\n';
  const what = `${fixed} problem${fixed === 1 ? '' : 's'} in ${files} file${files === 1 ? '' : 's'}`;
  return nothingWritten ? `would fix ${what}; nothing was written\n` : `fixed ${what}\n`;
}

function exitCodeFor({ errors, warnings, infos }: Summary, values: Values): ExitCode {
  const failOn = values['fail-on'] ?? 'error';
  const counts: readonly [Severity, number][] = [
    ['error', errors],
    ['warning', warnings],
    ['info', infos],
  ];
  const isFailing =
    failOn !== 'never' &&
    counts.some(([severity, count]) => count > 0 && isAtLeast(severity, failOn as Severity)); // one of the choices
  const isOverLimit = values['max-warnings'] !== undefined && warnings > values['max-warnings'];
  return isFailing || isOverLimit ? exitCodes.problems : exitCodes.clean;
}
