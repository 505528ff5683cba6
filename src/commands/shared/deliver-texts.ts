import { writeText } from '../../input/write-text.ts';
import type { Io } from '../../io.ts';
import { lintText } from '../../lint/lint-text.ts';
import { exitCodes, SagecfgError, type ExitCode } from '../../problem/sagecfg-error.ts';
import { maskRanges } from '../../report/mask-ranges.ts';
import { paint, wantsColour } from '../../report/paint.ts';
import { unifiedDiff } from '../../report/unified-diff.ts';
import type { LintedFile } from './lint-files.ts';
import { shellWord } from './shell-word.ts';

/** What is to become of a file that a command has changed. */
export interface ChangedText {
  readonly file: LintedFile;
  /** The text as it should be. */
  readonly text: string;
  /** Why it is not so yet, as phrases; none where it is. */
  readonly gaps: readonly string[];
  /** What was done about them, as phrases for `--write`. */
  readonly done: readonly string[];
}

export interface OutputFlags {
  readonly write?: boolean | undefined;
  readonly check?: boolean | undefined;
  readonly diff?: boolean | undefined;
}

export type OutputMode = 'print' | 'write' | 'check' | 'diff';

export function outputOf({ write, check, diff }: OutputFlags): OutputMode {
  if (check === true && write === true)
    throw new SagecfgError('usage', '--check writes nothing: leave out --write');
  if (check === true) return 'check';
  if (write === true) return 'write';
  return diff === true ? 'diff' : 'print';
}

export interface DeliverOptions {
  readonly output: OutputMode;
  readonly showsDiff: boolean;
  readonly color: string | undefined;
  /** Command and flags that write, without the file: `sagecfg generate --all --write`. */
  readonly command: string;
}

/** Prints, writes, compares or shows the difference of what a command has made of files. */
export async function deliverTexts(
  texts: readonly ChangedText[],
  options: DeliverOptions,
  io: Io,
): Promise<ExitCode> {
  if (options.showsDiff) await showDiff(texts, options, io);
  if (options.output === 'check') return check(texts, options, io);
  if (options.output === 'write') await writeFiles(texts, io);
  if (options.output === 'print') {
    if (texts.length > 1)
      throw new SagecfgError(
        'usage',
        'several files cannot go to standard output together: add --write, --diff or --check',
      );
    for (const { text } of texts) io.stdout.write(text);
  }
  return exitCodes.clean;
}

function check(texts: readonly ChangedText[], { command }: DeliverOptions, io: Io): ExitCode {
  for (const { file, gaps } of texts) {
    const { name } = file.input;
    for (const gap of gaps) io.stdout.write(`${name}: ${gap}; to mend it: ${command} ${shellWord(name)}\n`);
  }
  return texts.some(({ gaps }) => gaps.length > 0) ? exitCodes.problems : exitCodes.clean;
}

async function showDiff(texts: readonly ChangedText[], { color }: DeliverOptions, io: Io): Promise<void> {
  const style = paint(wantsColour(color, io.environment, io.isTerminal));
  for (const { file, text } of texts) {
    const { secrets } = lintText(text, file.options);
    const before = maskRanges(file.input.text, file.linted.secrets.ranges);
    io.stdout.write(await unifiedDiff(file.input.name, before, maskRanges(text, secrets.ranges), style));
  }
}

/** Enough for the disk to work on while the next one is prepared, and few enough open files. */
const filesAtOnce = 16;

/** Standard input has no file to write: its result goes to standard output, changed or not. */
async function writeFiles(texts: readonly ChangedText[], io: Io): Promise<void> {
  for (let first = 0; first < texts.length; first += filesAtOnce) {
    const together = texts.slice(first, first + filesAtOnce);
    await Promise.all(together.map((changed) => writeFile(changed, io)));
    for (const { file, done } of together)
      io.stderr.write(`${file.input.name}: ${done.length === 0 ? 'nothing to do' : done.join(', ')}\n`);
  }
}

async function writeFile({ file, text, gaps }: ChangedText, io: Io): Promise<void> {
  const { path } = file.input;
  if (path === undefined) io.stdout.write(text);
  else if (gaps.length > 0) await writeText(path, text);
}
