import type { Secret } from '../model/secret.ts';
import type { Clock } from './clock.ts';
import type { HttpResponse, SendHttp } from './http.ts';
import type { RequestBudget } from './request-budget.ts';
import { parseRetryAfter } from './retry-after.ts';
import { networkReason, serverTimeOf } from './sage-failure.ts';
import type { SageFailure, SageFailureKind } from './sage-failure.ts';

/** What proves to the platform who asks, and for which instance. */
export interface HubSecrets {
  readonly user: Secret;
  readonly organization: Secret;
  /** The element token, which opens one instance's data; undefined while nobody knows it. */
  readonly element: () => Promise<Secret | undefined>;
}

export interface HubPage {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  /** What `nextPage` takes for the page after this; undefined where the answer names none. */
  readonly nextToken: string | undefined;
  /** The platform's clock when it answered, epoch milliseconds; undefined without a `Date` header. */
  readonly serverTimeMs: number | undefined;
}

type HubResult =
  | { readonly kind: 'page'; readonly page: HubPage }
  | { readonly kind: 'failed'; readonly failure: SageFailure }
  /** The signal aborted before an answer was read. */
  | { readonly kind: 'aborted' };

export interface HubClientOptions {
  /** With the version: `https://api.cloud-elements.com/elements/api-v2`. */
  readonly baseUrl: string;
  readonly secrets: HubSecrets;
  /** Names the instance for the request budget. */
  readonly budgetKey: string;
  readonly budget: RequestBudget;
  readonly send: SendHttp;
  readonly clock: Clock;
}

export interface HubClient {
  /** Reads one page of a list. `path` is what follows the base URL, percent-encoded; it must stay below it. */
  readonly list: (path: string, signal?: AbortSignal) => Promise<HubResult>;
}

/** Reads lists of one instance from the platform's API, or from one like it. */
export function createHubClient(options: HubClientOptions): HubClient {
  return {
    list: async (path, signal) => {
      const url = resolveBelow(path, options.baseUrl);
      if (url === undefined) return failed('refused', 'the URL leads away from the configured hub');
      const element = await options.secrets.element();
      if (element === undefined) return failed('unauthorised', 'the instance has no element token');
      const leave = await options.budget.enter({ app: 'platform', business: options.budgetKey }, signal);
      if (leave === undefined) return { kind: 'aborted' };
      try {
        const headers = {
          authorization: authorization(options.secrets, element),
          accept: 'application/json',
        };
        const request = { method: 'GET', url, headers, ...(signal === undefined ? {} : { signal }) } as const;
        return readResponse(await options.send(request), options.clock.now());
      } catch (error) {
        if (signal?.aborted === true) return { kind: 'aborted' };
        return failed('network', `no answer from the hub: ${networkReason(error)}`);
      } finally {
        leave();
      }
    },
  };
}

function authorization({ user, organization }: HubSecrets, element: Secret): string {
  return `User ${user.reveal()}, Organization ${organization.reveal()}, Element ${element.reveal()}`;
}

/** The secrets travel with the request: a path that leads to another host, or out of the API, is not followed. */
function resolveBelow(path: string, baseUrl: string): URL | undefined {
  const base = new URL(baseUrl.replace(/\/*$/, '/'));
  const url = URL.parse(`${base.href}${path.replace(/^\/+/, '')}`) ?? undefined;
  const stays = url?.origin === base.origin && url.pathname.startsWith(base.pathname) && url.username === '';
  return stays ? url : undefined;
}

function readResponse(response: HttpResponse, nowMs: number): HubResult {
  if (response.status !== 200) return { kind: 'failed', failure: failureOf(response, nowMs) };
  const items = parse(response.text);
  if (!Array.isArray(items) || !items.every(isRecord))
    return failed('malformed', 'the hub answered 200 without a list of records');
  const token = response.headers['elements-next-page-token'];
  const nextToken = token === undefined || token === '' ? undefined : token;
  return { kind: 'page', page: { items, nextToken, serverTimeMs: serverTimeOf(response) } };
}

function failureOf(response: HttpResponse, nowMs: number): SageFailure {
  const body = parse(response.text);
  const { requestId, message, providerMessage } = isRecord(body) ? body : {};
  const retryAfterMs = parseRetryAfter(response.headers['retry-after'], serverTimeOf(response) ?? nowMs);
  const said = [message, providerMessage].filter((text) => typeof text === 'string' && text !== '');
  const parts = [
    `the hub answered ${response.status}`,
    said.length === 0 ? '' : `: ${oneLine(said.join(', '))}`,
    typeof requestId === 'string' ? ` (request ${oneLine(requestId)})` : '',
  ];
  return {
    kind: kinds[response.status] ?? (response.status >= 500 ? 'server' : 'refused'),
    message: parts.join(''),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

const kinds: Readonly<Record<number, SageFailureKind>> = {
  401: 'unauthorised',
  403: 'forbidden',
  404: 'missing',
  408: 'network',
  429: 'throttled',
};

function failed(kind: SageFailureKind, message: string): HubResult {
  return { kind: 'failed', failure: { kind, message } };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told by the caller: it is neither a list nor one of the platform's errors.
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Printed on a terminal: control characters must not reach it. */
function oneLine(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
