import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { decodeText } from './decode-text.ts';
import type { FoundFile } from './find-files.ts';
import type { Input, UnreadableInput } from './input.ts';

export interface ReadInputOptions {
  /** Called only for `-`: opening it takes as long as checking a small file. */
  readonly openStdin: () => Readable;
  /** What reports call standard input. */
  readonly stdinName?: string;
  /** Larger files are not read at all. */
  readonly maxBytes: number;
}

/** Reads one file, or standard input for `-`. */
export async function readInput(
  { name, path }: Pick<FoundFile, 'name' | 'path'>,
  options: ReadInputOptions,
): Promise<Input | UnreadableInput> {
  if (path === '-') return readStdin(options);
  try {
    return readOpened(openSync(path, readOnly), name, path, options.maxBytes);
  } catch (error) {
    return { name, reason: readFailureReason(error) };
  }
}

/** A pipe would otherwise be waited for, instead of being refused. Windows has no such flag. */
const readOnly = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

function readOpened(
  descriptor: number,
  name: string,
  path: string,
  maxBytes: number,
): Input | UnreadableInput {
  try {
    const status = fstatSync(descriptor);
    if (status.isDirectory()) return { name, reason: 'is a folder' };
    if (!status.isFile()) return { name, reason: 'is not a regular file' };
    if (status.size > maxBytes) return tooLarge(name, path, maxBytes);
    const { text, findings } = decodeText(readBytes(descriptor, status.size));
    return { name, path, text, findings };
  } finally {
    closeSync(descriptor);
  }
}

/** One for all small files, which are decoded at once. */
let small: Buffer | undefined;
const smallBytes = 65_536;

/** A file that grows meanwhile is read as it was. */
function readBytes(descriptor: number, size: number): Uint8Array {
  // Of the system's own files, which hold something all the same.
  if (size === 0) return readFileSync(descriptor);
  const bytes = size > smallBytes ? Buffer.allocUnsafe(size) : (small ??= Buffer.allocUnsafe(smallBytes));
  let done = 0;
  while (done < size) {
    const read = readSync(descriptor, bytes, done, size - done, done);
    if (read === 0) break;
    done += read;
  }
  return bytes.subarray(0, done);
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

/** Why a file could not be read, in words. */
export function readFailureReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'no such file';
  if (code === 'EISDIR') return 'is a folder';
  if (code === 'ENXIO') return 'is not a regular file';
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  if (code === 'ELOOP') return 'too many symbolic links';
  return error instanceof Error ? error.message : String(error);
}
