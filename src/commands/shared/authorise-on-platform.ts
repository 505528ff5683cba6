import type { Io } from '../../io.ts';
import { applyPlan, findObstacles } from '../../platform/apply-plan.ts';
import type { ActionOutcome } from '../../platform/apply-ports.ts';
import { planLogins } from '../../platform/log-in.ts';
import { exitCodes, SagecfgError, type ExitCode } from '../../problem/sagecfg-error.ts';
import { visibleText } from '../../report/visible-text.ts';
import { systemClock } from '../../sage/clock.ts';
import type { OptionValues } from '../command.ts';
import { askOptionsFrom, type askOptions } from './ask-options.ts';
import type { AuthFiles } from './auth-files.ts';
import { makePlan, referencesOf } from './make-plan.ts';
import { openRegistrations, type registrationOptions } from './open-registrations.ts';
import { openPlatform, platformAccountFrom, type accountOptions } from './platform-options.ts';
import { createPlatformLogin } from './platform-login.ts';

type PlatformLoginFlags = OptionValues<typeof askOptions> &
  OptionValues<typeof registrationOptions> &
  OptionValues<typeof accountOptions> & { readonly scope?: string | undefined };

/**
 * Gives the platform new access to the named instances, whose users are asked one after the other: those that it has log
 * in again and keep id and token, the others are created. The code goes from the redirect into the one request.
 */
export async function authoriseOnPlatform(
  names: readonly string[],
  { files, settings }: AuthFiles,
  { flags, io }: { readonly flags: PlatformLoginFlags; readonly io: Io },
): Promise<ExitCode> {
  const account = platformAccountFrom(flags, settings.platform, io);
  await using platform = await openPlatform(account, 1);
  const only = { only: names, prune: undefined, 'with-secrets': undefined };
  const plan = planLogins(await makePlan(files, only, { ...platform, concurrency: 1, io }));
  const references = referencesOf(io);
  const [obstacle] = findObstacles(plan, { references, canLogIn: true });
  if (obstacle !== undefined)
    throw new SagecfgError('refused', `instance '${obstacle.name}': ${obstacle.why}`);
  await using kept = await openRegistrations(plan, { flags, settings: settings.runtime, io });
  const outcomes = await applyPlan(plan, {
    ...platform,
    ...kept,
    references,
    platform: account.baseUrl,
    clock: systemClock,
    concurrency: 1,
    settleMs,
    logIn: createPlatformLogin({
      ...askOptionsFrom(flags, io),
      account,
      http: platform.http,
      scope: flags.scope,
      io,
    }),
    // Each question ends at Ctrl-C; what has been answered comes to its end.
    signal: new AbortController().signal,
    report: (outcome) => tell(outcome, kept.place, io),
  });
  return outcomes.every(({ status }) => status === 'done') ? exitCodes.clean : exitCodes.problems;
}

/** How long a creation whose answer is lost may still be under way, as `apply` has it. */
const settleMs = 10_000;

function tell({ action, name, id, status, message }: ActionOutcome, place: string, io: Io): void {
  const note = message === undefined ? '' : `; ${visibleText(message)}`;
  if (status !== 'done')
    io.stderr.write(`sagecfg: ${visibleText(name)}: ${visibleText(message ?? 'not authorised')}\n`);
  else {
    const done = action === 'create' ? `created as ${id}` : `${id} has logged in again`;
    io.stdout.write(`${visibleText(name)}: ${done}; its id and token are in ${place}${note}\n`);
  }
}
