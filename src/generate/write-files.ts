import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { lstat, open, readFile, realpath, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from '../input/make-folder.ts';
import { SagecfgError } from '../problem/sagecfg-error.ts';
import type { PlannedFile } from './plan-files.ts';

/** A planned file beside what lies at its path now. */
export interface ComparedFile extends PlannedFile {
  readonly state: 'new' | 'same' | 'different' | 'kept';
  /** Undefined where there is none. */
  readonly before: string | undefined;
}

/**
 * Compares a plan with the output folder.
 *
 * @throws SagecfgError `refused` where a part of a path is a symbolic link or no folder, or the file none
 */
export async function compareFiles(
  folder: string,
  planned: readonly PlannedFile[],
): Promise<readonly ComparedFile[]> {
  const compared: ComparedFile[] = [];
  for (const file of planned) {
    await refuseStrangeFolders(folder, file.path);
    const before = await readRegular(join(folder, file.path));
    compared.push({ ...file, before, state: stateOf(file, before) });
  }
  return compared;
}

function stateOf({ text, isKept }: PlannedFile, before: string | undefined): ComparedFile['state'] {
  if (before === undefined) return 'new';
  if (before === text) return 'same';
  return isKept ? 'kept' : 'different';
}

/** Writes what is new or different, each file whole or not at all. */
export async function writeFiles(folder: string, files: readonly ComparedFile[]): Promise<void> {
  try {
    makeFolder(folder);
  } catch (error) {
    throw unwritable(folder, error);
  }
  for (const { path, text, state } of files) {
    if (state === 'same' || state === 'kept') continue;
    const target = join(folder, path);
    try {
      makeFolder(dirname(target));
      // Once more, because there may be folders now that were not there when the plan was compared.
      await refuseStrangeFolders(folder, path);
      await replace(target, text);
    } catch (error) {
      throw error instanceof SagecfgError ? error : unwritable(target, error);
    }
  }
}

/** Every folder below the output folder must be one itself: a link would lead the file elsewhere. */
async function refuseStrangeFolders(folder: string, path: string): Promise<void> {
  let reached = await realpath(folder).catch(() => folder);
  for (const segment of path.split('/').slice(0, -1)) {
    reached = join(reached, segment);
    const status = await statusOf(reached);
    if (status === undefined) return;
    if (status.isSymbolicLink()) throw refused(reached, 'it is a symbolic link');
    if (!status.isDirectory()) throw refused(reached, 'it is no folder');
  }
}

async function readRegular(path: string): Promise<string | undefined> {
  const status = await statusOf(path);
  if (status === undefined) return undefined;
  if (status.isSymbolicLink()) throw refused(path, 'it is a symbolic link');
  if (!status.isFile()) throw refused(path, 'it is no regular file');
  return readFile(path, 'utf8');
}

async function statusOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return undefined;
    if (code === 'ENOTDIR') throw refused(path, 'a part of its path is no folder');
    throw unwritable(path, error);
  }
}

/** Never through a link: renaming replaces one that appears in the meantime, where opening would follow it. */
async function replace(target: string, text: string): Promise<void> {
  const temporary = join(dirname(target), `.${basename(target).slice(0, 100)}.${randomUUID()}.tmp`);
  try {
    await using file = await open(temporary, 'wx', 0o666);
    await file.writeFile(text);
    await file.sync();
    await rename(temporary, target);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

function refused(path: string, reason: string): SagecfgError {
  return new SagecfgError('refused', `${JSON.stringify(path)} is not written: ${reason}`);
}

function unwritable(path: string, error: unknown): SagecfgError {
  const reason = error instanceof Error ? error.message : String(error);
  return new SagecfgError('unwritable', `cannot write ${JSON.stringify(path)}: ${reason}`, { cause: error });
}
