import type { HttpResponse } from '../sage/http.ts';
import { parseRetryAfter } from '../sage/retry-after.ts';
import { documentedErrorOf, providerErrors } from './platform-errors.ts';

/** Why the platform gave no usable answer. */
export interface PlatformFailure {
  /** Undefined where no answer came. */
  readonly status: number | undefined;
  /** One line: what was answered, what it means, what to do. Never a secret. */
  readonly message: string;
  /** The answer has the platform's shape: no gateway or foreign server gave it. */
  readonly isFromPlatform: boolean;
  /** The request may have been carried out all the same. */
  readonly isUncertain: boolean;
  /** The same request may well pass later. */
  readonly isPassing: boolean;
  /** What the server asked for, in milliseconds from now. */
  readonly retryAfterMs?: number;
}

export type PlatformResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: PlatformFailure };

export function failed(failure: PlatformFailure): { readonly ok: false; readonly failure: PlatformFailure } {
  return { ok: false, failure };
}

/** Says what a response that is not a success means. `nowMs` stands in for a missing `Date` header. */
export function failureOf(
  response: HttpResponse,
  { nowMs, mask }: { readonly nowMs: number; readonly mask: (text: string) => string },
): PlatformFailure {
  const { status, headers, text } = response;
  const { message, providerMessage, requestId } = readError(text);
  const documented = documentedErrorOf(status);
  const provider = providerErrors.find(({ pattern }) => pattern.test(`${providerMessage} ${message}`));
  const said = [message, providerMessage]
    .filter((part) => part !== undefined)
    .map((part) => quote(mask(part)));
  const answered = [`the platform answered ${status}`, ...said].join(' ');
  const request = requestId === undefined ? '' : ` (request ${oneLine(mask(requestId), 60)})`;
  const { means, advice } = provider ?? documented;
  const dateMs = Date.parse(headers['date'] ?? '');
  const retryAfterMs = parseRetryAfter(headers['retry-after'], Number.isNaN(dateMs) ? nowMs : dateMs);
  return {
    status,
    message: `${answered}${request}: ${means}; ${advice}`,
    isFromPlatform: message !== undefined,
    isUncertain: documented.isUncertain === true,
    isPassing: documented.isPassing === true,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** An answer of success that is not what the API documents. */
export function malformedAnswer(what: string): PlatformFailure {
  return {
    status: 200,
    message: `the platform's answer cannot be used: ${what}; check platform.baseUrl, which ends with /elements/api-v2`,
    isFromPlatform: false,
    isUncertain: true,
    isPassing: false,
  };
}

/** Nothing was listening: the request was certainly not carried out. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Describes a request that got no answer. */
export function networkFailure(error: unknown, host: string): PlatformFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  const wasSent = code === undefined || !neverSent.has(code);
  const means = wasSent ? `no answer came from ${host}` : `${host} cannot be reached`;
  return {
    status: undefined,
    message: `${means}${code === undefined ? '' : ` (${code})`}; check platform.baseUrl and the network, and run it again: what is done already is not done twice`,
    isFromPlatform: false,
    isUncertain: wasSent,
    isPassing: true,
  };
}

interface ErrorBody {
  readonly message: string | undefined;
  readonly providerMessage: string | undefined;
  readonly requestId: string | undefined;
}

/** `{requestId, message, providerMessage}`; a gateway's page has none of them. */
function readError(text: string): ErrorBody {
  const fields = new Map<string, unknown>(Object.entries(parseObject(text)));
  const textOf = (name: string): string | undefined => {
    const value = fields.get(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return {
    message: textOf('message'),
    providerMessage: textOf('providerMessage'),
    requestId: textOf('requestId'),
  };
}

function parseObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // An HTML page, or nothing.
    return {};
  }
}

function quote(text: string): string {
  return JSON.stringify(oneLine(text, 300));
}

/** The answer is printed on a terminal: control characters must not reach it. */
function oneLine(text: string, longest: number): string {
  const line = text.replaceAll(/[\p{Cc}\s\u2028-\u202E\u2066-\u2069]+/gu, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
