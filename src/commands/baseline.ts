import { existsSync } from 'node:fs';
import { displayName } from '../input/find-files.ts';
import { writeText } from '../input/write-text.ts';
import type { Io } from '../io.ts';
import {
  findStale,
  renderBaseline,
  renewBaseline,
  type Baseline,
  type CheckedAgain,
} from '../lint/baseline.ts';
import { isSuppressible } from '../lint/suppressible.ts';
import { exitCodes, SagecfgError, type ExitCode } from '../problem/sagecfg-error.ts';
import { readSettings } from '../settings/read-settings.ts';
import { defineCommand, type OptionValues } from './command.ts';
import { checkOutcome } from './shared/apply-baseline.ts';
import { readBaselineFile, requireBaseline, type BaselineFile } from './shared/baseline-file.ts';
import { fixFiles } from './shared/fix-files.ts';
import { lintFiles, reportUnreadable, type LintedFiles } from './shared/lint-files.ts';
import { ignoreOptions, inputOptions, ruleOptions } from './shared/options.ts';
import { ignoringFrom, isNothingLeft, reportSkipped } from './shared/skipped-files.ts';

const { color: _color, 'stdin-filename': _stdinFilename, ...fileOptions } = inputOptions;

const options = {
  prune: {
    type: 'boolean',
    description: 'Only take out what is solved; where no file is named, of all files in the baseline',
  },
  baseline: {
    type: 'string',
    placeholder: 'FILE',
    description: 'The baseline (default .sagecfg-baseline.json, found upwards)',
  },
  ...ruleOptions,
  ...ignoreOptions,
  ...fileOptions,
} as const;

type Values = OptionValues<typeof options>;

export default defineCommand({
  summary: 'Write down the problems that there are, so that validate reports only new ones',
  positional: { name: 'files..', description: 'Files, globs or folders' },
  options,
  examples: [
    ['sagecfg baseline tenants/*.yaml', 'begin to check an old project'],
    ['sagecfg baseline --prune', 'after problems were solved'],
  ],
  async run({ names, options: values, io }) {
    if (names.includes('-')) throw new SagecfgError('usage', 'a baseline needs files, not standard input');
    const { config } = values;
    const settings = readSettings({
      workingDirectory: io.workingDirectory,
      ...(config !== undefined && { config }),
    });
    const baseline = readBaselineFile(values.baseline, settings, io);
    if (values.prune !== true) {
      return renew(baseline.entries ?? [], await lintFiles(names, lintOptions(values), io), baseline, io);
    }
    const known = requireBaseline(baseline);
    const wanted = names.length > 0 ? names : filesIn(known, baseline, io);
    return prune(
      known,
      wanted.length === 0 ? undefined : await lintFiles(wanted, lintOptions(values), io),
      baseline,
      io,
    );
  },
});

function lintOptions(values: Values) {
  return {
    ...values,
    mostOfARule: Number.POSITIVE_INFINITY,
    ignoring: ignoringFrom(values),
    keepsInstances: false,
  };
}

/** Of a file that is gone, all entries are stale. */
function filesIn(known: Baseline, { pathOf }: BaselineFile, { workingDirectory }: Io): readonly string[] {
  const paths = [...new Set(known.map(({ file }) => pathOf(file)))];
  return paths.filter((path) => existsSync(path)).map((path) => displayName(path, workingDirectory));
}

async function renew(known: Baseline, read: LintedFiles, baseline: BaselineFile, io: Io): Promise<ExitCode> {
  reportUnreadable(read.unreadable, io);
  reportSkipped(read.skipped, io);
  if (isNothingLeft(read, io)) return exitCodes.clean;
  const checked = checkAgain(read, baseline);
  const renewed = renewBaseline(known, checked, isThere(baseline));
  if (baseline.entries !== undefined || renewed.length > 0)
    await writeText(baseline.path, renderBaseline(renewed));
  io.stderr.write(describeChange(known, renewed, baseline));
  const isIncomplete = reportUnsuppressible(checked, io);
  if (read.unreadable.length > 0) return exitCodes.unreadable;
  return isIncomplete ? exitCodes.problems : exitCodes.clean;
}

async function prune(
  known: Baseline,
  read: LintedFiles | undefined,
  baseline: BaselineFile,
  io: Io,
): Promise<ExitCode> {
  if (read !== undefined) {
    reportUnreadable(read.unreadable, io);
    reportSkipped(read.skipped, io);
  }
  const checked = read === undefined ? [] : checkAgain(read, baseline);
  const stale = new Set(findStale(known, checked, isThere(baseline)));
  const kept = known.filter((entry) => !stale.has(entry));
  if (stale.size > 0) await writeText(baseline.path, renderBaseline(kept));
  io.stderr.write(describeChange(known, kept, baseline));
  return (read?.unreadable.length ?? 0) > 0 ? exitCodes.unreadable : exitCodes.clean;
}

function checkAgain({ files }: LintedFiles, baseline: BaselineFile): readonly CheckedAgain[] {
  return fixFiles(files, {}).map((outcome) => checkOutcome(outcome, baseline).again);
}

function isThere({ pathOf }: BaselineFile): (file: string) => boolean {
  return (file) => existsSync(pathOf(file));
}

function describeChange(before: Baseline, after: Baseline, { name }: BaselineFile): string {
  const was = new Set(before.map(({ fingerprint }) => fingerprint));
  const is = new Set(after.map(({ fingerprint }) => fingerprint));
  const files = new Set(after.map(({ file }) => file)).size;
  const fresh = [...is].filter((fingerprint) => !was.has(fingerprint)).length;
  const gone = [...was].filter((fingerprint) => !is.has(fingerprint)).length;
  return `${name}: ${is.size} problem${is.size === 1 ? '' : 's'} in ${files} file${files === 1 ? '' : 's'}, ${fresh} new, ${gone} gone\n`;
}

/** True where there are some. */
function reportUnsuppressible(checked: readonly CheckedAgain[], io: Io): boolean {
  const lasting = checked.flatMap(({ file, problems }) =>
    problems.filter(({ rule }) => !isSuppressible(rule)).map(({ rule }) => `${file}: ${rule}`),
  );
  for (const place of new Set(lasting))
    io.stderr.write(`sagecfg: ${place} stays reported: a file that cannot be checked may hide anything\n`);
  return lasting.length > 0;
}
