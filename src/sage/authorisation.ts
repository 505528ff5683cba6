import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Secret } from '../model/secret.ts';
import { explainOauthError } from './oauth-errors.ts';
import type { ExplainedOauthError } from './oauth-errors.ts';

/** The countries whose businesses the consent page knows today. */
const countries = new Set(['ca', 'gb', 'ie']);

/** What one attempt to get a grant is known by; made anew for each. */
export interface Attempt {
  /** Comes back with the redirect: an answer without it is not ours. */
  readonly state: string;
  /** Proves that whoever exchanges the code asked for it (PKCE). */
  readonly verifier: Secret;
}

export function beginAttempt(): Attempt {
  return { state: randomText(), verifier: new Secret(randomText()) };
}

/** 43 characters, the shortest that PKCE takes: as many random bits as a hash of them has. */
function randomText(): string {
  return randomBytes(32).toString('base64url');
}

/** The address of the page where a user gives access. What `authorizeUrl` has behind its question mark stays. */
export function buildAuthorisationUrl({
  authorizeUrl,
  clientId,
  redirectUri,
  scope,
  country,
  attempt,
}: {
  readonly authorizeUrl: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scope: string;
  /** Of the instance; one that Sage no longer has is left out, so that the page asks. */
  readonly country: string | undefined;
  readonly attempt: Attempt;
}): URL {
  const url = new URL(authorizeUrl);
  const fields = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope,
    state: attempt.state,
    code_challenge: createHash('sha256').update(attempt.verifier.reveal()).digest('base64url'),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
  const known = country?.toLowerCase();
  if (known !== undefined && countries.has(known)) url.searchParams.set('country', known);
  return url;
}

export type RedirectAnswer =
  /** The code is good for 60 seconds. */
  | { readonly kind: 'code'; readonly code: Secret; readonly country: string | undefined }
  | { readonly kind: 'refused'; readonly error: ExplainedOauthError }
  /** Not an answer to this attempt; `why` is a clause without secrets. */
  | { readonly kind: 'stray'; readonly why: string };

/** Reads what a redirect brought. A code counts only with the attempt's own state; Sage's odd errors may come without. */
export function readRedirect(query: URLSearchParams, { state }: Attempt): RedirectAnswer {
  const [code, error, answeredState] = ['code', 'error', 'state'].map((name) => query.getAll(name));
  if ([code, error, answeredState].some((values) => values !== undefined && values.length > 1))
    return { kind: 'stray', why: 'it says the same thing twice' };
  const given = answeredState?.[0];
  if (given !== undefined && !isEqual(given, state))
    return { kind: 'stray', why: "its state is another one's: an old page, or somebody else's" };
  if (error?.[0] !== undefined) {
    const refusal = explainOauthError('consent', error[0], query.get('reason') ?? undefined);
    return { kind: 'refused', error: refusal };
  }
  if (code?.[0] === undefined || code[0] === '')
    return { kind: 'stray', why: 'it has neither code nor error' };
  if (given === undefined) return { kind: 'stray', why: 'it has no state' };
  return { kind: 'code', code: new Secret(code[0]), country: query.get('country') ?? undefined };
}

/** In the same time wherever they differ. */
function isEqual(left: string, right: string): boolean {
  const [a, b] = [left, right].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
