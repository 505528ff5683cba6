import { isOfferedIn } from '../catalog/offered-in.ts';
import type { SageResource } from '../catalog/sage-resource.ts';
import { generateInstance, newInstanceCountry } from '../generate/generate-instance.ts';
import { generatorNames } from '../generate/generator.ts';
import { languages } from '../generate/quote.ts';
import type { Io } from '../io.ts';
import { exitCodes, SagecfgError, type ExitCode } from '../problem/sagecfg-error.ts';
import { defineCommand, type OptionValues } from './command.ts';
import { chosenResources, reportBlindSpots } from './shared/chosen-resources.ts';
import { outputOf } from './shared/deliver-texts.ts';
import { extendFiles } from './shared/extend-files.ts';
import { inputOptions } from './shared/options.ts';
import { runGenerator, sourcesOf } from './shared/run-generator.ts';
import { shellWord } from './shared/shell-word.ts';
import { soundFiles } from './shared/sound-files.ts';

const options = {
  resources: {
    type: 'list',
    placeholder: 'NAME,NAME',
    description: 'What to poll, by its name in the hub: customers,invoices',
  },
  all: {
    type: 'boolean',
    description: 'Every resource that Sage can filter by change, and has in the country of the instance',
  },
  from: {
    type: 'string',
    placeholder: 'NAME',
    description:
      'Entry to clone (default customers, or the last one); a resource that the file lacks stands for what the catalog recommends',
  },
  instance: { type: 'string', placeholder: 'NAME', description: 'Only the instance of this name' },
  provenance: {
    type: 'boolean',
    description:
      'Mark new entries with where they came from: a later generate updates what nobody has changed (a comment in YAML, sagecfg.lock.json beside the settings for JSON)',
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
    placeholder: 'NAME',
    description:
      'Language of a new configuration: yaml (default) or json; with --generator, one of its formats',
  },
  generator: {
    type: 'string',
    placeholder: 'NAME|FOLDER',
    description: `Make other files from the configuration: ${generatorNames().join(', ')}, or ./a-folder-of-your-own`,
  },
  out: {
    type: 'string',
    placeholder: 'FOLDER',
    description: 'Where a generator writes; without it a single file goes to standard output',
  },
  'dry-run': { type: 'boolean', description: 'Say what a generator would write' },
  force: { type: 'boolean', description: 'Let a generator replace files that differ' },
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
    ['sagecfg generate --check tenants/*.yaml', 'fail when what was generated with --provenance is stale'],
    ['sagecfg generate --generator docs tenants/*.yaml > polling.md', 'a page of what is polled'],
    ['sagecfg generate --generator receiver --out receiver tenants/*.yaml', 'a server that takes the events'],
  ],
  async run({ names, options: values, io }) {
    const resources = chosenResources(values);
    refuseStrayFlags(values);
    if (values.generator !== undefined) return generateFiles(values.generator, resources, names, values, io);
    if (resources.length === 0 && !isAboutFiles(names, values))
      throw new SagecfgError(
        'usage',
        'nothing to generate: name resources, such as --resources customers,invoices',
      );
    if (!isAboutFiles(names, values)) return printInstance(resources, values, io);
    return extend(resources, names, values, io);
  },
});

/** A flag that would do nothing is a misunderstanding. */
function refuseStrayFlags(values: Values): void {
  const [flags, home] =
    values.generator === undefined
      ? ([['out', 'dry-run', 'force'], 'is for a generator: add --generator NAME'] as const)
      : ([['write', 'from', 'provenance'], 'is for entries: leave out --generator'] as const);
  const stray = flags.find((flag) => values[flag] !== undefined);
  if (stray !== undefined) throw new SagecfgError('usage', `--${stray} ${home}`);
}

async function generateFiles(
  generator: string,
  resources: readonly SageResource[],
  names: readonly string[],
  values: Values,
  io: Io,
): Promise<ExitCode> {
  if (resources.length > 0 && (names.length > 0 || values.instance !== undefined))
    throw new SagecfgError('usage', 'a generator takes files or --resources, not both');
  const sound = resources.length > 0 ? { files: [], unreadable: [] } : await soundFiles(names, values, io);
  if (sound === undefined) return exitCodes.problems;
  if (sound.unreadable.length > 0) return exitCodes.unreadable;
  const { out, format, instance, check, diff } = values;
  const choice = [
    `--generator ${shellWord(generator)}`,
    ...(format === undefined ? [] : [`-f ${shellWord(format)}`]),
    ...(instance === undefined ? [] : [`--instance ${shellWord(instance)}`]),
    ...(resources.length === 0 ? [] : [choiceOf(resources, values)]),
    ...(out === undefined ? [] : [`--out ${shellWord(out)}`]),
    ...names.map(shellWord),
  ].join(' ');
  const modes = [
    ...(check === true ? (['check'] as const) : []),
    ...(diff === true ? (['diff'] as const) : []),
    ...(values['dry-run'] === true ? (['dry-run'] as const) : []),
  ];
  if (modes.length > 1) throw new SagecfgError('usage', `--${modes.join(' and --')} are one too many`);
  return runGenerator(
    sourcesOf(sound.files, resources, instance),
    {
      generator,
      format,
      out,
      output: modes[0] ?? 'write',
      isForced: values.force === true,
      color: values.color,
      choice,
    },
    io,
  );
}

function choiceOf(resources: readonly SageResource[], { all }: Values): string {
  return all === true ? '--all' : `--resources ${resources.map(({ name }) => name).join(',')}`;
}

function isAboutFiles(names: readonly string[], { write, diff, check }: Values): boolean {
  return names.length > 0 || write === true || diff === true || check === true;
}

function printInstance(resources: readonly SageResource[], values: Values, io: Io): ExitCode {
  for (const flag of ['from', 'instance', 'provenance'] as const) {
    if (values[flag] !== undefined)
      throw new SagecfgError('usage', `--${flag} needs a file: a new configuration has nothing to clone`);
  }
  const language = languages.find((candidate) => candidate === (values.format ?? 'yaml'));
  if (language === undefined)
    throw new SagecfgError(
      'usage',
      `--format ${JSON.stringify(values.format)}: expected one of ${languages.join(', ')}`,
    );
  const offered =
    values.all === true
      ? resources.filter((resource) => isOfferedIn(resource, newInstanceCountry))
      : resources;
  io.stdout.write(generateInstance(offered, language));
  reportBlindSpots(offered, io);
  return exitCodes.clean;
}

async function extend(
  resources: readonly SageResource[],
  names: readonly string[],
  values: Values,
  io: Io,
): Promise<ExitCode> {
  if (values.format !== undefined)
    throw new SagecfgError('usage', '--format is for a new configuration: a file keeps its own');
  const output = outputOf(values);
  const sound = await soundFiles(names, values, io);
  if (sound === undefined) return exitCodes.problems;
  const exitCode = await extendFiles(
    sound.files,
    {
      resources,
      onlyOffered: values.all === true,
      from: values.from,
      instance: values.instance,
      output,
      showsDiff: values.diff === true,
      color: values.color,
      choice: resources.length === 0 ? '' : choiceOf(resources, values),
      isMarking: values.provenance === true,
      lockFolder: sound.settings.folder,
    },
    io,
  );
  return sound.unreadable.length > 0 ? exitCodes.unreadable : exitCode;
}
