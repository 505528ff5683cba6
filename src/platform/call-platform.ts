import type { Value } from '../document/to-value.ts';
import type { Secret } from '../model/secret.ts';
import type { Clock } from '../sage/clock.ts';
import type { HttpRequest, HttpResponse, SendHttp } from '../sage/http.ts';
import { createMask } from './mask.ts';
import {
  failed,
  failureOf,
  networkFailure,
  type PlatformFailure,
  type PlatformResult,
} from './platform-failure.ts';

/** Whose instances they are. */
export interface PlatformAccount {
  /** With the version: `https://api.cloud-elements.com/elements/api-v2`. */
  readonly baseUrl: string;
  readonly userSecret: Secret;
  readonly organizationSecret: Secret;
}

/** A body with its secrets in it, for the one request that it is made for. */
export interface RequestBody {
  readonly value: Value;
  /** Texts that an error's message must not repeat. */
  readonly secrets: readonly string[];
}

export interface CallOptions {
  readonly account: PlatformAccount;
  readonly send: SendHttp;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random?: () => number;
}

type Method = HttpRequest['method'];

export interface Call {
  readonly method: Method;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  /** Texts of the query that an error's message must not repeat. */
  readonly secrets?: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

const mostAttempts = 5;
const firstWaitMs = 500;
/** Whoever is asked to wait longer than this is told instead. */
const longestWaitMs = 60_000;

/** Sends one request, and repeats it with growing waits as long as that cannot do anything twice. */
export async function callPlatform(call: Call, options: CallOptions): Promise<PlatformResult<HttpResponse>> {
  const { clock, random = Math.random } = options;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await callOnce(call, options);
    if (answer.ok || attempt >= mostAttempts || !mayRepeat(call.method, answer.failure)) return answer;
    const { retryAfterMs } = answer.failure;
    const waitMs = retryAfterMs ?? firstWaitMs * 2 ** (attempt - 1) * (0.5 + random() / 2);
    if (waitMs > longestWaitMs) return answer;
    await clock.sleep(waitMs, call.signal);
    if (call.signal?.aborted === true) return answer;
  }
}

/** A creation, and a login with a code, could happen twice: they are repeated only when they certainly did not happen. */
function mayRepeat(method: Method, { isPassing, isUncertain }: PlatformFailure): boolean {
  return isPassing && !(isUncertain && (method === 'POST' || method === 'PUT'));
}

async function callOnce(
  { method, path, query = {}, body, secrets = [], signal }: Call,
  { account, send, clock }: CallOptions,
): Promise<PlatformResult<HttpResponse>> {
  const url = new URL(`${account.baseUrl.replace(/\/+$/, '')}${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const userSecret = account.userSecret.reveal();
  const organizationSecret = account.organizationSecret.reveal();
  const headers = {
    authorization: `User ${userSecret}, Organization ${organizationSecret}`,
    accept: 'application/json',
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
  try {
    const response = await send({
      method,
      url,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body.value) }),
      ...(signal !== undefined && { signal }),
    });
    if (response.status >= 200 && response.status < 300) return { ok: true, value: response };
    const mask = createMask([userSecret, organizationSecret, ...secrets, ...(body?.secrets ?? [])]);
    return failed(failureOf(response, { nowMs: clock.now(), mask }));
  } catch (error) {
    return failed(networkFailure(error, url.host));
  }
}
