import { listResources, findResource, type SageResource } from '../catalog/sage-resource.ts';
import { suggestResource } from '../catalog/suggest-resource.ts';
import { extendText, type ExtendedText } from '../generate/extend-text.ts';
import { generateInstance } from '../generate/generate-instance.ts';
import { languages, type Language } from '../generate/quote.ts';
import { writeText } from '../input/write-text.ts';
import type { Io } from '../io.ts';
import { lintText, type LintedText } from '../lint/lint-text.ts';
import { exitCodes, SagecfgError, type ExitCode } from '../problem/sagecfg-error.ts';
import { loadFormat } from '../report/formats/index.ts';
import { maskRanges } from '../report/mask-ranges.ts';
import { paint, wantsColour } from '../report/paint.ts';
import { unifiedDiff } from '../report/unified-diff.ts';
import { version } from '../version.ts';
import { defineCommand, type OptionValues } from './command.ts';
import { lintFiles, reportUnreadable, type LintedFile } from './shared/lint-files.ts';
import { inputOptions } from './shared/options.ts';

const options = {
  resources: {
    type: 'list',
    placeholder: 'NAME,NAME',
    description: 'What to poll, by its name in the hub: customers,invoices',
  },
  from: {
    type: 'string',
    placeholder: 'NAME',
    description: 'Entry to clone (default customers, or the last one where there is none)',
  },
  write: { type: 'boolean', description: 'Write the files; without it the result goes to standard output' },
  diff: { type: 'boolean', description: 'Show what would change' },
  check: {
    type: 'boolean',
    description: 'Write nothing; exit code 1 when an entry is missing or reads another resource',
  },
  format: {
    type: 'string',
    alias: 'f',
    choices: languages,
    description: 'Language of a new configuration (default yaml); a file keeps its own',
  },
  ...inputOptions,
} as const;

type Values = OptionValues<typeof options>;

export default defineCommand({
  summary: 'Make configuration for more resources: a new file, or entries in a file as it is written',
  positional: { name: 'files..', description: 'Files to extend, globs or folders; - for standard input' },
  options,
  examples: [
    ['sagecfg generate --resources customers,invoices', 'a new configuration, on standard output'],
    ['sagecfg generate --resources invoices --diff acme.yaml', 'show the entry that would be added'],
    ['sagecfg generate --resources invoices --write tenants/*.yaml', 'add it to every tenant'],
    ['sagecfg generate --resources invoices --check tenants/*.yaml', 'fail when a tenant lacks it'],
  ],
  async run({ names, options: values, io }) {
    const resources = (values.resources ?? []).flatMap((list) => list.split(',')).map(pollableResource);
    if (resources.length === 0)
      throw new SagecfgError(
        'usage',
        'nothing to generate: name resources, such as --resources customers,invoices',
      );
    const unique = [...new Set(resources)];
    if (!isAboutFiles(names, values)) return printInstance(unique, values, io);
    return extendFiles(unique, names, values, io);
  },
});

function isAboutFiles(names: readonly string[], { write, diff, check }: Values): boolean {
  return names.length > 0 || write === true || diff === true || check === true;
}

function pollableResource(written: string): SageResource {
  const name = written.trim();
  const resource = findResource(name);
  if (resource === undefined) throw unknownResource(name);
  if (resource.changeFilter !== undefined) return resource;
  const [spot] = resource.blindSpots;
  throw new SagecfgError(
    'usage',
    `--resources: "${name}" cannot be polled. ${spot?.why ?? ''} Instead, ${resource.alternative ?? 'read it whole'}.`,
  );
}

function unknownResource(name: string): SagecfgError {
  const suggestion = suggestResource(name);
  const pollable = listResources().filter(({ changeFilter }) => changeFilter !== undefined);
  const hint =
    suggestion === undefined
      ? `expected one of ${pollable.map((resource) => resource.name).join(', ')}`
      : `did you mean "${suggestion}"?`;
  return new SagecfgError('usage', `--resources: Sage has no resource ${JSON.stringify(name)}: ${hint}`);
}

function printInstance(resources: readonly SageResource[], values: Values, io: Io): ExitCode {
  if (values.from !== undefined)
    throw new SagecfgError('usage', '--from needs a file: a new configuration has nothing to clone');
  const language = languages.find((candidate) => candidate === values.format) ?? 'yaml';
  io.stdout.write(generateInstance(resources, language satisfies Language));
  reportNotes(resources, [], io);
  return exitCodes.clean;
}

interface Outcome {
  readonly file: LintedFile;
  readonly extended: ExtendedText;
}

async function extendFiles(
  resources: readonly SageResource[],
  names: readonly string[],
  values: Values,
  io: Io,
): Promise<ExitCode> {
  if (values.format !== undefined)
    throw new SagecfgError('usage', '--format is for a new configuration: a file keeps its own');
  if (values.check === true && values.write === true)
    throw new SagecfgError('usage', '--check writes nothing: leave out --write');
  const { files, unreadable } = await lintFiles(names, values, io);
  reportUnreadable(unreadable, io);
  if (
    files.length + unreadable.length > 1 &&
    values.write !== true &&
    values.diff !== true &&
    values.check !== true
  )
    throw new SagecfgError(
      'usage',
      'several files cannot go to standard output together: add --write, --diff or --check',
    );
  const sound = files.map(relintStrictly);
  const refused = sound.filter(({ linted }) => hasErrors(linted));
  if (refused.length > 0) return refuse(refused, values, io);

  const outcomes = sound.map((file) => ({ file, extended: extendFile(file, resources, values.from) }));
  const exitCode = await deliver(outcomes, resources, values, io);
  reportNotes(resources, outcomes, io);
  return unreadable.length > 0 ? exitCodes.unreadable : exitCode;
}

/** What a rule makes an error stays one here, whatever the settings say: nothing is built on a broken file. */
function relintStrictly(file: LintedFile): LintedFile {
  const { severities: _severities, ...strict } = file.options;
  return { ...file, linted: lintText(file.input.text, strict), options: strict };
}

function hasErrors({ problems }: LintedText): boolean {
  return problems.some(({ severity }) => severity === 'error');
}

async function refuse(refused: readonly LintedFile[], values: Values, io: Io): Promise<ExitCode> {
  const format = await loadFormat('pretty');
  const checked = refused.map(({ input, linted }) => ({
    name: input.name,
    text: linted.text,
    problems: linted.problems.filter(({ severity }) => severity === 'error'),
    secretRanges: linted.secrets.ranges,
  }));
  const colour = wantsColour(values.color, io.environment, io.isTerminal);
  io.stderr.write(format(checked, { colour, width: io.columns, toolVersion: version }));
  const names = refused.map(({ input }) => shellWord(input.name)).join(' ');
  io.stderr.write(`sagecfg: nothing was generated: mend the errors first, sagecfg validate --fix ${names}\n`);
  return exitCodes.problems;
}

function extendFile(
  { input, linted, options: lintOptions }: LintedFile,
  resources: readonly SageResource[],
  from: string | undefined,
): ExtendedText {
  try {
    return extendText(linted, { resources, from }, lintOptions);
  } catch (error) {
    if (!(error instanceof SagecfgError)) throw error;
    throw new SagecfgError(error.code, `${input.name}: ${error.message}`, { cause: error });
  }
}

async function deliver(
  outcomes: readonly Outcome[],
  resources: readonly SageResource[],
  values: Values,
  io: Io,
): Promise<ExitCode> {
  if (values.diff === true) await showDiff(outcomes, values, io);
  if (values.check === true) return check(outcomes, resources, values, io);
  if (values.write === true) await writeFiles(outcomes, io);
  else if (values.diff !== true) for (const { extended } of outcomes) io.stdout.write(extended.text);
  return exitCodes.clean;
}

function check(
  outcomes: readonly Outcome[],
  resources: readonly SageResource[],
  { from }: Values,
  io: Io,
): ExitCode {
  const names = resources.map(({ name }) => name).join(',');
  const clone = from === undefined ? '' : ` --from ${from}`;
  for (const { file, extended } of outcomes) {
    for (const { message } of extended.gaps) {
      const command = `sagecfg generate --resources ${names}${clone} --write ${shellWord(file.input.name)}`;
      io.stdout.write(`${file.input.name}: ${message}; to mend it: ${command}\n`);
    }
  }
  return outcomes.some(({ extended }) => extended.gaps.length > 0) ? exitCodes.problems : exitCodes.clean;
}

/** As it can be pasted into a shell. */
function shellWord(name: string): string {
  return /^[\w./-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}

async function showDiff(outcomes: readonly Outcome[], values: Values, io: Io): Promise<void> {
  const style = paint(wantsColour(values.color, io.environment, io.isTerminal));
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
      ({ kind, resource }) => `${kind === 'missing' ? 'added' : 'mended'} "${resource}"`,
    );
    io.stderr.write(`${name}: ${added.length === 0 ? 'nothing to do' : added.join(', ')}\n`);
  }
}

/** What the new entries leave out, and what nobody will see through them. */
function reportNotes(resources: readonly SageResource[], outcomes: readonly Outcome[], io: Io): void {
  for (const { file, extended } of outcomes)
    for (const note of extended.notes) io.stderr.write(`${file.input.name}: ${note}\n`);
  for (const { caveat, blindSpots, name } of resources) {
    const sentences = [...blindSpots.map(({ why }) => why), ...(caveat === undefined ? [] : [caveat])];
    for (const sentence of sentences) io.stderr.write(`note on "${name}": ${sentence}\n`);
  }
}
