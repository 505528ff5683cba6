import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Io } from '../io.ts';
import { didYouMean } from '../problem/did-you-mean.ts';
import { exitCodes, SagecfgError, type ExitCode } from '../problem/sagecfg-error.ts';
import { instanceIdOf } from '../runtime/instance-configuration.ts';
import type { SourceKind } from '../runtime/source-kind.ts';
import { systemClock } from '../sage/clock.ts';
import { defineCommand, type OptionValues } from './command.ts';
import { askOptions, askOptionsFrom } from './shared/ask-options.ts';
import { chooseInstances, planAuthorisations, readAuthFiles, wantedInstances } from './shared/auth-files.ts';
import type { AuthFiles } from './shared/auth-files.ts';
import { authOptions } from './shared/auth-options.ts';
import { grantStatuses, needsAuthorisation, renderStatuses } from './shared/grant-status.ts';
import { registrationOptions } from './shared/open-registrations.ts';
import { inputOptions } from './shared/options.ts';
import { accountOptions } from './shared/platform-options.ts';

const options = {
  instance: {
    type: 'list',
    placeholder: 'NAME',
    description: 'Which instance; several, repeated, share one grant: businesses of the same user',
  },
  through: {
    type: 'string',
    choices: ['sage', 'platform'],
    description:
      'Who gets the grant: you, for run (default sage), or the hosted platform, for an instance that it has or will have',
  },
  scope: {
    type: 'string',
    choices: ['readonly', 'full_access'],
    description:
      'What the grant allows (default readonly, which is all that run needs; the platform has its own)',
  },
  'redirect-uri': {
    type: 'string',
    placeholder: 'URL',
    description: "Where Sage sends the browser back to (default 'oauth.callback.url' of the file)",
  },
  ...askOptions,
  local: { type: 'boolean', description: 'With revoke: forget the grant here without asking Sage' },
  format: {
    type: 'string',
    alias: 'f',
    choices: ['text', 'json'],
    description: 'Form of status (default text)',
  },
  ...authOptions,
  'output-env': {
    ...registrationOptions['output-env'],
    description: 'With --through platform: keep id and token there, as variables, instead of in the state',
  },
  ...accountOptions,
  ...inputOptions,
} as const;

type Values = OptionValues<typeof options>;

export default defineCommand({
  summary: 'Get access to a business at Sage, for run; show and revoke it',
  positional: {
    name: 'files..',
    description: 'Files, globs or folders; status or revoke before them for that',
    words: ['status', 'revoke'],
  },
  options,
  examples: [
    ['sagecfg auth acme.yaml', 'opens the page of Sage, takes the answer, keeps the grant in the state'],
    ['sagecfg auth --instance acme --paste', 'the browser is on another machine'],
    [
      'sagecfg auth --through platform --instance acme',
      'the hosted platform logs in again, or gets the instance',
    ],
    ['sagecfg auth status', 'who is authorised, and until when; exit code 1 where somebody is not'],
    ['sagecfg auth revoke --instance acme', 'ends the grant at Sage, and forgets it here'],
  ],
  async run({ names, options: values, io }) {
    const [action = '', ...files] = names;
    refuseHere(action, values);
    if (action === 'status') return showStatus(files, values, io);
    if (action === 'revoke') return revoke(files, values, io);
    refuseMisspelt(action, io);
    return authorise(names, values, io);
  },
});

/** The platform says nothing of its grants, and gives none back. */
function refuseHere(action: string, { through }: Values): void {
  if (through !== 'platform' || !['status', 'revoke'].includes(action)) return;
  const instead =
    action === 'status' ? 'sagecfg plan shows its instances' : 'delete or disable the instance there';
  throw new SagecfgError(
    'usage',
    `auth ${action} is about your own grants: leave out --through platform; ${instead}`,
  );
}

/** What is nearly an action, and no file, was hardly meant as a file. */
function refuseMisspelt(name: string, { workingDirectory }: Io): void {
  const meant = didYouMean(name, ['status', 'revoke']);
  if (meant === undefined || existsSync(resolve(workingDirectory, name))) return;
  throw new SagecfgError('usage', `${JSON.stringify(name)} is no file; did you mean sagecfg auth ${meant}?`);
}

async function authorise(names: readonly string[], values: Values, io: Io): Promise<ExitCode> {
  const read = await readAuthFiles(names, values, io);
  if (typeof read === 'number') return read;
  const { settings } = read;
  if (values.through === 'platform') return authoriseThere(read, values, io);
  requireOwnGrant(settings.source);
  const plans = planAuthorisations(chooseInstances(read, values.instance), settings, io);
  const { openToAuthorise } = await import('./shared/open-for-auth.ts');
  await using opened = await openToAuthorise(settings, io);
  const { authoriseInstances } = await import('./shared/authorise-instances.ts');
  const asked = {
    addresses: settings.addresses,
    scope: values.scope ?? 'readonly',
    redirectUri: values['redirect-uri'],
    ...askOptionsFrom(values, io),
  };
  await authoriseInstances(plans, asked, { ...opened, io, now: systemClock.now });
  return exitCodes.clean;
}

async function authoriseThere(read: AuthFiles, flags: Values, io: Io): Promise<ExitCode> {
  if (flags['redirect-uri'] !== undefined)
    throw new SagecfgError(
      'usage',
      "--redirect-uri: the platform exchanges the code with 'oauth.callback.url' of the file: change it there",
    );
  const names = chooseInstances(read, flags.instance).map(instanceIdOf);
  const { authoriseOnPlatform } = await import('./shared/authorise-on-platform.ts');
  return await authoriseOnPlatform(names, read, { flags, io });
}

/** Whether there is a grant of v3.1 to speak of, where the records are read. */
function requireOwnGrant(source: SourceKind): void {
  if (source === 'sage' || source === 'simulator') return;
  const instead = {
    hub: 'source hub reads by the access that the platform has: sagecfg auth --through platform renews that',
    recorded: 'source recorded reads files, for which nobody has to give access',
    'sage-legacy':
      "source sage-legacy reads the API that Sage ended on 31 July 2026, whose grants auth does not get: run begins with 'oauth.user.refresh_token' of the file",
  }[source];
  throw new SagecfgError('usage', `${instead}; --source sage is the API of today`);
}

/** Reads beside a `run` that has the state: whoever asks at 3 a.m. must not have to stop it. */
async function showStatus(names: readonly string[], values: Values, io: Io): Promise<ExitCode> {
  const read = await readAuthFiles(names, values, io);
  if (typeof read === 'number') return read;
  requireOwnGrant(read.settings.source);
  const { listGrants } = await import('../runtime/open-storage.ts');
  const nowMs = systemClock.now();
  const named = wantedInstances(read, values.instance).map((instance) => ({
    id: instanceIdOf(instance),
    hasFileToken: instance.configuration.has('oauth.user.refresh_token'),
  }));
  const all = grantStatuses(named, await listGrants(read.settings.store, io), nowMs);
  const statuses = values.instance === undefined ? all : all.filter(({ isNamed }) => isNamed);
  io.stdout.write(
    values.format === 'json' ? `${JSON.stringify(statuses)}\n` : renderStatuses(statuses, nowMs),
  );
  return statuses.some(needsAuthorisation) ? exitCodes.problems : exitCodes.clean;
}

async function revoke(names: readonly string[], values: Values, io: Io): Promise<ExitCode> {
  const read = await readAuthFiles(names, values, io);
  if (typeof read === 'number') return read;
  requireOwnGrant(read.settings.source);
  const instances = chooseInstances(read, values.instance);
  const { openToRevoke } = await import('./shared/open-for-auth.ts');
  await using opened = await openToRevoke(read.settings, io);
  const { grants } = opened.state.store;
  const { forgetGrants, revokeGrants } = await import('./shared/revoke-grants.ts');
  if (values.local === true) {
    await forgetGrants(instances.map(instanceIdOf), { grants, io });
    return exitCodes.clean;
  }
  const plans = planAuthorisations(instances, read.settings, io);
  const { revokeUrl } = read.settings.addresses;
  // Awaited here, because the state closes with this function.
  return await revokeGrants(plans, { revokeUrl, grants, http: opened.http, io, now: systemClock.now });
}
