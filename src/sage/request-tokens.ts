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
  /** Whose data it opens, as the legacy server says with each answer; not kept in a state. */
  readonly ownerId?: string;
}

export interface AppCredentials {
  readonly clientId: string;
  readonly clientSecret: Secret;
}

export type TokenAnswer =
  | { readonly kind: 'tokens'; readonly tokens: TokenPair }
  /** One of OAuth's error codes. */
  | { readonly kind: 'refused'; readonly error: string; readonly status: number }
  | { readonly kind: 'failed'; readonly failure: SageFailure };

interface TokenPorts {
  readonly send: SendHttp;
  readonly now: () => number;
}

/** Asks the token endpoint. `usedToken` stays in the pair where the answer has no refresh token of its own. */
export async function requestTokens(
  request: {
    readonly tokenUrl: string;
    readonly app: AppCredentials;
    readonly fields: Readonly<Record<string, string>>;
    readonly usedToken?: Secret;
  },
  { send, now }: TokenPorts,
): Promise<TokenAnswer> {
  const answer = await postForm(request.tokenUrl, { app: request.app, fields: request.fields, send });
  if (answer.kind === 'failed') return answer;
  return readTokenResponse(answer.response, { usedToken: request.usedToken, nowMs: now() });
}

/** Posts a form with the app's credentials in its body, where Sage's own samples have them. */
export async function postForm(
  address: string,
  {
    app,
    fields,
    send,
  }: {
    readonly app: AppCredentials;
    readonly fields: Readonly<Record<string, string>>;
    readonly send: SendHttp;
  },
): Promise<
  | { readonly kind: 'answer'; readonly response: HttpResponse }
  | { readonly kind: 'failed'; readonly failure: SageFailure }
> {
  const body = new URLSearchParams({
    client_id: app.clientId,
    client_secret: app.clientSecret.reveal(),
    ...fields,
  });
  try {
    const response = await send({
      method: 'POST',
      url: new URL(address),
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: body.toString(),
    });
    return { kind: 'answer', response };
  } catch (error) {
    return { kind: 'failed', failure: networkFailure(error) };
  }
}

/** The error code of an answer that is none of 200; undefined where it has none, as a gateway's page. */
export function oauthErrorOf({ text }: HttpResponse): string | undefined {
  const error = parseObject(text)['error'];
  return typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? error : undefined;
}

function readTokenResponse(
  response: HttpResponse,
  { usedToken, nowMs }: { readonly usedToken: Secret | undefined; readonly nowMs: number },
): TokenAnswer {
  if (response.status !== 200) {
    const error = oauthErrorOf(response);
    if (error !== undefined) return { kind: 'refused', error, status: response.status };
    return { kind: 'failed', failure: classifyResponse(response, nowMs) };
  }
  const body = parseObject(response.text);
  const accessToken = body['access_token'];
  if (typeof accessToken !== 'string') return malformed('an access token');
  // The legacy server may leave the refresh token out where it did not change.
  const written = body['refresh_token'];
  const refreshToken = typeof written === 'string' ? new Secret(written) : usedToken;
  if (refreshToken === undefined) return malformed('a refresh token');
  const ownerId = body['resource_owner_id'];
  const refreshLifetime = secondsOf(body['refresh_token_expires_in']);
  return {
    kind: 'tokens',
    tokens: {
      accessToken: new Secret(accessToken),
      refreshToken,
      accessExpiresMs: nowMs + (secondsOf(body['expires_in']) ?? defaultAccessSeconds) * 1000,
      refreshExpiresMs: refreshLifetime === undefined ? undefined : nowMs + refreshLifetime * 1000,
      ...(typeof ownerId === 'string' && { ownerId }),
    },
  };
}

/** The documented lifetime, for an answer that does not say it. */
const defaultAccessSeconds = 300;

function malformed(missing: string): TokenAnswer {
  const message = `the token endpoint answered 200 without ${missing}`;
  return { kind: 'failed', failure: { kind: 'malformed', message } };
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
