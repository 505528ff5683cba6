import { PassThrough, Readable } from 'node:stream';
import { main } from '../src/cli.ts';
import type { Io } from '../src/io.ts';

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandSurroundings {
  readonly workingDirectory?: string;
  readonly stdin?: string | Uint8Array;
  readonly environment?: Readonly<Record<string, string>>;
  /** Interrupts the command when it aborts, as Ctrl-C would. */
  readonly interrupt?: AbortSignal;
}

/** Runs a command line in this process, as `bin.ts` would. */
export async function runCommand(
  argumentList: readonly string[],
  { workingDirectory = process.cwd(), stdin = '', environment = {}, interrupt }: CommandSurroundings = {},
): Promise<CommandResult> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const io: Io = {
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout,
    stderr,
    environment,
    workingDirectory,
    isTerminal: false,
    columns: 100,
    onInterrupt: (listener) => {
      const interrupted = (): void => listener('SIGINT');
      interrupt?.addEventListener('abort', interrupted);
      return { [Symbol.dispose]: () => interrupt?.removeEventListener('abort', interrupted) };
    },
  };
  const exitCode = await main(argumentList, io);
  return { exitCode, stdout: readAll(stdout), stderr: readAll(stderr) };
}

function readAll(stream: PassThrough): string {
  const chunk: unknown = stream.read();
  return chunk instanceof Buffer ? chunk.toString() : '';
}
