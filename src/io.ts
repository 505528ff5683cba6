import type { Readable } from 'node:stream';

/** What a command writes to. */
export interface Output {
  readonly write: (text: string | Uint8Array) => unknown;
  /** Left out, it goes to no terminal. */
  readonly isTTY?: boolean;
  /** Of the terminal. */
  readonly columns?: number;
}

/** What a process gives to a command. Tests pass their own. */
export interface Io {
  readonly stdin: Readable;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  /** Standard output goes to a terminal. */
  readonly isTerminal: boolean;
  /** A person sits at standard input and can be asked. */
  readonly isInteractive: boolean;
  /** Standard error goes to a terminal. */
  readonly isErrorTerminal: boolean;
  /** Calls the listener for each SIGINT and SIGTERM, and when the terminal is closed; until it is disposed of, neither ends the process. */
  readonly onInterrupt: (listener: (signal: NodeJS.Signals) => void) => Disposable;
  /** Calls the listener for each SIGHUP; until it is disposed of, that does not end the process. */
  readonly onHangUp: (listener: () => void) => Disposable;
  /** Columns of the terminal; 100 where there is none. */
  readonly columns: number;
}
