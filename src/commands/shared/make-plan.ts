import type { Io } from '../../io.ts';
import type { ReferenceSources } from '../../model/secret.ts';
import { planInstances, type Plan, type PlanInput } from '../../platform/plan-instances.ts';
import type { PlatformClient } from '../../platform/platform-client.ts';
import { readLiveInstances } from '../../platform/read-live.ts';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import type { OptionDefinitions, OptionValues } from '../command.ts';
import { desiredInstances } from './desired-files.ts';
import type { LintedFile, LintFilesOptions } from './lint-files.ts';
import { soundFiles, type SoundFiles } from './sound-files.ts';

/** What `plan` and `apply` both ask about what is to be done. */
export const planOptions = {
  only: {
    type: 'list',
    placeholder: 'NAME',
    description: 'Work on the instance of this name; may be repeated',
  },
  prune: {
    type: 'boolean',
    description: "Delete live instances of the files' elements that no file describes",
  },
  'with-secrets': {
    type: 'boolean',
    description: 'Also send the secrets that cannot be compared, because the platform masks them',
  },
} as const satisfies OptionDefinitions;

export type PlanFlags = OptionValues<typeof planOptions>;

/** The files, all without error; undefined after telling what is wrong. */
export async function readPlannedFiles(
  names: readonly string[],
  values: LintFilesOptions & { readonly color?: string | undefined },
  outcome: string,
  io: Io,
): Promise<SoundFiles | undefined> {
  // Here --only names instances and no rules.
  return await soundFiles(names, { ...values, only: undefined }, io, outcome);
}

/** Reads what there is and compares it with what the files want. */
export async function makePlan(
  files: readonly LintedFile[],
  flags: PlanFlags,
  {
    client,
    concurrency,
    io,
  }: { readonly client: PlatformClient; readonly concurrency: number; readonly io: Io },
): Promise<Plan> {
  const wanted = desiredInstances(files);
  const live = await readLiveInstances(client, { concurrency });
  if (!live.ok) throw new SagecfgError('platform', live.failure.message);
  const input = { ...wanted, live: live.value };
  requireNames(flags.only ?? [], input);
  return planInstances(input, {
    references: referencesOf(io),
    withSecrets: flags['with-secrets'] === true,
    prune: flags.prune === true,
    only: flags.only,
  });
}

export function referencesOf({ environment, workingDirectory }: Io): ReferenceSources {
  return { environment, workingDirectory };
}

function requireNames(only: readonly string[], { desired, refused, live }: PlanInput): void {
  const names = new Set([...desired, ...refused, ...live].map(({ name }) => name));
  const unknown = only.find((name) => !names.has(name));
  if (unknown === undefined) return;
  throw new SagecfgError(
    'usage',
    `--only: no instance is called ${JSON.stringify(unknown)}, neither in a file nor on the platform`,
  );
}
