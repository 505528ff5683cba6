import { dirname, resolve, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { statSync } from 'node:fs';
import { createLineIndex } from '../../input/line-index.ts';
import type { Io } from '../../io.ts';
import type { Instance } from '../../model/model.ts';
import { exitCodes, SagecfgError, type ExitCode } from '../../problem/sagecfg-error.ts';
import { visibleText } from '../../report/visible-text.ts';
import { findErrors, refuseErrors } from './find-errors.ts';
import { lintFiles, reportUnreadable, type LintedFiles } from './lint-files.ts';
import type { RunValues } from './run-options.ts';

/** The files that `run` works from, as they are named: read again, there may be others. */
export interface ConfigFiles {
  readonly names: readonly string[];
  readonly values: RunValues;
}

/** The files, all without error; otherwise the exit code, after telling why. */
export async function readSound({ names, values }: ConfigFiles, io: Io): Promise<LintedFiles | ExitCode> {
  const read = await lintFiles(names, values, io);
  reportUnreadable(read.unreadable, io);
  if (read.unreadable.length > 0) return exitCodes.unreadable;
  const refused = findErrors(read.files);
  if (refused.length === 0) return read;
  await refuseErrors(refused, { outcome: 'nothing was run', color: values.color }, io);
  return exitCodes.problems;
}

export function instancesOf({ files }: LintedFiles): readonly Instance[] {
  return files.flatMap(({ linted }) => linted.instances);
}

/** The same while something runs already: throws `SagecfgError`, in one line, where the files cannot be taken over. */
export async function readAgain({ names, values }: ConfigFiles, io: Io): Promise<readonly Instance[]> {
  // A thousand files take seconds, and polls and deliveries go on meanwhile.
  const read = await lintFiles(names, { ...values, giveWay: setImmediate }, io);
  const [unreadable] = read.unreadable;
  if (unreadable !== undefined)
    throw new SagecfgError(
      'unreadable',
      `cannot read ${JSON.stringify(unreadable.name)}: ${unreadable.reason}`,
    );
  const refused = findErrors(read.files);
  if (refused.length === 0) return instancesOf(read);
  const [first = '', ...others] = refused.flatMap(({ input, linted }) => {
    const lines = createLineIndex(linted.text);
    return linted.problems.map(({ range, message, rule }) => {
      const { line, column } = lines.positionOf(range.start);
      return visibleText(`${input.name}:${line}:${column} ${message} (${rule})`);
    });
  });
  throw new SagecfgError('refused', others.length === 0 ? first : `${first}, and ${others.length} more`);
}

/** Folders in which a change may change what is read. */
export function foldersOf(
  { names }: ConfigFiles,
  { configs, folder }: { readonly configs: readonly string[]; readonly folder: string },
  workingDirectory: string,
): readonly WatchedFolder[] {
  const own = names.map((name) => folderOf(name, workingDirectory));
  const configured = names.length > 0 ? [] : configs.map((name) => folderOf(name, folder));
  const all = [...own, ...configured, { path: folder, isDeep: false }];
  return all.filter(
    ({ path, isDeep }, index) =>
      all.findIndex((other) => other.path === path && other.isDeep === isDeep) === index,
  );
}

export interface WatchedFolder {
  readonly path: string;
  /** With all folders below. */
  readonly isDeep: boolean;
}

function folderOf(name: string, from: string): WatchedFolder {
  const path = resolve(from, name);
  if (isFolder(path)) return { path, isDeep: true };
  if (!/[*?[\]{}!]/.test(name)) return { path: dirname(path), isDeep: false };
  const parts = name.split(/[\\/]/);
  const fixed = parts.slice(
    0,
    parts.findIndex((part) => /[*?[\]{}!]/.test(part)),
  );
  return { path: resolve(from, fixed.join(sep) || '.'), isDeep: parts.length - fixed.length > 1 };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
