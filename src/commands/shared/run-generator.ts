import { join, resolve } from 'node:path';
import type { SageResource } from '../../catalog/sage-resource.ts';
import { generateInstance } from '../../generate/generate-instance.ts';
import { buildGeneratorData, type InstanceSource } from '../../generate/generator-data.ts';
import { readGenerator } from '../../generate/generator.ts';
import { planFiles } from '../../generate/plan-files.ts';
import { compareFiles, writeFiles, type ComparedFile } from '../../generate/write-files.ts';
import type { Io } from '../../io.ts';
import { lintText } from '../../lint/lint-text.ts';
import { exitCodes, SagecfgError, type ExitCode } from '../../problem/sagecfg-error.ts';
import { paint, wantsColour } from '../../report/paint.ts';
import { unifiedDiff } from '../../report/unified-diff.ts';
import { namedInstances } from './named-instances.ts';
import type { LintedFile } from './lint-files.ts';
import { shellWord } from './shell-word.ts';

export interface RunGeneratorOptions {
  readonly generator: string;
  readonly format: string | undefined;
  readonly out: string | undefined;
  readonly output: 'write' | 'check' | 'diff' | 'dry-run';
  readonly isForced: boolean;
  readonly color: string | undefined;
  /** What was typed, without the flags of the output, for the command that mends. */
  readonly choice: string;
}

/** Runs a generator over instances: everything is planned and compared before the first file is written. */
export async function runGenerator(
  sources: readonly InstanceSource[],
  options: RunGeneratorOptions,
  io: Io,
): Promise<ExitCode> {
  const generator = readGenerator(options.generator, io.workingDirectory);
  const planned = planFiles(generator, buildGeneratorData(sources), options.format);
  const { out } = options;
  if (out === undefined) {
    const [only, ...others] = planned;
    if (only === undefined || others.length > 0 || options.output !== 'write')
      throw new SagecfgError('usage', `name the folder to write to: --out FOLDER (${planned.length} files)`);
    io.stdout.write(only.text);
    return exitCodes.clean;
  }
  const folder = resolve(io.workingDirectory, out);
  const files = await compareFiles(folder, planned);
  if (options.output === 'dry-run') return listPlan(files, out, io);
  if (options.output === 'check') return check(files, out, options, io);
  if (options.output === 'diff') return showDiff(files, out, options, io);
  return write(files, folder, out, options, io);
}

/** The instances of the files, or one made of the resources where there is no file. */
export function sourcesOf(
  files: readonly LintedFile[],
  resources: readonly SageResource[],
  instance: string | undefined,
): readonly InstanceSource[] {
  if (resources.length > 0)
    return lintText(generateInstance(resources, 'yaml')).instances.map((made) => ({
      instance: made,
      file: '',
    }));
  return namedInstances(files, instance).map(({ file, instance: read }) => ({
    instance: read,
    file: file.input.name,
  }));
}

function listPlan(files: readonly ComparedFile[], out: string, io: Io): ExitCode {
  for (const { path, state } of files) io.stdout.write(`${state.padEnd(9)}  ${join(out, path)}\n`);
  return exitCodes.clean;
}

function check(
  files: readonly ComparedFile[],
  out: string,
  { choice }: RunGeneratorOptions,
  io: Io,
): ExitCode {
  const stale = files.filter(({ state }) => state === 'new' || state === 'different');
  for (const { path, state } of stale) {
    const what = state === 'new' ? 'is missing' : 'is not what would be generated';
    const force = state === 'new' ? '' : ' --force';
    io.stdout.write(`${join(out, path)} ${what}; to mend it: sagecfg generate ${choice}${force}\n`);
  }
  return stale.length > 0 ? exitCodes.problems : exitCodes.clean;
}

async function showDiff(
  files: readonly ComparedFile[],
  out: string,
  { color }: RunGeneratorOptions,
  io: Io,
): Promise<ExitCode> {
  const style = paint(wantsColour(color, io.environment, io.isTerminal));
  for (const { path, before = '', text, state } of files) {
    if (state !== 'kept') io.stdout.write(await unifiedDiff(join(out, path), before, text, style));
  }
  return exitCodes.clean;
}

async function write(
  files: readonly ComparedFile[],
  folder: string,
  out: string,
  { isForced, choice }: RunGeneratorOptions,
  io: Io,
): Promise<ExitCode> {
  const different = files.filter(({ state }) => state === 'different');
  if (different.length > 0 && !isForced) {
    for (const { path } of different) io.stderr.write(`${join(out, path)} is there already and differs\n`);
    throw new SagecfgError(
      'refused',
      `nothing was written: look with sagecfg generate ${choice} --diff, replace with --force`,
    );
  }
  await writeFiles(folder, files);
  for (const { path, state } of files)
    io.stderr.write(
      `${state === 'new' || state === 'different' ? 'wrote' : 'left'} ${shellWord(join(out, path))}\n`,
    );
  return exitCodes.clean;
}
