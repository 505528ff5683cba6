import { PassThrough, Readable, Writable } from 'node:stream';
import { main } from '../src/cli.ts';
import type { Io } from '../src/io.ts';

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandSurroundings {
  readonly workingDirectory?: string;
  readonly stdin?: string | Uint8Array | ReadableStream<string>;
  readonly environment?: Readonly<Record<string, string>>;
  /** As if a person sat there: what is asked is answered by the lines of `stdin`. */
  readonly isInteractive?: boolean;
  /** Hears what is written to standard error, as it is written. */
  readonly onStderr?: (text: string) => void;
  /** Interrupts the command when it aborts, as Ctrl-C would. */
  readonly interrupt?: AbortSignal;
  /** Each of its events hangs up, as `kill -HUP` would. */
  readonly hangUp?: EventTarget;
}

/** Runs a command line in this process, as `bin.ts` would. */
export async function runCommand(
  argumentList: readonly string[],
  {
    workingDirectory = process.cwd(),
    stdin = '',
    environment = {},
    isInteractive = false,
    onStderr = () => undefined,
    interrupt,
    hangUp,
  }: CommandSurroundings = {},
): Promise<CommandResult> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const io: Io = {
    stdin: stdin instanceof ReadableStream ? Readable.from(stdin) : Readable.from([Buffer.from(stdin)]),
    stdout,
    stderr: listening(stderr, onStderr),
    environment,
    workingDirectory,
    isTerminal: false,
    isInteractive,
    isErrorTerminal: false,
    columns: 100,
    onInterrupt: (listener) => {
      const interrupted = (): void => listener('SIGINT');
      interrupt?.addEventListener('abort', interrupted);
      return { [Symbol.dispose]: () => interrupt?.removeEventListener('abort', interrupted) };
    },
    onHangUp: (listener) => {
      hangUp?.addEventListener('hang-up', listener);
      return { [Symbol.dispose]: () => hangUp?.removeEventListener('hang-up', listener) };
    },
  };
  const exitCode = await main(argumentList, io);
  return { exitCode, stdout: readAll(stdout), stderr: readAll(stderr) };
}

function readAll(stream: PassThrough): string {
  const chunk: unknown = stream.read();
  return chunk instanceof Buffer ? chunk.toString() : '';
}

function listening(target: PassThrough, listener: (text: string) => void): Writable {
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      target.write(chunk);
      listener(chunk.toString());
      done();
    },
  });
}
