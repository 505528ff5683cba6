import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Io } from '../../io.ts';

/** Asks, and reads the answers line by line from standard input. Only one at a time may be open. */
export interface Prompter extends Disposable {
  /**
   * The next line; undefined at the end of standard input. What is typed in answer to a `secret` question is not shown.
   * Rejects with the signal's reason when that aborts.
   */
  readonly ask: (
    question: string,
    options: { readonly secret?: boolean; readonly signal: AbortSignal },
  ) => Promise<string | undefined>;
}

export function openPrompter(io: Io): Prompter {
  let isSecret = false;
  // A terminal echoes by itself unless readline drives it; and readline echoes into its output.
  const echo = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (!isSecret) io.stderr.write(chunk);
      done();
    },
  });
  const lines = createInterface({
    input: io.stdin,
    ...(io.isInteractive && { output: echo, terminal: true }),
  });
  // In raw mode Ctrl-C is a key and no signal: readline alone sees it.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  const iterator = lines[Symbol.asyncIterator]();
  return {
    ask: async (question, { secret = false, signal }) => {
      signal.throwIfAborted();
      io.stderr.write(question);
      isSecret = secret;
      const aborted = Promise.withResolvers<never>();
      const stop = (): void => aborted.reject(signal.reason);
      signal.addEventListener('abort', stop);
      try {
        const line = await Promise.race([iterator.next(), aborted.promise]);
        return line.done === true ? undefined : line.value;
      } finally {
        signal.removeEventListener('abort', stop);
        if (isSecret && io.isInteractive) io.stderr.write('\n');
        isSecret = false;
      }
    },
    [Symbol.dispose]: () => lines.close(),
  };
}
