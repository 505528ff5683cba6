import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { decodeText } from './decode-text.ts';
import type { Input, UnreadableInput } from './input.ts';

export interface ReadInputOptions {
  readonly workingDirectory: string;
  /** Called only for `-`: opening it takes as long as checking a small file. */
  readonly openStdin: () => Readable;
  /** What reports call standard input. */
  readonly stdinName?: string;
  /** Larger files are not read at all. */
  readonly maxBytes: number;
}

/** Reads one file, or standard input for `-`. */
export async function readInput(name: string, options: ReadInputOptions): Promise<Input | UnreadableInput> {
  if (name === '-') return readStdin(options);
  const path = resolve(options.workingDirectory, name);
  try {
    const status = statSync(path);
    if (status.isDirectory()) return { name, reason: 'is a folder' };
    if (!status.isFile()) return { name, reason: 'is not a regular file' };
    if (status.size > options.maxBytes) return tooLarge(name, path, options.maxBytes);
    return { name, path, ...decodeText(readFileSync(path)) };
  } catch (error) {
    return { name, reason: reasonFor(error) };
  }
}

export function isUnreadable(input: Input | UnreadableInput): input is UnreadableInput {
  return 'reason' in input;
}

async function readStdin({
  openStdin,
  stdinName,
  maxBytes,
}: ReadInputOptions): Promise<Input | UnreadableInput> {
  const name = stdinName ?? '<stdin>';
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of openStdin()) {
    const bytes = Buffer.from(chunk as Buffer | string); // a stream of bytes gives one of the two
    size += bytes.length;
    if (size > maxBytes) return tooLarge(name, undefined, maxBytes);
    chunks.push(bytes);
  }
  return { name, path: undefined, ...decodeText(Buffer.concat(chunks)) };
}

function tooLarge(name: string, path: string | undefined, maxBytes: number): Input {
  return {
    name,
    path,
    text: '',
    findings: [
      {
        rule: 'too-large',
        message: `file is larger than ${maxBytes} bytes`,
        help: 'It was not read. Split it, or raise the limit with --max-bytes.',
        range: { start: 0, end: 0 },
        pointer: '',
      },
    ],
  };
}

function reasonFor(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  if (code === 'ELOOP') return 'too many symbolic links';
  return error instanceof Error ? error.message : String(error);
}
