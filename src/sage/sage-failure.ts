import type { HttpResponse } from './http.ts';
import { parseRetryAfter } from './retry-after.ts';

/**
 * Why Sage gave no usable answer:
 * - `unauthorised` the access token was not accepted, even after one refresh
 * - `subscription` the business has no active subscription: a refresh cannot help
 * - `reauthorise` the grant is dead: a person has to authorise again
 * - `forbidden` the user may not read this resource
 * - `missing` there is no such resource
 * - `throttled` too many requests
 * - `server` Sage or its gateway failed; a smaller page may pass
 * - `network` no answer arrived
 * - `business` the answer is about another business than the one asked for
 * - `malformed` an answer that is not what the API documents
 * - `refused` any other status: the request itself is wrong
 */
export type SageFailureKind =
  | 'unauthorised'
  | 'subscription'
  | 'reauthorise'
  | 'forbidden'
  | 'missing'
  | 'throttled'
  | 'server'
  | 'network'
  | 'business'
  | 'malformed'
  | 'refused';

export interface SageFailure {
  readonly kind: SageFailureKind;
  /** One line, lower case, without secrets. */
  readonly message: string;
  /** What the server asked for, in milliseconds from now. */
  readonly retryAfterMs?: number;
}

/** Says what a response that is not a success means. `nowMs` stands in for a missing `Date` header. */
export function classifyResponse(response: HttpResponse, nowMs: number): SageFailure {
  const { code, message } = firstDiagnosis(response.text);
  const retryAfterMs = parseRetryAfter(response.headers['retry-after'], serverTimeOf(response) ?? nowMs);
  const requestId = response.headers['x_request_id'] ?? response.headers['x-request-id'];
  const detail = [
    `Sage answered ${response.status}`,
    code === undefined ? undefined : ` '${code}'`,
    message === undefined ? undefined : `: ${message}`,
    requestId === undefined ? undefined : ` (request ${requestId})`,
  ];
  return {
    kind: kindOf(response.status, code, message),
    message: detail.join(''),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** The server's clock at the time of the response, in epoch milliseconds. */
export function serverTimeOf(response: HttpResponse): number | undefined {
  const time = Date.parse(response.headers['date'] ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/** Describes a request that got no answer, without its URL, which may hold a token. */
export function networkFailure(error: unknown): SageFailure {
  return { kind: 'network', message: `no answer from Sage: ${networkReason(error)}` };
}

/** The code (`ECONNREFUSED`) where there is one: messages of network errors may quote the request. */
export function networkReason(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return code ?? error.name;
}

function kindOf(status: number, code: string | undefined, message: string | undefined): SageFailureKind {
  if (status === 401) return isSubscriptionEnd(code, message) ? 'subscription' : 'unauthorised';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'missing';
  if (status === 429) return 'throttled';
  if (status >= 500) return 'server';
  return 'refused';
}

/** The documented 401 of an ended subscription carries the mark `(MSE)`; an expired token's body is not documented. */
function isSubscriptionEnd(code: string | undefined, message: string | undefined): boolean {
  return (
    code === 'AuthorizationFailure' &&
    message !== undefined &&
    /\(MSE\)|no active subscription/i.test(message)
  );
}

/** Code and message of the first element of Sage's error array; a gateway's HTML page has neither. */
function firstDiagnosis(text: string): { readonly code?: string; readonly message?: string } {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return {};
  }
  const first: unknown = Array.isArray(body) ? body[0] : body;
  if (typeof first !== 'object' || first === null) return {};
  const code = '$dataCode' in first && typeof first.$dataCode === 'string' ? first.$dataCode : undefined;
  const message = '$message' in first && typeof first.$message === 'string' ? first.$message : undefined;
  return {
    ...(code === undefined ? {} : { code: oneLine(code, 60) }),
    ...(message === undefined ? {} : { message: oneLine(message, 200) }),
  };
}

function oneLine(text: string, longest: number): string {
  // The answer is printed on a terminal: control characters must not reach it.
  const line = text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
