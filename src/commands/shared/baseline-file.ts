import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { displayName } from '../../input/find-files.ts';
import type { Input } from '../../input/input.ts';
import type { Io } from '../../io.ts';
import { baselineName, parseBaseline, type Baseline } from '../../lint/baseline.ts';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import type { Settings } from '../../settings/settings.ts';

/** Where a baseline is or would be, and from where it counts. */
export interface BaselineFile {
  readonly path: string;
  /** As messages show it. */
  readonly name: string;
  /** Undefined where there is none yet. */
  readonly entries: Baseline | undefined;
  /** The name of an input as everybody on the project would call it, wherever they run the command. */
  readonly identityOf: (input: Pick<Input, 'name' | 'path'>) => string;
  /** Absolute path of the file of that name. */
  readonly pathOf: (identity: string) => string;
}

/**
 * The one that is named, or the first that is found from the working directory upwards, or else one that could be in the
 * folder of the settings. `flag` false: none is read.
 *
 * @throws SagecfgError `usage` when a named one is not there, `settings` when it is no baseline
 */
export function readBaselineFile(
  flag: string | false | undefined,
  settings: Settings,
  { workingDirectory }: Io,
): BaselineFile {
  const named = typeof flag === 'string' ? resolve(workingDirectory, flag) : undefined;
  const found = named ?? findUpwards(workingDirectory);
  const path = found ?? join(settings.folder, baselineName);
  const name = displayName(path, workingDirectory);
  // The names of files must not change with the folder in which the command runs.
  const folder = settings.path === undefined && named === undefined ? dirname(path) : settings.folder;
  return {
    path,
    name,
    entries: flag === false ? undefined : readEntries(path, name),
    identityOf: (input) => (input.path === undefined ? input.name : nameFrom(folder, input.path)),
    pathOf: (identity) => resolve(folder, identity),
  };
}

function findUpwards(workingDirectory: string): string | undefined {
  for (let folder = resolve(workingDirectory); ; folder = dirname(folder)) {
    const path = join(folder, baselineName);
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) return undefined;
  }
}

function readEntries(path: string, name: string): Baseline | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return parseBaseline(readFileSync(path, 'utf8'), name);
  } catch (error) {
    if (error instanceof SagecfgError) throw error;
    throw new SagecfgError('settings', `cannot read ${JSON.stringify(name)}: ${String(error)}`, {
      cause: error,
    });
  }
}

function nameFrom(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/');
}

/** @throws SagecfgError `usage` where there is none */
export function requireBaseline({ entries, name }: BaselineFile): Baseline {
  if (entries !== undefined) return entries;
  throw new SagecfgError(
    'usage',
    `there is no baseline at ${JSON.stringify(name)}: sagecfg baseline makes one`,
  );
}
