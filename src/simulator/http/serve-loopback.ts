import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import type { Answer, Outcome, ReceivedRequest } from './answer.ts';

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
  try {
    server.listen(port, '127.0.0.1');
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
      if (!server.listening) return;
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
  await write(response, outcome);
}

async function write(
  response: ServerResponse,
  { status, headers, body = '', ending }: Answer,
): Promise<void> {
  if (ending === undefined) {
    response.writeHead(status, { ...headers }).end(body);
    return;
  }
  // The length that is announced is the whole one, so that the other side notices what is missing.
  const length = ending === 'truncated' ? { 'Content-Length': String(Buffer.byteLength(body)) } : {};
  response.writeHead(status, { ...headers, ...length });
  if (ending === 'truncated') {
    const half = body.slice(0, Math.floor(body.length / 2));
    response.write(half, () => response.destroy());
    return;
  }
  // It has no other end than the other side's hanging up, which is an error to the pipeline.
  await pipeline(endlessBlanks, response).catch(() => undefined);
}

function* endlessBlanks(): Generator<string> {
  for (;;) yield ' '.repeat(65_536);
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
