/** Exit codes of every command. */
export const exitCodes = {
  clean: 0,
  problems: 1,
  usage: 2,
  noInput: 3,
  unreadable: 4,
  bug: 70,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Stable names of what a caller or the machine can get wrong, with the exit code each leads to. */
const errorCodes = {
  usage: exitCodes.usage,
  settings: exitCodes.usage,
  'no-input': exitCodes.noInput,
  unreadable: exitCodes.unreadable,
  unwritable: exitCodes.unreadable,
  'state-in-use': exitCodes.usage,
  state: exitCodes.unreadable,
  platform: exitCodes.unreadable,
  refused: exitCodes.problems,
} as const;

export type ErrorCode = keyof typeof errorCodes;

/**
 * What the caller or the machine got wrong, as opposed to what is wrong in a file (that is a `Problem`).
 * Caught once, in `cli.ts`, and printed as its message, one line.
 */
export class SagecfgError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'SagecfgError';
    this.code = code;
  }

  /** By name, because each bundled command has a copy of this class. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && 'name' in value && value.name === 'SagecfgError';
  }

  get exitCode(): ExitCode {
    return errorCodes[this.code];
  }
}
