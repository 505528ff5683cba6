import { closeSync, openSync, writeFileSync } from 'node:fs';
import { makeFolder } from '../input/make-folder.ts';
import { SagecfgError } from '../problem/sagecfg-error.ts';

/*
 * Records and sealed tokens are nobody else's business. What is there already keeps the mode that somebody gave it. What
 * the machine refuses is a `SagecfgError`.
 */

/** Makes the folder, and those above it, for this user alone. */
export function makePrivateFolder(path: string): void {
  explaining(path, () => makeFolder(path, { mode: 0o700 }));
}

/** Makes an empty file for this user alone. SQLite gives the files that it puts beside one the same mode. */
export function makePrivateFile(path: string): void {
  explaining(path, () => closeSync(openSync(path, 'a', privateFileMode)));
}

/** Writes a file for this user alone. False when it was to be a new one, and is there. */
export function writePrivateFile(
  path: string,
  text: string,
  { isNew = false }: { readonly isNew?: boolean } = {},
): boolean {
  return explaining(path, () => {
    try {
      writeFileSync(path, text, { flag: isNew ? 'wx' : 'w', mode: privateFileMode });
      return true;
    } catch (error) {
      if (isNew && codeOf(error) === 'EEXIST') return false;
      throw error;
    }
  });
}

export const privateFileMode = 0o600;

function explaining<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    const reason = reasons[codeOf(cause)] ?? (cause instanceof Error ? cause.message : String(cause));
    const message = `the state needs ${JSON.stringify(path)}, which cannot be written: ${reason}`;
    throw new SagecfgError('state', message, { cause });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOENT: 'no file can be made there',
  ENOTDIR: 'a part of the path is no folder',
  EEXIST: 'a part of the path is no folder',
  EISDIR: 'it is a folder',
};
