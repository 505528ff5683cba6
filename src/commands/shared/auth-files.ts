import type { Io } from '../../io.ts';
import type { Instance } from '../../model/model.ts';
import { exitCodes, SagecfgError, type ExitCode } from '../../problem/sagecfg-error.ts';
import { buildAuthorisationPlan } from '../../runtime/authorisation-plan.ts';
import type { AuthorisationPlan } from '../../runtime/authorisation-plan.ts';
import { instanceIdOf } from '../../runtime/instance-configuration.ts';
import type { OptionValues } from '../command.ts';
import { authSettingsFrom } from './auth-options.ts';
import type { authOptions, AuthSettings } from './auth-options.ts';
import { findErrors, refuseErrors } from './find-errors.ts';
import { lintFiles, reportUnreadable, type LintedFile, type LintFilesOptions } from './lint-files.ts';
import { namedInstances } from './named-instances.ts';

export interface AuthFiles {
  readonly settings: AuthSettings;
  readonly files: readonly LintedFile[];
}

type AuthFlags = OptionValues<typeof authOptions> &
  LintFilesOptions & {
    readonly instance?: readonly string[] | undefined;
    readonly color?: string | undefined;
  };

/** Reads files to work on their grants; the exit code, after telling why, where one of the instances that are meant has an error. */
export async function readAuthFiles(
  names: readonly string[],
  flags: AuthFlags,
  io: Io,
): Promise<AuthFiles | ExitCode> {
  const { files, unreadable, settings } = await lintFiles(names, flags, io);
  reportUnreadable(unreadable, io);
  if (unreadable.length > 0) return exitCodes.unreadable;
  const meant = new Set(meantBy(files, flags.instance).map(({ file }) => file));
  const refused = findErrors([...meant]);
  if (refused.length === 0) {
    return { files, settings: authSettingsFrom(flags, settings, io.workingDirectory) };
  }
  await refuseErrors(refused, { outcome: 'nothing was authorised', color: flags.color }, io);
  return exitCodes.problems;
}

type FoundInstance = ReturnType<typeof namedInstances>[number];

function meantBy(
  files: readonly LintedFile[],
  wanted: readonly string[] | undefined,
): readonly FoundInstance[] {
  return wanted === undefined
    ? namedInstances(files, undefined)
    : [...new Set(wanted)].flatMap((name) => namedInstances(files, name));
}

/** All instances of the files, or those that are named. */
export function wantedInstances(
  { files }: AuthFiles,
  wanted: readonly string[] | undefined,
): readonly Instance[] {
  return meantBy(files, wanted).map(({ instance }) => instance);
}

/**
 * The instances that one grant is about: those that are named, or the only one.
 *
 * @throws SagecfgError `usage` where there are several to choose from, `no-input` where there is none
 */
export function chooseInstances(
  files: AuthFiles,
  wanted: readonly string[] | undefined,
): readonly [Instance, ...Instance[]] {
  const [first, ...others] = wantedInstances(files, wanted);
  if (first === undefined) throw new SagecfgError('no-input', 'the files hold no instance');
  if (wanted !== undefined || others.length === 0) return [first, ...others];
  const names = [first, ...others].map((instance) => JSON.stringify(instanceIdOf(instance)));
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : '';
  throw new SagecfgError(
    'usage',
    `which instance? Name it with --instance: ${names.slice(0, mostNamed).join(', ')}${more}. Several, when they are businesses of one user`,
  );
}

const mostNamed = 10;

export function planAuthorisations(
  [first, ...others]: readonly [Instance, ...Instance[]],
  { business }: AuthSettings,
  { environment, workingDirectory }: Io,
): readonly [AuthorisationPlan, ...AuthorisationPlan[]] {
  const planOf = (instance: Instance): AuthorisationPlan => {
    const plan = buildAuthorisationPlan(instance, { environment, workingDirectory });
    return { ...plan, business: plan.business ?? business };
  };
  return [planOf(first), ...others.map(planOf)];
}
