import { readFile } from 'node:fs/promises';
import { writeText } from '../../input/write-text.ts';
import type { Io } from '../../io.ts';
import { fixText } from '../../lint/fix-text.ts';
import { lintRun } from '../../lint/lint-run.ts';
import type { LintedText } from '../../lint/lint-text.ts';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import { maskRanges } from '../../report/mask-ranges.ts';
import { paint, wantsColour } from '../../report/paint.ts';
import { unifiedDiff } from '../../report/unified-diff.ts';
import type { OptionDefinitions } from '../command.ts';
import type { LintedFile } from './lint-files.ts';

export const fixFlags = {
  fix: {
    type: 'string',
    choices: ['safe', 'all'],
    bare: 'safe',
    description: 'Mend what can be mended for sure; --fix=all also applies guesses',
  },
  diff: { type: 'boolean', description: 'Show what --fix would change, and write nothing' },
  'fix-dry-run': { type: 'boolean', description: 'Report what would remain after --fix, and write nothing' },
} as const satisfies OptionDefinitions;

interface FixFlags {
  readonly fix?: string | undefined;
  readonly diff?: boolean | undefined;
  readonly 'fix-dry-run'?: boolean | undefined;
}

/** A file as it is after its fixes, or as it was where none were asked for. */
export interface Outcome {
  readonly file: LintedFile;
  readonly text: LintedText;
  readonly fixed: number;
}

export function isFixing(flags: FixFlags): boolean {
  return flags.fix !== undefined || flags.diff === true || flags['fix-dry-run'] === true;
}

/** All files of a run: what only shows when they are seen together is in the outcomes. */
export function fixFiles(files: readonly LintedFile[], flags: FixFlags): readonly Outcome[] {
  const outcomes = fixEach(files, flags);
  const inputs = outcomes.map(({ text, file }) => ({
    name: file.input.name,
    linted: text,
    severities: file.options.severities,
  }));
  const texts = lintRun(inputs);
  return outcomes.map((outcome, index) => {
    const text = texts[index] ?? outcome.text;
    return text === outcome.text ? outcome : { ...outcome, text };
  });
}

function fixEach(files: readonly LintedFile[], flags: FixFlags): readonly Outcome[] {
  if (!isFixing(flags)) return files.map((file) => ({ file, text: file.linted, fixed: 0 }));
  return files.map((file) => {
    const text = fixText(file.linted, { ...file.options, includeUnsafe: flags.fix === 'all' });
    return { file, text, fixed: text.fixed };
  });
}

export function isChanged({ file, text }: Outcome): boolean {
  return file.input.text !== text.text;
}

/** What came of the fixes: a file that could not be written is as it was, and so are its problems. */
export interface Delivered {
  readonly outcomes: readonly Outcome[];
  /** Why not, in words, one for each such file. */
  readonly failures: readonly string[];
}

/** Prints the changes, or makes them. */
export async function deliverFixes(
  outcomes: readonly Outcome[],
  flags: FixFlags & { readonly color?: string | undefined },
  io: Io,
): Promise<Delivered> {
  if (!isFixing(flags) || flags['fix-dry-run'] === true) return { outcomes, failures: [] };
  if (flags.diff !== true) return writeFixed(outcomes, io);
  await showDiff(outcomes, flags.color, io);
  return { outcomes, failures: [] };
}

async function showDiff(outcomes: readonly Outcome[], color: string | undefined, io: Io): Promise<void> {
  const style = paint(wantsColour(color, io.environment, io.isTerminal));
  for (const { file, text } of outcomes) {
    const before = maskRanges(file.input.text, file.linted.secrets.ranges);
    const after = maskRanges(text.text, text.secrets.ranges);
    io.stdout.write(await unifiedDiff(file.input.name, before, after, style));
  }
}

/**
 * An interrupt waits for the file that is being written, so that none is left beside it.
 *
 * Fixed standard input goes to standard output, whether something was mended or not: the command is a filter then.
 */
async function writeFixed(outcomes: readonly Outcome[], io: Io): Promise<Delivered> {
  let interruptedBy: NodeJS.Signals | undefined;
  using interrupts = io.onInterrupt((signal) => (interruptedBy = signal));
  const written: Outcome[] = [];
  const failures: string[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    if (interruptedBy !== undefined) {
      const left = outcomes.slice(index).filter(isChanged).length;
      io.stderr.write(`sagecfg: interrupted: ${left} of the files to mend are as they were\n`);
      interrupts[Symbol.dispose]();
      process.kill(process.pid, interruptedBy);
      break;
    }
    const failure = await writeOne(outcome, io);
    if (failure !== undefined) failures.push(failure);
    written.push(
      failure === undefined ? outcome : { file: outcome.file, text: outcome.file.linted, fixed: 0 },
    );
  }
  return { outcomes: written, failures };
}

async function writeOne(outcome: Outcome, io: Io): Promise<string | undefined> {
  const { input } = outcome.file;
  if (input.path === undefined) io.stdout.write(outcome.text.text);
  else if (isChanged(outcome)) {
    try {
      await requireUnchanged(input.path, input.text);
      await writeText(input.path, outcome.text.text);
    } catch (error) {
      if (error instanceof SagecfgError) return error.message;
      throw error;
    }
  }
  return undefined;
}

/** What somebody saved in the meantime would be lost. */
async function requireUnchanged(path: string, text: string): Promise<void> {
  const now = await readFile(path, 'utf8').catch(() => undefined);
  if (now === text) return;
  const what = now === undefined ? 'can no longer be read' : 'was changed while it was checked';
  throw new SagecfgError(
    'unwritable',
    `${JSON.stringify(path)} ${what}: it was left as it is, run the command again`,
  );
}

/** Then the report has to go elsewhere. */
export function fixesToStdout(outcomes: readonly Outcome[], flags: FixFlags): boolean {
  return isFixing(flags) && outcomes.some(({ file }) => file.input.path === undefined);
}

export function fixSummary(outcomes: readonly Outcome[], flags: FixFlags): string {
  const fixed = outcomes.reduce((sum, outcome) => sum + outcome.fixed, 0);
  const files = outcomes.filter(isChanged).length;
  const nothingWritten = flags.diff === true || flags['fix-dry-run'] === true;
  if (files === 0) return 'nothing to fix\n';
  const what = `${fixed} problem${fixed === 1 ? '' : 's'} in ${files} file${files === 1 ? '' : 's'}`;
  return nothingWritten ? `would fix ${what}; nothing was written\n` : `fixed ${what}\n`;
}
