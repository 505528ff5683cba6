import type { Answer, ReceivedRequest } from '../http/answer.ts';
import { headerOf, jsonAnswer } from '../http/answer.ts';
import type { Endpoint } from '../http/endpoint.ts';
import type { Tenant } from '../tenant.ts';
import type { ClientAuthentication } from './client-authentication.ts';
import { isKnownClient, readClientAuthentication } from './client-authentication.ts';
import type { GrantResult, Grants, IssuedTokens } from './grants.ts';

export interface TokenOptions {
  readonly tenants: readonly Tenant[];
  readonly grants: Grants;
  readonly countClientAuthentication: (way: ClientAuthentication['way']) => void;
}

/** Exchanges a code, and renews. Every mistake is a 400 with `error`, a wrong client too. */
export function createTokenEndpoint(options: TokenOptions): Endpoint {
  return tokenEndpoint({ name: 'token', path: '/token', render: currentBody }, options);
}

/** The same for the v3 API, whose answer says whose data the token opens, and nothing of the refresh token's end. */
export function createLegacyTokenEndpoint(options: TokenOptions): Endpoint {
  return tokenEndpoint({ name: 'legacy-token', path: '/oauth2/token', render: legacyBody }, options);
}

interface TokenDoor {
  readonly name: string;
  readonly path: string;
  readonly render: (tokens: IssuedTokens) => unknown;
}

function tokenEndpoint({ name, path: ownPath, render }: TokenDoor, options: TokenOptions): Endpoint {
  return {
    name,
    accepts: (path) => path === ownPath,
    identify: (request) => {
      const form = formOf(request);
      const secret = form.get('refresh_token') ?? form.get('code') ?? '';
      const tenant = options.grants.tenantOf(secret)?.name;
      const isRefresh = form.get('grant_type') === 'refresh_token';
      return {
        app: readClientAuthentication(request, form)?.clientId,
        tenant,
        grant: isRefresh ? (tenant ?? 'unknown') : undefined,
      };
    },
    handle: (request) => answerToken(request, render, options),
  };
}

/** Ends a grant: its refresh token is dead at once, its access tokens die of age. */
export function createRevokeEndpoint({ tenants, grants, countClientAuthentication }: TokenOptions): Endpoint {
  return {
    name: 'revoke',
    accepts: (path) => path === '/revoke',
    identify: (request) => {
      const form = formOf(request);
      return {
        app: readClientAuthentication(request, form)?.clientId,
        tenant: grants.tenantOf(form.get('token') ?? '')?.name,
      };
    },
    handle: (request) => {
      const form = formOf(request);
      const client = readClientAuthentication(request, form);
      if (request.method !== 'POST' || !form.has('token')) return oauthError('invalid_request');
      if (client === undefined || !isKnownClient(client, tenants)) return oauthError('invalid_client');
      countClientAuthentication(client.way);
      const isRevoked = grants.revoke(form.get('token') ?? '');
      return isRevoked ? jsonAnswer(200, { success: 'ok' }) : oauthError('invalid_grant');
    },
  };
}

function answerToken(
  request: ReceivedRequest,
  render: TokenDoor['render'],
  { tenants, grants, countClientAuthentication }: TokenOptions,
): Answer {
  const form = formOf(request);
  const client = readClientAuthentication(request, form);
  if (request.method !== 'POST' || client === undefined) return oauthError('invalid_request');
  if (!isKnownClient(client, tenants)) return oauthError('invalid_client');
  countClientAuthentication(client.way);
  switch (form.get('grant_type')) {
    case 'authorization_code': {
      const code = form.get('code');
      const redirectUri = form.get('redirect_uri');
      if (code === null || redirectUri === null) return oauthError('invalid_request');
      const verifier = form.get('code_verifier') ?? undefined;
      return tokenAnswer(grants.exchange(code, { redirectUri, verifier }), render);
    }
    case 'refresh_token': {
      const token = form.get('refresh_token');
      return token === null ? oauthError('invalid_request') : tokenAnswer(grants.refresh(token), render);
    }
    case null:
      return oauthError('invalid_request');
    default:
      return oauthError('unsupported_grant_type');
  }
}

function tokenAnswer(result: GrantResult, render: TokenDoor['render']): Answer {
  if (!result.ok) return oauthError('invalid_grant');
  return jsonAnswer(200, render(result.tokens), { 'Cache-Control': 'no-store' });
}

function currentBody(tokens: IssuedTokens): unknown {
  return {
    access_token: tokens.accessToken,
    scope: tokens.scope,
    token_type: 'bearer',
    expires_in: tokens.expiresInSeconds,
    refresh_token: tokens.refreshToken,
    refresh_token_expires_in: tokens.refreshTokenExpiresInSeconds,
    requested_by_id: tokens.requestedById,
  };
}

function legacyBody({ tenant, ...tokens }: IssuedTokens): unknown {
  return {
    access_token: tokens.accessToken,
    scopes: tokens.scope,
    token_type: 'bearer',
    expires_in: tokens.expiresInSeconds,
    refresh_token: tokens.refreshToken,
    resource_owner_id: tenant.resourceOwnerId,
  };
}

function oauthError(error: string): Answer {
  return jsonAnswer(400, { error });
}

/** Empty when the body is not a form, so that every required field is missing. */
function formOf(request: ReceivedRequest): URLSearchParams {
  const type = headerOf(request, 'content-type') ?? '';
  const isForm = type.toLowerCase().startsWith('application/x-www-form-urlencoded');
  return new URLSearchParams(isForm ? request.body.toString() : '');
}
