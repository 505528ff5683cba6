import type { SageResource } from '../../catalog/sage-resource.ts';
import { extendText, type ExtendedText, type LockedMark } from '../../generate/extend-text.ts';
import { lockKey, readLock, writeLock, type Lock } from '../../generate/lock-file.ts';
import { writeText } from '../../input/write-text.ts';
import type { Io } from '../../io.ts';
import { lintText } from '../../lint/lint-text.ts';
import { exitCodes, SagecfgError, type ExitCode } from '../../problem/sagecfg-error.ts';
import { maskRanges } from '../../report/mask-ranges.ts';
import { paint, wantsColour } from '../../report/paint.ts';
import { unifiedDiff } from '../../report/unified-diff.ts';
import { reportBlindSpots } from './chosen-resources.ts';
import type { LintedFile } from './lint-files.ts';
import { namedInstances } from './named-instances.ts';
import { shellWord } from './shell-word.ts';

/** What the flags of `generate` say about the files. */
export interface ExtendFilesOptions {
  readonly resources: readonly SageResource[];
  readonly from: string | undefined;
  readonly instance: string | undefined;
  readonly output: 'print' | 'write' | 'check' | 'diff';
  readonly showsDiff: boolean;
  readonly color: string | undefined;
  /** The options that chose the resources, as they were given. */
  readonly choice: string;
  readonly isMarking: boolean;
  /** Folder of the settings, and of the lock. */
  readonly lockFolder: string;
}

/** Adds the entries that files lack, and writes, prints or compares the result. The files have no errors. */
export async function extendFiles(
  files: readonly LintedFile[],
  options: ExtendFilesOptions,
  io: Io,
): Promise<ExitCode> {
  namedInstances(files, options.instance);
  const lock = await readLock(options.lockFolder);
  if (options.resources.length === 0) refuseUnmarked(files, lock);
  const outcomes = files.map((file) => {
    const marks = lock.get(lockKeyOf(file, options)) ?? [];
    return { file, extended: extendFile(file, marks, options) };
  });
  const exitCode = await deliver(outcomes, options, io);
  if (options.output === 'write') await keepMarks(lock, outcomes, options, io);
  for (const { file, extended } of outcomes)
    for (const note of extended.notes) io.stderr.write(`${file.input.name}: ${note}\n`);
  reportBlindSpots(options.resources, io);
  return exitCode;
}

/** Without a resource named there must be something to bring up to date. */
function refuseUnmarked(files: readonly LintedFile[], lock: Lock): void {
  if (lock.size > 0 || files.some(({ input }) => input.text.includes('# sagecfg:generated '))) return;
  throw new SagecfgError(
    'usage',
    'nothing to generate: name resources, such as --resources customers,invoices; no entry carries a mark to update it by',
  );
}

/** Standard input has no name that would stay the same. */
function lockKeyOf({ input }: LintedFile, { lockFolder }: ExtendFilesOptions): string {
  return input.path === undefined ? '' : lockKey(lockFolder, input.path);
}

async function keepMarks(
  before: Lock,
  outcomes: readonly Outcome[],
  options: ExtendFilesOptions,
  io: Io,
): Promise<void> {
  const after = new Map(before);
  for (const { file, extended } of outcomes) {
    const key = lockKeyOf(file, options);
    if (key !== '') after.set(key, extended.lock);
    else if (extended.lock.length > 0)
      io.stderr.write(`${file.input.name}: where its entries came from is not kept: it is no file\n`);
  }
  await writeLock(options.lockFolder, before, after);
}

interface Outcome {
  readonly file: LintedFile;
  readonly extended: ExtendedText;
}

function extendFile(
  { input, linted, options: lintOptions }: LintedFile,
  lock: readonly LockedMark[],
  { resources, from, instance, isMarking }: ExtendFilesOptions,
): ExtendedText {
  try {
    return extendText(linted, { resources, from, instance, isMarking, lock }, lintOptions);
  } catch (error) {
    if (!(error instanceof SagecfgError)) throw error;
    throw new SagecfgError(error.code, `${input.name}: ${error.message}`, { cause: error });
  }
}

async function deliver(outcomes: readonly Outcome[], options: ExtendFilesOptions, io: Io): Promise<ExitCode> {
  if (options.showsDiff) await showDiff(outcomes, options, io);
  if (options.output === 'check') return check(outcomes, options, io);
  if (options.output === 'write') await writeFiles(outcomes, io);
  if (options.output === 'print') for (const { extended } of outcomes) io.stdout.write(extended.text);
  return exitCodes.clean;
}

function check(
  outcomes: readonly Outcome[],
  { from, instance, choice, isMarking }: ExtendFilesOptions,
  io: Io,
): ExitCode {
  const flags = [
    ...(choice === '' ? [] : [choice]),
    ...(isMarking ? ['--provenance'] : []),
    ...(from === undefined ? [] : [`--from ${shellWord(from)}`]),
    ...(instance === undefined ? [] : [`--instance ${shellWord(instance)}`]),
    '--write',
  ].join(' ');
  for (const { file, extended } of outcomes) {
    for (const { message } of extended.gaps) {
      const command = `sagecfg generate ${flags} ${shellWord(file.input.name)}`;
      io.stdout.write(`${file.input.name}: ${message}; to mend it: ${command}\n`);
    }
  }
  return outcomes.some(({ extended }) => extended.gaps.length > 0) ? exitCodes.problems : exitCodes.clean;
}

async function showDiff(outcomes: readonly Outcome[], { color }: ExtendFilesOptions, io: Io): Promise<void> {
  const style = paint(wantsColour(color, io.environment, io.isTerminal));
  for (const { file, extended } of outcomes) {
    const { secrets } = lintText(extended.text, file.options);
    const before = maskRanges(file.input.text, file.linted.secrets.ranges);
    io.stdout.write(
      await unifiedDiff(file.input.name, before, maskRanges(extended.text, secrets.ranges), style),
    );
  }
}

/** Standard input has no file to write: its result goes to standard output, changed or not. */
async function writeFiles(outcomes: readonly Outcome[], io: Io): Promise<void> {
  for (const { file, extended } of outcomes) {
    const { path, name } = file.input;
    if (path === undefined) io.stdout.write(extended.text);
    else if (extended.gaps.length > 0) await writeText(path, extended.text);
    const added = extended.gaps.map(
      ({ kind, resource }) => `${kind === 'missing' ? 'added' : 'updated'} "${resource}"`,
    );
    io.stderr.write(`${name}: ${added.length === 0 ? 'nothing to do' : added.join(', ')}\n`);
  }
}
