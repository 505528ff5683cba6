import { Secret } from '../model/secret.ts';
import type { HttpResponse, SendHttp } from './http.ts';
import { classifyResponse, networkFailure } from './sage-failure.ts';
import type { SageFailure } from './sage-failure.ts';

/** What one authorisation gives: a short-lived access token and the only refresh token that is still good. */
export interface TokenPair {
  readonly accessToken: Secret;
  readonly refreshToken: Secret;
  /** Epoch milliseconds. */
  readonly accessExpiresMs: number;
  /** Epoch milliseconds; undefined where the server gives no lifetime, as the legacy one. */
  readonly refreshExpiresMs: number | undefined;
}

export interface AppCredentials {
  readonly clientId: string;
  readonly clientSecret: Secret;
}

export type RefreshResult =
  | { readonly kind: 'refreshed'; readonly tokens: TokenPair }
  /** The refresh token is used, superseded, revoked or expired; Sage says the same for all. */
  | { readonly kind: 'invalid-grant' }
  | { readonly kind: 'failed'; readonly failure: SageFailure };

/** Trades a refresh token for a new pair. The given token is dead once Sage has answered, also when the answer gets lost. */
export async function refreshTokens(
  request: {
    readonly tokenUrl: string;
    readonly app: AppCredentials;
    readonly refreshToken: Secret;
  },
  { send, now }: { readonly send: SendHttp; readonly now: () => number },
): Promise<RefreshResult> {
  const { tokenUrl, app, refreshToken } = request;
  const body = new URLSearchParams({
    client_id: app.clientId,
    client_secret: app.clientSecret.reveal(),
    grant_type: 'refresh_token',
    refresh_token: refreshToken.reveal(),
  });
  try {
    const response = await send({
      method: 'POST',
      url: new URL(tokenUrl),
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: body.toString(),
    });
    return readTokenResponse(response, { usedToken: refreshToken, nowMs: now() });
  } catch (error) {
    return { kind: 'failed', failure: networkFailure(error) };
  }
}

function readTokenResponse(
  response: HttpResponse,
  { usedToken, nowMs }: { readonly usedToken: Secret; readonly nowMs: number },
): RefreshResult {
  const body = parseObject(response.text);
  if (response.status !== 200) return readTokenError(response, body, nowMs);
  const accessToken = body['access_token'];
  if (typeof accessToken !== 'string') {
    const message = 'the token endpoint answered 200 without an access token';
    return { kind: 'failed', failure: { kind: 'malformed', message } };
  }
  const refreshToken = body['refresh_token'];
  const refreshLifetime = secondsOf(body['refresh_token_expires_in']);
  return {
    kind: 'refreshed',
    tokens: {
      accessToken: new Secret(accessToken),
      // The legacy server may leave the refresh token out where it did not change.
      refreshToken: typeof refreshToken === 'string' ? new Secret(refreshToken) : usedToken,
      accessExpiresMs: nowMs + (secondsOf(body['expires_in']) ?? defaultAccessSeconds) * 1000,
      refreshExpiresMs: refreshLifetime === undefined ? undefined : nowMs + refreshLifetime * 1000,
    },
  };
}

/** The documented lifetime, for an answer that does not say it. */
const defaultAccessSeconds = 300;

function readTokenError(
  response: HttpResponse,
  body: Readonly<Record<string, unknown>>,
  nowMs: number,
): RefreshResult {
  const error = body['error'];
  if (error === 'invalid_grant') return { kind: 'invalid-grant' };
  if (typeof error === 'string' && /^[a-z_]{1,40}$/.test(error)) {
    const message = `the token endpoint answered ${response.status} '${error}': check oauth.api.key and oauth.api.secret`;
    return { kind: 'failed', failure: { kind: 'refused', message } };
  }
  return { kind: 'failed', failure: classifyResponse(response, nowMs) };
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function secondsOf(value: unknown): number | undefined {
  const seconds = typeof value === 'string' ? Number(value) : value;
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}
