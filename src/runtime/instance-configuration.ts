import { entryOf } from '../document/node.ts';
import { Secret, resolveReferences } from '../model/secret.ts';
import type { ReferenceSources } from '../model/secret.ts';
import type { Instance } from '../model/model.ts';
import { SagecfgError } from '../problem/sagecfg-error.ts';
import type { AppCredentials } from '../sage/request-tokens.ts';
import type { InstanceCredentials, LegacyCredentials } from './poll-plan.ts';

/** Names the instance in the state: its `name`, or the element's key where it has none. */
export function instanceIdOf({ name, elementKey }: Instance): string {
  return name?.value ?? elementKey?.value ?? 'sageone';
}

export type ReadConfiguration = (key: string) => string | undefined;

/** Reads configuration values as text, references resolved; a blank value is an absent one. */
export function configurationReader(instance: Instance, references: ReferenceSources): ReadConfiguration {
  return (key) => {
    const value = instance.configuration.get(key)?.value;
    if (value === undefined || value === null || value === '') return undefined;
    const text = resolveIn(String(value), { key, instance, references });
    if (!/^\*+$/.test(text)) return text;
    throw refusedInstance(
      instanceIdOf(instance),
      `has '${key}' masked, as the platform exports it: put the real value there`,
    );
  };
}

function resolveIn(
  text: string,
  {
    key,
    instance,
    references,
  }: { readonly key: string; readonly instance: Instance; readonly references: ReferenceSources },
): string {
  try {
    return resolveReferences(text, references);
  } catch (cause) {
    if (!(cause instanceof SagecfgError)) throw cause;
    const place = `instance '${instanceIdOf(instance)}', '${key}'`;
    throw new SagecfgError(cause.code, `${place}: ${cause.message}`, { cause });
  }
}

export function requireValue(read: ReadConfiguration, key: string, id: string): string {
  const value = read(key);
  if (value === undefined) throw refusedInstance(id, `has no '${key}'`);
  return value;
}

export function readCredentials(read: ReadConfiguration, id: string): InstanceCredentials {
  const refreshToken = read('oauth.user.refresh_token');
  return {
    ...readApp(read, id),
    refreshToken: refreshToken === undefined ? undefined : new Secret(refreshToken),
  };
}

export function readApp(read: ReadConfiguration, id: string): AppCredentials {
  return {
    clientId: requireValue(read, 'oauth.api.key', id),
    clientSecret: new Secret(requireValue(read, 'oauth.api.secret', id)),
  };
}

export function readLegacy(read: ReadConfiguration, id: string): LegacyCredentials {
  const signingSecret = read('signature.secret');
  return {
    subscriptionKey: new Secret(requireValue(read, 'apim.subscription.key', id)),
    signingSecret: signingSecret === undefined ? undefined : new Secret(signingSecret),
    site: read('resource_owner_id'),
    country: read('country'),
  };
}

/** `token` beside `name`: where an export has it, and where a reference to it belongs in a file of one's own. A mask is none. */
export function readElementToken({ node }: Instance, references: ReferenceSources): Secret | undefined {
  const written = entryOf(node, 'token')?.value;
  if (written?.kind !== 'scalar' || written.value === null) return undefined;
  const text = resolveReferences(String(written.value), references);
  return text === '' || /^\*+$/.test(text) ? undefined : new Secret(text);
}

export function refusedInstance(id: string, what: string): SagecfgError {
  return new SagecfgError('refused', `instance '${id}' ${what}`);
}
