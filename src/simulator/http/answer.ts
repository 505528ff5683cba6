import type { IncomingHttpHeaders } from 'node:http';

/** A request, read to its end. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How the body ends, if not as it should: cut in the middle, or never. */
  readonly ending?: 'truncated' | 'endless';
}

/** What a handler decides: an answer, or to cut the connection without one. */
export type Outcome = Answer | 'drop';

export function jsonAnswer(status: number, value: unknown, headers: Answer['headers'] = {}): Answer {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

/** The header's only value; the first of several. */
export function headerOf({ headers }: ReceivedRequest, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
