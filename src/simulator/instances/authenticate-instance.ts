import type { Grants } from '../oauth/grants.ts';
import type { Tenant } from '../tenant.ts';
import type { PlatformError } from './platform-errors.ts';
import { platformErrors } from './platform-errors.ts';
import type { InstanceBody, JsonObject } from './read-body.ts';

/** What a creation needs before anything is created, with the platform's complaint where it is not there. */
const requiredKeys = ['oauth.api.key', 'oauth.api.secret', 'oauth.callback.url'] as const;

/** Whose data the body gives access to. A code is used up, a refresh token of `initial` is not. */
export function authenticateInstance(
  { configuration = {}, code, externalAuthentication }: InstanceBody,
  { grants, tenants }: { readonly grants: Grants; readonly tenants: readonly Tenant[] },
): { readonly tenant: Tenant } | { readonly error: PlatformError } {
  const missing = requiredKeys.find((key) => !isText(configuration[key]));
  if (missing !== undefined)
    return { error: platformErrors.badRequest(`Missing required configuration: ${missing}`) };
  const client = tenants.find(
    ({ clientId, clientSecret }) =>
      clientId === configuration['oauth.api.key'] && clientSecret === configuration['oauth.api.secret'],
  );
  if (client === undefined) return { error: platformErrors.provider('invalid_client') };
  const token = configuration['oauth.user.refresh_token'];
  if (externalAuthentication === 'initial') {
    const tenant = isText(token) ? grants.tenantOf(token) : undefined;
    return tenant === undefined ? { error: platformErrors.provider('invalid_grant') } : { tenant };
  }
  if (code === undefined)
    return { error: platformErrors.badRequest('Missing required parameter: providerData.code') };
  const redirectUri = textOf(configuration, 'oauth.callback.url');
  const exchanged = grants.exchange(code, { redirectUri, verifier: undefined });
  return exchanged.ok
    ? { tenant: exchanged.tokens.tenant }
    : { error: platformErrors.provider('invalid_grant') };
}

function textOf(configuration: JsonObject, key: string): string {
  const value = configuration[key];
  return isText(value) ? value : '';
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
