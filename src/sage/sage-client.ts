import type { Secret } from '../model/secret.ts';
import type { Clock } from './clock.ts';
import type { Grant, TokenResult } from './grant.ts';
import type { HttpResponse, SendHttp } from './http.ts';
import type { RequestBudget } from './request-budget.ts';
import { readListPage } from './list-page.ts';
import type { ListPage } from './list-page.ts';
import { classifyResponse, networkFailure } from './sage-failure.ts';
import type { SageFailure } from './sage-failure.ts';

export interface ListRequest {
  /** Below the base URL: `/contacts`. */
  readonly path: string;
  /** Not percent-encoded. */
  readonly query: readonly (readonly [name: string, value: string])[];
}

export type ListResult =
  | { readonly kind: 'page'; readonly page: ListPage }
  | { readonly kind: 'failed'; readonly failure: SageFailure }
  /** The signal aborted before an answer was read. */
  | { readonly kind: 'aborted' };

export interface SageClient {
  readonly list: (request: ListRequest, signal?: AbortSignal) => Promise<ListResult>;
  /** The page that a `$next` link names. The link must stay below the base URL. */
  readonly listNext: (next: string, signal?: AbortSignal) => Promise<ListResult>;
}

/** More headers of a request; undefined where the owner of the data must be known first. */
export type RequestHeaders = (request: {
  readonly method: string;
  readonly url: URL;
  readonly accessToken: Secret;
  readonly ownerId?: string;
}) => Readonly<Record<string, string>> | undefined;

export interface SageClientOptions {
  /** With the version: `https://api.accounting.sage.com/v3.1`. */
  readonly baseUrl: string;
  /** Names the app for the request budget; the client id. */
  readonly app: string;
  /**
   * Sent as `X-Business`. Without it Sage takes the user's lead business, which can change: so the first that answers is
   * asked for from then on.
   */
  readonly business: string | undefined;
  /** Names the business for the request budget, also where it is not known by its id. */
  readonly budgetKey: string;
  /** What another version of the API wants besides the token; nothing unless told. */
  readonly headersOf?: RequestHeaders;
  readonly grant: Grant;
  readonly budget: RequestBudget;
  readonly send: SendHttp;
  readonly clock: Clock;
}

/** Reads lists of one business of Sage's v3.1 API. */
export function createSageClient(given: SageClientOptions): SageClient {
  const baseUrl = new URL(given.baseUrl.replace(/\/+$/, ''));
  const options: OpenClient = { ...given, asked: { business: given.business } };
  return {
    list: ({ path, query }, signal) => {
      const url = new URL(`${baseUrl.href.replace(/\/$/, '')}${path}`);
      url.search = query
        .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
        .join('&');
      return read(url, options, signal);
    },
    listNext: async (next, signal) => {
      const url = resolveNext(next, baseUrl);
      if (url !== undefined) return read(url, options, signal);
      const message = 'the $next link of a page leads away from the configured Sage address';
      return { kind: 'failed', failure: { kind: 'malformed', message } };
    },
  };
}

interface OpenClient extends Omit<SageClientOptions, 'business'> {
  /** Whose books are read: the business that was told, or the first that answered. */
  readonly asked: { business: string | undefined };
}

/**
 * Sage writes `/contacts?page=2&…`, below the base URL but without its path. A link that leads elsewhere is refused:
 * it would carry the access token to another host.
 */
function resolveNext(next: string, baseUrl: URL): URL | undefined {
  const basePath = baseUrl.pathname.replace(/\/$/, '');
  const isRelative = next.startsWith('/') && !next.startsWith('//');
  const isBelowBase = next === basePath || next.startsWith(`${basePath}/`);
  const target = isRelative && !isBelowBase ? `${basePath}${next}` : next;
  const url = URL.parse(target, baseUrl.href) ?? undefined;
  const stays =
    url?.origin === baseUrl.origin && url.pathname.startsWith(`${basePath}/`) && url.username === '';
  return stays ? url : undefined;
}

async function read(url: URL, options: OpenClient, signal?: AbortSignal): Promise<ListResult> {
  const first = await accessTo(url, options);
  if (first.kind === 'failed') return first;
  const answer = await sendWithin(url, first, options, signal);
  if (answer.kind !== 'failed' || answer.failure.kind !== 'unauthorised') return answer;
  // The token may have expired on the way; a second refusal of a fresh one means something else.
  const second = await options.grant.renew(first.accessToken);
  if (second.kind === 'failed') return second;
  return sendWithin(url, second, options, signal);
}

/** A token, and with it what the headers need: a token of an earlier process does not tell whose it is. */
async function accessTo(url: URL, { grant, headersOf }: OpenClient): Promise<TokenResult> {
  const first = await grant.accessToken();
  if (first.kind === 'failed' || headersOf === undefined) return first;
  const headers = headersOf({ method: 'GET', url, ...first });
  return headers === undefined ? grant.renew(first.accessToken) : first;
}

async function sendWithin(
  url: URL,
  access: Extract<TokenResult, { kind: 'token' }>,
  options: OpenClient,
  signal: AbortSignal | undefined,
): Promise<ListResult> {
  const more = options.headersOf === undefined ? {} : options.headersOf({ method: 'GET', url, ...access });
  if (more === undefined) {
    const message = "the token endpoint does not say whose data it is: put 'resource_owner_id' into the file";
    return { kind: 'failed', failure: { kind: 'refused', message } };
  }
  const leave = await options.budget.enter({ app: options.app, business: options.budgetKey }, signal);
  if (leave === undefined) return { kind: 'aborted' };
  try {
    const response = await options.send({
      method: 'GET',
      url,
      headers: { ...headersFor(access.accessToken.reveal(), options.asked.business), ...more },
      ...(signal === undefined ? {} : { signal }),
    });
    return readResponse(response, options);
  } catch (error) {
    return signal?.aborted === true
      ? { kind: 'aborted' }
      : { kind: 'failed', failure: networkFailure(error) };
  } finally {
    leave();
  }
}

function headersFor(accessToken: string, business: string | undefined): Record<string, string> {
  return {
    authorization: `Bearer ${accessToken}`,
    accept: 'application/json',
    'content-type': 'application/json',
    ...(business === undefined ? {} : { 'x-business': business }),
  };
}

function readResponse(response: HttpResponse, { asked, clock }: OpenClient): ListResult {
  if (response.status !== 200) return { kind: 'failed', failure: classifyResponse(response, clock.now()) };
  const answered = response.headers['x-business'];
  asked.business ??= answered;
  if (answered !== undefined && answered !== asked.business) {
    const message = `asked for business '${asked.business}', Sage answered for another`;
    return { kind: 'failed', failure: { kind: 'business', message } };
  }
  const page = readListPage(response);
  if (page !== undefined) return { kind: 'page', page };
  const message = 'Sage answered 200 without a list of items';
  return { kind: 'failed', failure: { kind: 'malformed', message } };
}
