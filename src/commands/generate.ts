import type { SageResource } from '../catalog/sage-resource.ts';
import { generateInstance } from '../generate/generate-instance.ts';
import { languages, type Language } from '../generate/quote.ts';
import type { Io } from '../io.ts';
import { exitCodes, SagecfgError, type ExitCode } from '../problem/sagecfg-error.ts';
import { defineCommand, type OptionValues } from './command.ts';
import { chosenResources, reportBlindSpots } from './shared/chosen-resources.ts';
import { extendFiles } from './shared/extend-files.ts';
import { soundFiles } from './shared/sound-files.ts';
import { inputOptions } from './shared/options.ts';

const options = {
  resources: {
    type: 'list',
    placeholder: 'NAME,NAME',
    description: 'What to poll, by its name in the hub: customers,invoices',
  },
  all: { type: 'boolean', description: 'Every resource that Sage can filter by change' },
  from: {
    type: 'string',
    placeholder: 'NAME',
    description:
      'Entry to clone (default customers, or the last one); a resource that the file lacks stands for what the catalog recommends',
  },
  instance: { type: 'string', placeholder: 'NAME', description: 'Only the instance of this name' },
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
    const resources = chosenResources(values);
    if (resources.length === 0)
      throw new SagecfgError(
        'usage',
        'nothing to generate: name resources, such as --resources customers,invoices',
      );
    if (!isAboutFiles(names, values)) return printInstance(resources, values, io);
    return extend(resources, names, values, io);
  },
});

function isAboutFiles(names: readonly string[], { write, diff, check }: Values): boolean {
  return names.length > 0 || write === true || diff === true || check === true;
}

function printInstance(resources: readonly SageResource[], values: Values, io: Io): ExitCode {
  for (const flag of ['from', 'instance'] as const) {
    if (values[flag] !== undefined)
      throw new SagecfgError('usage', `--${flag} needs a file: a new configuration has nothing to clone`);
  }
  const language = languages.find((candidate) => candidate === values.format) ?? 'yaml';
  io.stdout.write(generateInstance(resources, language satisfies Language));
  reportBlindSpots(resources, io);
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
  if (output === 'print' && sound.files.length + sound.unreadable.length > 1)
    throw new SagecfgError(
      'usage',
      'several files cannot go to standard output together: add --write, --diff or --check',
    );
  const exitCode = await extendFiles(
    sound.files,
    {
      resources,
      from: values.from,
      instance: values.instance,
      output,
      showsDiff: values.diff === true,
      color: values.color,
      choice: values.all === true ? '--all' : `--resources ${resources.map(({ name }) => name).join(',')}`,
    },
    io,
  );
  return sound.unreadable.length > 0 ? exitCodes.unreadable : exitCode;
}

function outputOf({ write, check, diff }: Values): 'print' | 'write' | 'check' | 'diff' {
  if (check === true && write === true)
    throw new SagecfgError('usage', '--check writes nothing: leave out --write');
  if (check === true) return 'check';
  if (write === true) return 'write';
  return diff === true ? 'diff' : 'print';
}
