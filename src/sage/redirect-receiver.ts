import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { SagecfgError } from '../problem/sagecfg-error.ts';

/** What the browser is shown for a redirect, and what came of it; with `undefined` the waiting goes on. */
export interface RedirectReply<Result> {
  readonly result: Result | undefined;
  /** For people. Never what the redirect brought: that may hold a code, or anything. */
  readonly page: { readonly title: string; readonly text: string };
}

export interface RedirectReceiver extends AsyncDisposable {
  /** The address that is listened at, with its real port. */
  readonly redirectUri: string;
  /** Resolves with the first result, when the browser has its page; rejects with the signal's reason when that aborts. */
  readonly receive: <Result>(
    read: (query: URLSearchParams) => RedirectReply<Result>,
    signal: AbortSignal,
  ) => Promise<Result>;
}

/** Whether a browser on this machine can bring the redirect here. */
export function canReceive(redirectUri: string): boolean {
  return addressesOf(redirectUri).length > 0;
}

/**
 * Listens where a redirect address of this machine leads, such as `http://localhost:8765/callback`; port 0 takes any
 * free one.
 *
 * @throws SagecfgError `usage` where the port is taken, or not for this user
 */
export async function openRedirectReceiver(redirectUri: string): Promise<RedirectReceiver> {
  await using opened = new AsyncDisposableStack();
  const url = new URL(redirectUri);
  const servers: Server[] = [];
  for (const address of addressesOf(redirectUri)) {
    const server = createServer();
    opened.defer(() => closeServer(server));
    const port = await listen(server, { address, url, isFirst: servers.length === 0 });
    if (port === undefined) continue;
    url.port = String(port);
    servers.push(server);
  }
  const owned = opened.move();
  return {
    // Sage compares character for character, so nothing but the port of the user's text may change.
    redirectUri: redirectUri.replace(/:0(?=\/|$)/, `:${url.port}`),
    receive: (read, signal) => receiveAt(servers, { host: url.host, path: url.pathname, read, signal }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The addresses of this machine that the name of a plain http address stands for. */
function addressesOf(redirectUri: string): readonly string[] {
  const url = URL.parse(redirectUri);
  if (url?.protocol !== 'http:') return [];
  if (url.hostname === 'localhost') return ['127.0.0.1', '::1'];
  return { '127.0.0.1': ['127.0.0.1'], '[::1]': ['::1'] }[url.hostname] ?? [];
}

/** The port; undefined where the machine has no such address, and another one of `localhost` serves. */
async function listen(
  server: Server,
  { address, url, isFirst }: { readonly address: string; readonly url: URL; readonly isFirst: boolean },
): Promise<number | undefined> {
  try {
    server.listen(Number(url.port === '' ? 80 : url.port), address);
    await once(server, 'listening');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    if (!isFirst && ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(code)) return undefined;
    throw new SagecfgError('usage', `cannot listen at ${url.origin}: ${describe(code)}`, { cause });
  }
  const bound = server.address();
  return typeof bound === 'object' ? bound?.port : undefined;
}

function describe(code: string): string {
  if (code === 'EADDRINUSE') {
    return "another program has the port; end it, or name another 'oauth.callback.url' that the app has at Sage, or use --paste";
  }
  if (code === 'EACCES') {
    return "this user may not have a port below 1024; register an address such as http://localhost:8765/callback with the app at Sage and put it into 'oauth.callback.url', or use --paste";
  }
  return `${code}; --paste does without`;
}

async function receiveAt<Result>(
  servers: readonly Server[],
  {
    host,
    path,
    read,
    signal,
  }: {
    readonly host: string;
    readonly path: string;
    readonly read: (query: URLSearchParams) => RedirectReply<Result>;
    readonly signal: AbortSignal;
  },
): Promise<Result> {
  const received = Promise.withResolvers<Result>();
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const url = URL.parse(request.url ?? '', `http://${host}`);
    // Another host is a page elsewhere whose name was made to lead here.
    if (request.headers.host !== host || url?.pathname !== path) return write(response, 404, nothingHere);
    if (request.method !== 'GET') return write(response, 405, nothingHere);
    const { result, page } = read(url.searchParams);
    if (result !== undefined) response.once('close', () => received.resolve(result));
    return write(response, result === undefined ? 400 : 200, page);
  };
  for (const server of servers) server.on('request', answer);
  const aborted = (): void => received.reject(signal.reason);
  signal.addEventListener('abort', aborted);
  if (signal.aborted) aborted();
  try {
    return await received.promise;
  } finally {
    signal.removeEventListener('abort', aborted);
    for (const server of servers) server.off('request', answer);
  }
}

const nothingHere = { title: 'Nothing here', text: 'sagecfg waits for Sage at another address.' };

function write(
  response: ServerResponse,
  status: number,
  { title, text }: RedirectReply<unknown>['page'],
): void {
  const headers = {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'",
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
    Connection: 'close',
  };
  const heading = escapeHtml(title);
  response
    .writeHead(status, headers)
    .end(
      `<!doctype html><html lang="en"><title>${heading}</title><h1>${heading}</h1><p>${escapeHtml(text)}</p></html>\n`,
    );
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
