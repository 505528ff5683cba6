import { createHash } from 'node:crypto';
import type { Answer, ReceivedRequest } from '../http/answer.ts';
import type { Endpoint } from '../http/endpoint.ts';
import type { Tenant } from '../tenant.ts';
import { renderConsentPage } from './consent-page.ts';
import type { Grants } from './grants.ts';

export interface AuthorizeOptions {
  readonly tenants: readonly Tenant[];
  readonly grants: Grants;
  /** Registered redirect addresses, compared character for character; empty accepts any on this machine. */
  readonly redirectUris: readonly string[];
}

/**
 * The page where a user says yes: at once for the tenant that `simulator_tenant` names or for the only one, and with
 * `simulator_error` for nobody; otherwise somebody has to choose. Redirects with a code, or with Sage's error.
 */
export function createAuthorizeEndpoint(options: AuthorizeOptions): Endpoint {
  return {
    name: 'authorize',
    accepts: (path) => path === '/oauth2/auth/central',
    identify: ({ query }) => ({ app: query.get('client_id') ?? undefined }),
    handle: (request) => authorize(request, options),
  };
}

function authorize(request: ReceivedRequest, { tenants, grants, redirectUris }: AuthorizeOptions): Answer {
  const { query } = request;
  const redirectUri = query.get('redirect_uri') ?? '';
  const name = query.get('simulator_tenant');
  const clientId = query.get('client_id') ?? '';
  const candidates = tenants.filter(
    (each) => each.clientId === clientId && (name === null || each.name === name),
  );
  const [tenant] = candidates;
  if (tenant === undefined) return { status: 400, body: 'unauthorized_client' };
  // An address that nobody registered must not be redirected to, not even with an error.
  if (!isRegistered(redirectUri, redirectUris)) return { status: 400, body: 'invalid_request: redirect_uri' };
  const mistake = mistakeOf(query);
  if (mistake !== undefined) return redirect(query, mistake);
  if (candidates.length > 1) return renderConsentPage(request, candidates);
  const code = grants.issueCode({
    tenant,
    redirectUri,
    scope: query.get('scope') === 'readonly' ? 'readonly' : 'full_access',
    isVerified: verification(query.get('code_challenge'), query.get('code_challenge_method')),
  });
  return redirect(query, { code, country: 'GB' });
}

function redirect(query: URLSearchParams, answer: Readonly<Record<string, string>>): Answer {
  const url = new URL(query.get('redirect_uri') ?? '');
  for (const [key, value] of Object.entries(answer)) url.searchParams.append(key, value);
  const state = query.get('state');
  if (state !== null) url.searchParams.append('state', state);
  return { status: 302, headers: { Location: url.href } };
}

function isRegistered(redirectUri: string, registered: readonly string[]): boolean {
  if (registered.length > 0) return registered.includes(redirectUri);
  return (
    URL.canParse(redirectUri) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(redirectUri).hostname)
  );
}

const emailInUse = { error: 'Invalid request', reason: 'Email already in use' };

function mistakeOf(query: URLSearchParams): Readonly<Record<string, string>> | undefined {
  const wanted = query.get('simulator_error');
  if (wanted !== null) return wanted === emailInUse.reason ? emailInUse : { error: wanted };
  if (query.get('response_type') !== 'code') return { error: 'unsupported_response_type' };
  const scope = query.get('scope');
  if (scope !== null && scope !== 'readonly' && scope !== 'full_access') return { error: 'invalid_scope' };
  const challenge = query.get('code_challenge');
  if (challenge !== null && (challenge.length < 43 || challenge.length > 128)) {
    return { error: 'invalid_request' };
  }
  const country = query.get('country')?.toLowerCase();
  if (country === undefined || country === 'gb') return undefined;
  if (country !== 'ca' && country !== 'ie') return { error: 'invalid_request' };
  // Every business of the simulator is British; this is what Sage answers for one of another country.
  return emailInUse;
}

function verification(challenge: string | null, method: string | null): (verifier?: string) => boolean {
  if (challenge === null) return () => true;
  if (method !== 'S256') return (verifier) => verifier === challenge;
  return (verifier) =>
    verifier !== undefined && createHash('sha256').update(verifier).digest('base64url') === challenge;
}
