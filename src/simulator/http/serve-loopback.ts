import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import type { Outcome, ReceivedRequest } from './answer.ts';

export interface LoopbackServer {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  close(): Promise<void>;
}

export interface LoopbackOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly handle: (request: ReceivedRequest) => Promise<Outcome>;
}

const maxBodyBytes = 16 * 1024 * 1024;

/** Serves on 127.0.0.1 only. */
export async function serveLoopback({ port, handle }: LoopbackOptions): Promise<LoopbackServer> {
  const server = createServer({ keepAliveTimeout: 30_000 }, (request, response) => {
    serve(request, response, handle).catch((error: unknown) => {
      // Said aloud, because a mistake of the simulator must not pass for a fault of Sage.
      if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'text/plain' });
      response.end(`simulator: ${error instanceof Error ? error.message : String(error)}`);
    });
  });
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new SagecfgError('usage', `cannot listen on port ${port} of 127.0.0.1`, { cause });
  }
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new SagecfgError('usage', `cannot listen on port ${port} of 127.0.0.1`);
  }
  return {
    origin: `http://127.0.0.1:${address.port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  handle: LoopbackOptions['handle'],
): Promise<void> {
  const body = await readBody(request);
  const outcome: Outcome =
    body === undefined ? { status: 413 } : await handle(receivedRequest(request, body));
  if (outcome === 'drop') {
    request.socket.destroy();
    return;
  }
  response.writeHead(outcome.status, { ...outcome.headers }).end(outcome.body ?? '');
}

function receivedRequest(request: IncomingMessage, body: Buffer): ReceivedRequest {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body,
  };
}

/** Undefined when the body is larger than any notification or token request can be. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Typed as any by Node.
  const parts: AsyncIterable<unknown> = request;
  for await (const chunk of parts) {
    if (!(chunk instanceof Buffer)) throw new TypeError('a request without encoding is read as buffers');
    size += chunk.length;
    if (size <= maxBodyBytes) chunks.push(chunk);
  }
  return size > maxBodyBytes ? undefined : Buffer.concat(chunks);
}
