import { Agent, request } from 'undici';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names; of a repeated header the first. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

/** Sends one request and reads the whole answer. Rejects when no answer came; never follows a redirect. */
export type SendHttp = (request: HttpRequest) => Promise<HttpResponse>;

export interface HttpClient extends AsyncDisposable {
  readonly send: SendHttp;
}

const connectTimeoutMs = 10_000;
/** Sage answers a page of 200 full records in up to half a minute; past a minute its gateway has given up. */
const answerTimeoutMs = 60_000;
const largestAnswerBytes = 64 * 1024 * 1024;

/** Opens keep-alive connections, a pool for each origin. */
export function openHttpClient({ connectionsPerOrigin }: { connectionsPerOrigin: number }): HttpClient {
  const agent = new Agent({
    connections: connectionsPerOrigin,
    pipelining: 1,
    headersTimeout: answerTimeoutMs,
    bodyTimeout: answerTimeoutMs,
    maxResponseSize: largestAnswerBytes,
    connect: { timeout: connectTimeoutMs },
  });
  return {
    send: async ({ method, url, headers, body, signal }) => {
      const response = await request(url, {
        method,
        headers: { ...headers },
        body: body ?? null,
        dispatcher: agent,
        ...(signal === undefined ? {} : { signal }),
      });
      return {
        status: response.statusCode,
        headers: firstValues(response.headers),
        text: await response.body.text(),
      };
    },
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
}

function firstValues(
  headers: Record<string, string | string[] | undefined>,
): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}
