import type { SageResource } from '../../catalog/sage-resource.ts';
import { extendText, type ExtendedText, type LockedMark } from '../../generate/extend-text.ts';
import { lockKey, readLock, writeLock, type Lock } from '../../generate/lock-file.ts';
import type { Io } from '../../io.ts';
import { SagecfgError, type ExitCode } from '../../problem/sagecfg-error.ts';
import { reportBlindSpots } from './chosen-resources.ts';
import { deliverTexts, type ChangedText, type OutputMode } from './deliver-texts.ts';
import type { LintedFile } from './lint-files.ts';
import { namedInstances } from './named-instances.ts';
import { shellWord } from './shell-word.ts';

/** What the flags of `generate` say about the files. */
export interface ExtendFilesOptions {
  readonly resources: readonly SageResource[];
  readonly onlyOffered: boolean;
  readonly from: string | undefined;
  readonly instance: string | undefined;
  readonly output: OutputMode;
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
  const { output, showsDiff, color } = options;
  const delivery = { output, showsDiff, color, command: commandOf(options) };
  const exitCode = await deliverTexts(outcomes.map(changedText), delivery, io);
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
  { resources, onlyOffered, from, instance, isMarking }: ExtendFilesOptions,
): ExtendedText {
  try {
    return extendText(linted, { resources, onlyOffered, from, instance, isMarking, lock }, lintOptions);
  } catch (error) {
    if (!(error instanceof SagecfgError)) throw error;
    throw new SagecfgError(error.code, `${input.name}: ${error.message}`, { cause: error });
  }
}

function changedText({ file, extended: { text, gaps } }: Outcome): ChangedText {
  return {
    file,
    text,
    gaps: gaps.map(({ message }) => message),
    done: gaps.map(({ kind, resource }) => `${kind === 'missing' ? 'added' : 'updated'} "${resource}"`),
  };
}

function commandOf({ from, instance, choice, isMarking }: ExtendFilesOptions): string {
  return [
    'sagecfg generate',
    ...(choice === '' ? [] : [choice]),
    ...(isMarking ? ['--provenance'] : []),
    ...(from === undefined ? [] : [`--from ${shellWord(from)}`]),
    ...(instance === undefined ? [] : [`--instance ${shellWord(instance)}`]),
    '--write',
  ].join(' ');
}
