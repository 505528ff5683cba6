import { resolve } from 'node:path';
import type { Io } from '../io.ts';
import { compareFiles, writeFiles, type ComparedFile } from '../generate/write-files.ts';
import { importInstances, type ImportedFile, type ImportedInstance } from '../platform/import-instances.ts';
import { mapConcurrently } from '../platform/map-concurrently.ts';
import { askForVariables, writeVariables } from '../platform/variables-file.ts';
import type { PlatformClient } from '../platform/platform-client.ts';
import { exitCodes, SagecfgError } from '../problem/sagecfg-error.ts';
import { readSettings } from '../settings/read-settings.ts';
import { defineCommand, type OptionValues } from './command.ts';
import { inputOptions } from './shared/options.ts';
import {
  concurrencyFrom,
  openPlatform,
  platformAccountFrom,
  platformOptions,
} from './shared/platform-options.ts';
import { openPrivateText } from './shared/private-text.ts';

const options = {
  out: { type: 'string', placeholder: 'FOLDER', description: 'Where the files go (default tenants)' },
  force: { type: 'boolean', description: 'Replace files that are there already and differ' },
  'dry-run': { type: 'boolean', description: 'Say what would be written, and write nothing' },
  element: {
    type: 'string',
    placeholder: 'KEY',
    description: 'Only instances of this element (default sageone; all for every one)',
  },
  tag: { type: 'list', placeholder: 'TAG', description: 'Only instances with this tag; may be repeated' },
  'output-env': {
    type: 'string',
    placeholder: 'FILE',
    description:
      'Also write the variables that the files refer to there, with the values that the platform shows',
  },
  ...platformOptions,
  config: inputOptions.config,
} as const;

type Values = OptionValues<typeof options>;

export default defineCommand({
  summary: 'Write a file for each instance on the platform',
  options,
  examples: [
    ['sagecfg import --out tenants', 'one YAML file an instance, with references in place of secrets'],
    [
      'sagecfg import --output-env secrets.env',
      'and the secrets that the platform shows, for this user only',
    ],
  ],
  async run({ options: values, io }) {
    const settings = readSettings({
      workingDirectory: io.workingDirectory,
      ...(values.config !== undefined && { config: values.config }),
    });
    const account = platformAccountFrom(values, settings.platform, io);
    const concurrency = concurrencyFrom(values);
    await using platform = await openPlatform(account, concurrency);
    const found = await readAll(platform.client, values, concurrency);
    const files = importInstances(found);
    if (files.length === 0) {
      io.stderr.write('sagecfg: the platform has no such instance: nothing was written\n');
      return exitCodes.noInput;
    }
    const folder = resolve(io.workingDirectory, values.out ?? 'tenants');
    const compared = await compareFiles(
      folder,
      files.map(({ path, text }) => ({ path, text, isKept: values.force !== true })),
    );
    if (values['dry-run'] !== true) {
      await writeFiles(folder, compared);
      await writeEnvironment(files, values, io);
    }
    return report(compared, files, values, io);
  },
});

async function readAll(
  client: PlatformClient,
  { element = 'sageone', tag = [] }: Values,
  concurrency: number,
): Promise<readonly ImportedInstance[]> {
  const listed = await client.list();
  if (!listed.ok) throw new SagecfgError('platform', listed.failure.message);
  const wanted = listed.value.filter(
    ({ elementKey, tags }) =>
      (element === 'all' || elementKey === element) && tag.every((each) => tags.includes(each)),
  );
  const lastPollOf = createLastPollReader(client);
  return await mapConcurrently(wanted, concurrency, async ({ id, name }) => {
    const live = await client.read(id);
    if (!live.ok)
      throw new SagecfgError('platform', `${JSON.stringify(name)} (${id}): ${live.failure.message}`);
    return { live: live.value, lastPollMs: await lastPollOf(id) };
  });
}

/** Worth a question, but not a long wait: a platform that once did not tell is asked no more. */
function createLastPollReader(client: PlatformClient): (id: string) => Promise<number | undefined> {
  let isTelling = true;
  return async (id) => {
    if (!isTelling) return undefined;
    const latest = await client.latestEventMs(id);
    if (latest.ok) return latest.value;
    isTelling = false;
    return undefined;
  };
}

async function writeEnvironment(files: readonly ImportedFile[], values: Values, io: Io): Promise<void> {
  const file = values['output-env'];
  if (file === undefined) return;
  const variables = files.flatMap((each) => each.variables);
  const text = await openPrivateText(resolve(io.workingDirectory, file));
  const known = variables.filter(({ value }) => value !== undefined);
  const masked = variables.filter(({ value }) => value === undefined).map(({ name }) => name);
  await text.write(askForVariables(writeVariables(await text.read(), known), masked));
}

function report(compared: readonly ComparedFile[], files: readonly ImportedFile[], values: Values, io: Io) {
  const isDry = values['dry-run'] === true;
  const folder = values.out ?? 'tenants';
  for (const { path, state } of compared)
    io.stdout.write(`${isDry ? wouldDo[state] : done[state]} ${folder.replace(/\/+$/, '')}/${path}\n`);
  const masked = new Set(
    files.flatMap(({ variables }) =>
      variables.filter(({ value }) => value === undefined).map(({ name }) => name),
    ),
  );
  if (masked.size > 0) {
    const [first] = masked;
    io.stderr.write(
      `sagecfg: the platform masks ${masked.size === 1 ? 'a secret' : `${masked.size} secrets`}, such as ${first}: put the values into the environment before run or apply needs them\n`,
    );
  }
  const kept = compared.filter(({ state }) => state === 'kept').length;
  if (kept === 0) return exitCodes.clean;
  io.stderr.write(
    `sagecfg: ${kept === 1 ? 'a file differs' : `${kept} files differ`} from the platform and stayed as they were: --force replaces them, --out takes another folder\n`,
  );
  return exitCodes.problems;
}

const done = { new: 'wrote', different: 'replaced', same: 'unchanged', kept: 'left alone' } as const;
const wouldDo = { ...done, new: 'would write', different: 'would replace' } as const;
