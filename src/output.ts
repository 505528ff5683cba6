import { fstatSync, statSync, writeSync } from 'node:fs';
import type { Output } from './io.ts';

type Stream = typeof process.stdout | typeof process.stderr;

export interface StandardOutput extends Output {
  /** Nothing is left to be written or to fail, which a stream cannot promise: the process may end at once. */
  readonly isWritten: () => boolean;
}

/**
 * Standard output (1) or standard error (2). Pipes and files are written to without Node's own streams, which write to
 * them synchronously as well, and take a fifth of the time that a small file is checked in to start. `onError` hears why
 * nothing can be written any more; that nobody reads (`| head`) is no reason to complain.
 */
export function openOutput(
  descriptor: 1 | 2,
  onError: (error: NodeJS.ErrnoException) => void,
): StandardOutput {
  if (!takesBytes(descriptor)) {
    const stream = streamOf(descriptor, onError);
    return Object.assign(stream, { isWritten: () => false });
  }
  let state: 'open' | 'closed' | Stream = 'open';
  return {
    write: (text) => {
      if (state === 'closed') return;
      if (state !== 'open') {
        state.write(text);
        return;
      }
      const { rest, error } = writeAll(descriptor, text);
      if (error === undefined) return;
      state = error.code === 'EAGAIN' ? streamOf(descriptor, onError) : 'closed';
      if (state !== 'closed') state.write(rest);
      else if (error.code !== 'EPIPE') onError(error);
    },
    isWritten: () => typeof state === 'string',
  };
}

function takesBytes(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor);
    if (stats.isFIFO() || stats.isFile() || stats.isSocket()) return true;
    return stats.rdev === statSync('/dev/null').rdev; // which Windows has not
  } catch {
    return false;
  }
}

interface Written {
  /** What is left to be written; may begin within a character. */
  readonly rest: Uint8Array;
  readonly error: NodeJS.ErrnoException | undefined;
}

function writeAll(descriptor: number, text: string | Uint8Array): Written {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  let done = 0;
  try {
    while (done < bytes.length) done += writeSync(descriptor, bytes, done);
    return { rest: bytes.subarray(done), error: undefined };
  } catch (error) {
    return { rest: bytes.subarray(done), error: error as NodeJS.ErrnoException }; // the system's own
  }
}

function streamOf(descriptor: 1 | 2, onError: (error: NodeJS.ErrnoException) => void): Stream {
  const stream = descriptor === 1 ? process.stdout : process.stderr;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') onError(error);
  });
  return stream;
}
