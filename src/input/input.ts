import type { Finding } from '../problem/problem.ts';

/** The text of one file, or of standard input. */
export interface Input {
  /** As reports name it: relative to the working directory where it lies below it, with `/`. */
  readonly name: string;
  /** Absolute; undefined for standard input. */
  readonly path: string | undefined;
  readonly text: string;
  /** What was wrong with the bytes; the text is then empty. */
  readonly findings: readonly Finding[];
}

/** A file that could not be read, and why, in words. */
export interface UnreadableInput {
  readonly name: string;
  readonly reason: string;
}
