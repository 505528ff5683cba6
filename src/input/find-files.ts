import { stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { SagecfgError } from '../problem/sagecfg-error.ts';

/** What the names on the command line lead to: paths as reports show them, in the order given, each once. */
export interface FoundFiles {
  readonly paths: readonly string[];
}

/**
 * Resolves files, globs and folders (every YAML and JSON file below). A name without wildcards stays in the list even if
 * nothing is there, so that reading it gives the error.
 *
 * @throws SagecfgError `no-input` when a glob or a folder matches nothing.
 */
export async function findFiles(names: readonly string[], workingDirectory: string): Promise<FoundFiles> {
  const paths = new Set<string>();
  for (const name of names) {
    for (const path of await expandName(name, workingDirectory)) paths.add(path);
  }
  return { paths: [...paths] };
}

async function expandName(name: string, workingDirectory: string): Promise<readonly string[]> {
  if (name === '-') return [name];
  const status = await stat(resolve(workingDirectory, name)).catch(() => undefined);
  if (status?.isDirectory() === true)
    return matching(join(name, '**/*.{yaml,yml,json}'), name, workingDirectory);
  if (status === undefined && /[*?[\]{}!]/.test(name)) return matching(name, name, workingDirectory);
  return [displayName(resolve(workingDirectory, name), workingDirectory)];
}

async function matching(pattern: string, name: string, workingDirectory: string): Promise<readonly string[]> {
  const { glob } = await import('tinyglobby');
  const found = await glob(pattern.replaceAll('\\', '/'), {
    cwd: workingDirectory,
    ignore: ['**/node_modules/**', '**/.git/**'],
    dot: true,
    expandDirectories: false,
  });
  if (found.length === 0) {
    throw new SagecfgError('no-input', `no file matches ${JSON.stringify(name)} in ${workingDirectory}`);
  }
  return found.map((path) => displayName(resolve(workingDirectory, path), workingDirectory)).sort();
}

/** Relative with `/` where the file lies below the working directory, absolute elsewhere. */
export function displayName(path: string, workingDirectory: string): string {
  const below = relative(workingDirectory, path);
  return below.startsWith('..') || below === '' ? path : below.split(sep).join('/');
}
