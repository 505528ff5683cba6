import { Secret } from '../model/secret.ts';
import type { ReferenceSources } from '../model/secret.ts';
import type { Instance } from '../model/model.ts';
import { SagecfgError } from '../problem/sagecfg-error.ts';
import type { AppCredentials } from '../sage/request-tokens.ts';
import { configurationReader, instanceIdOf, readApp } from './instance-configuration.ts';
import type { ReadConfiguration } from './instance-configuration.ts';

/** What getting a grant for an instance needs: plain values, references resolved. */
export interface AuthorisationPlan {
  readonly id: string;
  readonly app: AppCredentials;
  /** As the app has it registered at Sage. */
  readonly redirectUri: string | undefined;
  readonly country: string | undefined;
  /** The business that is polled, where the file names one. */
  readonly business: string | undefined;
  /** What `run` would begin with, were there no grant in the state. */
  readonly fileToken: Secret | undefined;
}

/** Throws `SagecfgError` where the app's credentials are missing. */
export function buildAuthorisationPlan(instance: Instance, references: ReferenceSources): AuthorisationPlan {
  const id = instanceIdOf(instance);
  const read = configurationReader(instance, references);
  return {
    id,
    app: readApp(read, id),
    redirectUri: read('oauth.callback.url'),
    country: read('country'),
    business: read('business'),
    fileToken: readFileToken(read),
  };
}

/** A token that cannot be read yet, because its variable is not set, is what an authorisation comes to replace. */
function readFileToken(read: ReadConfiguration): Secret | undefined {
  try {
    const text = read('oauth.user.refresh_token');
    return text === undefined ? undefined : new Secret(text);
  } catch (error) {
    if (error instanceof SagecfgError) return undefined;
    throw error;
  }
}
