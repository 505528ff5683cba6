import { isAtLeast, type Severity } from '../problem/problem.ts';
import { exitCodes } from '../problem/sagecfg-error.ts';
import { listWorst } from '../report/list-worst.ts';
import { summarize, type CheckedFile } from '../report/report.ts';
import type { Io } from '../io.ts';
import { defineCommand, type OptionValues } from './command.ts';
import { applyBaseline, reportStale } from './shared/apply-baseline.ts';
import { readBaselineFile, requireBaseline } from './shared/baseline-file.ts';
import {
  deliverFixes,
  fixesToStdout,
  fixFiles,
  fixFlags,
  fixSummary,
  isChanged,
  isFixing,
} from './shared/fix-files.ts';
import { lintFiles, reportUnreadable } from './shared/lint-files.ts';
import { ignoreOptions, inputOptions, ruleOptions } from './shared/options.ts';
import { ignoringFrom, isNothingLeft, reportSkipped } from './shared/skipped-files.ts';
import { reportUnusedIgnores } from './shared/unused-ignores.ts';
import { reportFlags, reportTargets, requireOtherFiles, writeReports } from './shared/write-reports.ts';

const options = {
  ...reportFlags,
  ...fixFlags,
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
  'max-problems': {
    type: 'number',
    placeholder: 'N',
    description:
      'Problems listed of one file, the worst first (default 1000, 0 for all); the others still count',
  },
  quiet: { type: 'boolean', description: 'Report errors only' },
  ...ruleOptions,
  baseline: {
    type: 'string',
    negatable: true,
    placeholder: 'FILE',
    description:
      'Known problems, which are not reported (default .sagecfg-baseline.json); --no-baseline for all',
  },
  ...ignoreOptions,
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
    [
      'sagecfg validate -f sarif:sagecfg.sarif -f pretty',
      'a file for code scanning, and the report for people',
    ],
  ],
  async run({ names, options: values, io }) {
    const targets = reportTargets(values, io);
    const most = values['max-problems'] ?? 1000;
    const read = await lintFiles(
      names,
      { ...values, ...keeping(most), ignoring: ignoringFrom(values), keepsInstances: false },
      io,
    );
    requireOtherFiles(targets, read.files);
    reportUnreadable(read.unreadable, io);
    reportSkipped(read.skipped, io);
    if (isNothingLeft(read, io)) return exitCodes.clean;
    const baseline = readBaselineFile(values.baseline, read.settings, io);
    if (typeof values.baseline === 'string') requireBaseline(baseline);

    const { outcomes, failures } = await deliverFixes(fixFiles(read.files, values), values, io);
    for (const failure of failures) io.stderr.write(`sagecfg: ${failure}\n`);
    const { files, stale } = applyBaseline(outcomes, baseline);
    if (values.diff !== true) {
      const wanted = values.quiet === true ? files.map(errorsOnly) : files;
      const shown = most === 0 ? wanted : wanted.map((file) => listWorst(file, most));
      const isStdoutTaken = fixesToStdout(outcomes, values);
      await writeReports(shown, targets, { color: values.color, isStdoutTaken }, io);
      reportUnlisted(shown, io);
    }
    if (isFixing(values)) io.stderr.write(fixSummary(outcomes, values));
    reportStale(stale, baseline, io);
    if (names.length === 0) reportUnusedIgnores(outcomes, read.settings, io);

    if (read.unreadable.length + failures.length > 0) return exitCodes.unreadable;
    const wouldChange = values.diff === true && outcomes.some(isChanged);
    const mustPrune = stale.length > 0 && values['fail-on'] !== 'never';
    return wouldChange || mustPrune || isFailing(files, values) ? exitCodes.problems : exitCodes.clean;
  },
});

/** Who wants a list of all problems gets it, whatever it costs. */
function keeping(most: number): { readonly mostOfARule?: number } {
  return most === 0 ? { mostOfARule: Number.POSITIVE_INFINITY } : {};
}

function errorsOnly(file: CheckedFile): CheckedFile {
  return { ...file, problems: file.problems.filter(({ severity }) => severity === 'error') };
}

function reportUnlisted(files: readonly CheckedFile[], io: Io): void {
  for (const { name, problems, unlisted } of files) {
    if (unlisted.length === 0) continue;
    const all = problems.length + unlisted.length;
    io.stderr.write(
      `sagecfg: ${JSON.stringify(name)} has ${all} problems, of which the worst ${problems.length} are listed: --max-problems 0 lists all\n`,
    );
  }
}

function isFailing(files: readonly CheckedFile[], values: Values): boolean {
  const { errors, warnings, infos } = summarize(files);
  const failOn = values['fail-on'] ?? 'error';
  const counts: readonly [Severity, number][] = [
    ['error', errors],
    ['warning', warnings],
    ['info', infos],
  ];
  const isOverThreshold =
    failOn !== 'never' &&
    counts.some(([severity, count]) => count > 0 && isAtLeast(severity, failOn as Severity)); // one of the choices
  const isOverLimit = values['max-warnings'] !== undefined && warnings > values['max-warnings'];
  return isOverThreshold || isOverLimit;
}
