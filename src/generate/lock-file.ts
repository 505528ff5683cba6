import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { writeText } from '../input/write-text.ts';
import { SagecfgError } from '../problem/sagecfg-error.ts';
import type { LockedMark } from './extend-text.ts';

/** Beside the settings: what was generated into files that have no room for a comment, such as JSON. */
const lockName = 'sagecfg.lock.json';

/** Marks by file, as its path from the folder of the lock, with `/`. */
export type Lock = ReadonlyMap<string, readonly LockedMark[]>;

interface LockRecord {
  readonly file: string;
  readonly instance: string;
  readonly pointer: string;
  readonly resource: string;
  /** Left out for what the catalog recommends. */
  readonly from?: string;
  readonly hash: string;
}

/** @throws SagecfgError `settings` for a file that is no lock */
export async function readLock(folder: string): Promise<Lock> {
  const path = join(folder, lockName);
  const text = await readIfThere(path);
  if (text === undefined) return new Map();
  const records = parseRecords(text);
  if (records === undefined)
    throw new SagecfgError(
      'settings',
      `${path} is damaged: restore it, or delete it to forget what was generated`,
    );
  const byFile = Map.groupBy(records, ({ file }) => file);
  return new Map([...byFile].map(([file, own]) => [file, own.map(toMark)]));
}

/** Writes the lock where it changes; an empty one only over another. */
export async function writeLock(folder: string, before: Lock, after: Lock): Promise<void> {
  const text = renderLock(after);
  if (text !== renderLock(before)) await writeText(join(folder, lockName), text);
}

/** How the lock names a file. */
export function lockKey(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/');
}

function renderLock(lock: Lock): string {
  const generated = [...lock].flatMap(([file, marks]) => marks.map((mark) => toRecord(file, mark)));
  // In an order that makes small diffs.
  generated.sort((left, right) => compare(identityOf(left), identityOf(right)));
  return `${JSON.stringify({ formatVersion: '1.0', generated }, undefined, 2)}\n`;
}

function toRecord(file: string, { instance, pointer, resource, from, hash }: LockedMark): LockRecord {
  return { file, instance, pointer, resource, ...(from !== undefined && { from }), hash };
}

function toMark({ instance, pointer, resource, from, hash }: LockRecord): LockedMark {
  return { instance, pointer, resource, from, hash };
}

function identityOf({ file, instance, pointer, resource }: LockRecord): string {
  return [file, instance, pointer, resource].join('\0');
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    throw new SagecfgError('unreadable', `cannot read ${JSON.stringify(path)}: ${reason}`, { cause: error });
  }
}

function parseRecords(text: string): readonly LockRecord[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || !('generated' in parsed)) return undefined;
    const { generated } = parsed;
    return Array.isArray(generated) && generated.every(isRecord) ? generated : undefined;
  } catch {
    return undefined; // whoever asks says so, with the path
  }
}

function isRecord(value: unknown): value is LockRecord {
  if (typeof value !== 'object' || value === null) return false;
  const record: Readonly<Record<string, unknown>> = { ...value };
  const isWhole = ['file', 'instance', 'pointer', 'resource', 'hash'].every(
    (key) => typeof record[key] === 'string',
  );
  return isWhole && (record['from'] === undefined || typeof record['from'] === 'string');
}
