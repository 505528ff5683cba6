import type { Dispatcher } from 'undici';

/** What a receiver answered. */
export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** How the body begins. */
  readonly beginning: string;
}

const longestBodyMs = 5000;
/** How much of an answer is kept, to show it. */
const keptBytes = 4096;
/** An answer's body means nothing to us; it is read so far, to keep the connection, and then cut. */
const mostBytes = 64 * 1024;

/**
 * Sends a request and reads its answer, as it comes from the parser: undici's `request` makes a stream of the body, which
 * costs as much as all the rest of a small answer. The status is the answer: a body that breaks off, or has no end, takes
 * nothing back. Rejects when there is none.
 */
export function sendForAnswer(
  dispatcher: Dispatcher,
  request: Omit<Dispatcher.DispatchOptions, 'headersTimeout' | 'bodyTimeout'>,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  dispatcher.dispatch({ ...request, bodyTimeout: longestBodyMs }, createHandler(resolve, reject));
  return promise;
}

function createHandler(
  resolve: (answer: Answer) => void,
  reject: (error: Error) => void,
): Dispatcher.DispatchHandler {
  let head: Omit<Answer, 'beginning'> | undefined;
  const kept: Buffer[] = [];
  let length = 0;
  let endMs = Infinity;
  const end = (error?: Error): void => {
    if (head !== undefined) resolve({ ...head, beginning: textOf(kept) });
    else reject(error ?? new Error('the connection ended before an answer'));
  };
  return {
    onRequestStart: () => undefined,
    onResponseStart: (_controller, status, headers) => {
      // An interim answer; the real one follows.
      if (status < 200) return;
      const retryAfter = headers['retry-after'];
      head = { status, retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter };
      endMs = performance.now() + longestBodyMs;
    },
    onResponseData: (controller, chunk) => {
      if (length < keptBytes) kept.push(chunk.subarray(0, keptBytes - length));
      length += chunk.length;
      // To abort is to drop the connection.
      if (length > mostBytes || performance.now() > endMs) controller.abort(new Error('enough was read'));
    },
    onResponseEnd: () => end(),
    onResponseError: (_controller, error) => end(error),
  };
}

function textOf(kept: readonly Buffer[]): string {
  const [only, ...others] = kept;
  if (only === undefined) return '';
  return (others.length === 0 ? only : Buffer.concat(kept)).toString('utf8');
}
