import { statSync, type Stats } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { SagecfgError } from '../problem/sagecfg-error.ts';

export interface FoundFile {
  /** As reports show it. */
  readonly name: string;
  /** Absolute; `-` for standard input. */
  readonly path: string;
  /** Nobody asked for this very file: it lies in a folder that was named. */
  readonly isFromFolder: boolean;
}

/**
 * Resolves files, globs and folders (every YAML and JSON file below), which count from the folder `from`, in the
 * order given, each once. A name without wildcards stays in the list even if
 * nothing is there, so that reading it gives the error.
 *
 * @throws SagecfgError `no-input` when a glob or a folder matches nothing.
 */
export async function findFiles(
  names: readonly string[],
  { from, workingDirectory }: { readonly from: string; readonly workingDirectory: string },
): Promise<readonly FoundFile[]> {
  const found = new Map<string, FoundFile>();
  for (const name of names) {
    const { paths, isFromFolder } = name === '-' ? standardInput : await expandName(name, from);
    for (const path of paths) {
      const shown = path === '-' ? path : displayName(path, workingDirectory);
      if (!isFromFolder || !found.has(shown)) found.set(shown, { name: shown, path, isFromFolder });
    }
  }
  return [...found.values()];
}

interface ExpandedName {
  /** Absolute. */
  readonly paths: readonly string[];
  readonly isFromFolder: boolean;
}

const standardInput: ExpandedName = { paths: ['-'], isFromFolder: false };

async function expandName(name: string, from: string): Promise<ExpandedName> {
  const path = resolve(from, name);
  const status = statusOf(path);
  if (status?.isDirectory() === true)
    return { paths: await matching(join(name, '**/*.{yaml,yml,json}'), name, from), isFromFolder: true };
  const isGlob = status === undefined && /[*?[\]{}!]/.test(name);
  return { paths: isGlob ? await matching(name, name, from) : [path], isFromFolder: false };
}

function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // What is wrong with it is told when it is read.
    return undefined;
  }
}

/** Our own, which no wildcard means; by their names they are taken. */
const ownFiles = ['**/sagecfg.{yaml,yml,json}', '**/.sagecfg-baseline.json'];

async function matching(pattern: string, name: string, from: string): Promise<readonly string[]> {
  const { glob } = await import('tinyglobby');
  const found = await glob(pattern.replaceAll('\\', '/'), {
    cwd: from,
    ignore: ['**/node_modules/**', '**/.git/**', ...ownFiles],
    dot: true,
    expandDirectories: false,
  });
  if (found.length === 0) {
    throw new SagecfgError('no-input', `no file matches ${JSON.stringify(name)} in ${from}`);
  }
  return found.map((path) => resolve(from, path)).sort();
}

/** Relative with `/` where the file lies below the working directory, absolute elsewhere. */
export function displayName(path: string, workingDirectory: string): string {
  // As nearly always; `relative` takes its time.
  const folder = workingDirectory.endsWith(sep) ? workingDirectory : workingDirectory + sep;
  if (sep === '/' && path.startsWith(folder)) return path.slice(folder.length);
  const below = relative(workingDirectory, path);
  return below.startsWith('..') || below === '' ? path : below.split(sep).join('/');
}
