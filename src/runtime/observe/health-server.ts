import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SagecfgError } from '../../problem/sagecfg-error.ts';

export interface HealthAddress {
  /** 0 for a free one. */
  readonly port: number;
  readonly host: string;
}

export interface HealthServer extends AsyncDisposable {
  readonly url: string;
}

interface HealthPages {
  /** What keeps the process from its work; empty when it is ready. */
  readonly hindrances: () => Promise<readonly string[]>;
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
}

/**
 * Answers `/livez` (the process runs), `/readyz` (it can do its work, or why not) and `/metrics`. Throws `SagecfgError`
 * when the port is taken.
 */
export async function serveHealth({ port, host }: HealthAddress, pages: HealthPages): Promise<HealthServer> {
  const server = createServer((request, response) => void answer(request, response, pages));
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    throw new SagecfgError(
      'settings',
      `cannot listen on ${host}:${port} for --health-port: ${code}; name another port, or 0 for a free one`,
      { cause },
    );
  }
  // A TCP server has an address of this form; only one on a pipe has a name.
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, pages: HealthPages): Promise<void> {
  try {
    const { status, type, text } = await pageFor(request, pages);
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
    response.end(text);
  } catch {
    // The reason is told by /readyz and by the log; a page that fails must not end the process.
    response.writeHead(500, { 'content-type': plain });
    response.end('the state cannot be read\n');
  }
}

const plain = 'text/plain; charset=utf-8';

async function pageFor(
  { method, url }: IncomingMessage,
  { hindrances, metrics }: HealthPages,
): Promise<{ readonly status: number; readonly type: string; readonly text: string }> {
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, type: plain, text: 'only GET\n' };
  const path = url?.split('?')[0];
  if (path === '/livez') return { status: 200, type: plain, text: 'ok\n' };
  if (path === '/readyz') {
    const found = await hindrances();
    return { status: found.length === 0 ? 200 : 503, type: plain, text: `${found.join('\n') || 'ok'}\n` };
  }
  if (path === '/metrics') {
    const { contentType, text } = await metrics();
    return { status: 200, type: contentType, text };
  }
  return { status: 404, type: plain, text: 'there are /livez, /readyz and /metrics\n' };
}
