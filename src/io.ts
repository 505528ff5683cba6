import type { Readable, Writable } from 'node:stream';

/** What a process gives to a command. Tests pass their own. */
export interface Io {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  /** Standard output goes to a terminal. */
  readonly isTerminal: boolean;
  /** A person sits at standard input and can be asked. */
  readonly isInteractive: boolean;
  /** Calls the listener for each SIGINT and SIGTERM; until it is disposed of, neither ends the process. */
  readonly onInterrupt: (listener: (signal: 'SIGINT' | 'SIGTERM') => void) => Disposable;
  /** Columns of the terminal; 100 where there is none. */
  readonly columns: number;
}
