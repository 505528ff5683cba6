import ignore, { type Ignore } from 'ignore';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** Later names win over earlier ones in the same folder. */
const fileNames = ['.gitignore', '.sagecfgignore'];

export interface IgnoreOptions {
  readonly workingDirectory: string;
  /** Patterns as in these files, which count from the working directory and win over all of them. */
  readonly patterns: readonly string[];
  /** Whether ignore files count at all. */
  readonly readsFiles: boolean;
}

/**
 * Tells of a path (absolute) which line of which ignore file, or which pattern, names it: as git would, so a file in an
 * ignored folder is ignored for good, and a deeper file wins over those above it. Undefined for a path that is to be read.
 */
export function findIgnoreRules(options: IgnoreOptions): (path: string) => string | undefined {
  const { workingDirectory, readsFiles } = options;
  const given = ignore({ ignorecase: false }).add(
    options.patterns.map((pattern) => ({ pattern, mark: `--ignore-pattern ${pattern}` })),
  );
  const byFolder = new Map<string, Ignore | undefined>();
  const rulesIn = (folder: string): Ignore | undefined => {
    if (!byFolder.has(folder))
      byFolder.set(folder, readsFiles ? readRules(folder, workingDirectory) : undefined);
    return byFolder.get(folder);
  };
  const chainByFolder = new Map<string, Chain>();
  const chainOf = (folder: string): Chain => {
    const known = chainByFolder.get(folder);
    if (known !== undefined) return known;
    const folders = foldersAbove(folder, workingDirectory);
    const chain = { folders, hasRules: folders.some((each) => rulesIn(each) !== undefined) };
    chainByFolder.set(folder, chain);
    return chain;
  };
  return (path) => {
    const own = options.patterns.length === 0 ? undefined : test(given, workingDirectory, path);
    if (own !== undefined) return own.isIgnored ? own.mark : undefined;
    const { folders, hasRules } = chainOf(dirname(path));
    if (!hasRules) return undefined;
    // From the top: below an ignored folder, git does not look for anything that would take a file out again.
    for (const [index, folder] of [...folders.slice(1), path].entries()) {
      const name = folder === path ? path : `${folder}/`;
      const mark = deepest(folders.slice(0, index + 1), rulesIn, name);
      if (mark !== undefined) return mark;
    }
    return undefined;
  };
}

interface Chain {
  /** Whose ignore files count, from the top. */
  readonly folders: readonly string[];
  readonly hasRules: boolean;
}

/** Those whose ignore files count in a folder, from the top: that of the repository, or else the working directory. */
function foldersAbove(folder: string, workingDirectory: string): readonly string[] {
  const folders = [folder];
  for (let top = folder; !existsSync(join(top, '.git')); top = dirname(top)) {
    if (top === dirname(top)) {
      const start = folders.indexOf(workingDirectory);
      return start === -1 ? [folder] : folders.slice(start);
    }
    folders.unshift(dirname(top));
  }
  return folders;
}

function deepest(
  folders: readonly string[],
  rulesIn: (folder: string) => Ignore | undefined,
  path: string,
): string | undefined {
  for (const folder of folders.toReversed()) {
    const rules = rulesIn(folder);
    const result = rules && test(rules, folder, path);
    if (result !== undefined) return result.isIgnored ? result.mark : undefined;
  }
  return undefined;
}

interface Match {
  readonly isIgnored: boolean;
  readonly mark: string;
}

/** A folder's path ends with a slash. */
function test(rules: Ignore, folder: string, path: string): Match | undefined {
  const below = relative(folder, path).split(sep).join('/') + (path.endsWith('/') ? '/' : '');
  if (!ignore.isPathValid(below)) return undefined;
  const { ignored, unignored, rule } = rules.test(below);
  return ignored || unignored ? { isIgnored: ignored, mark: rule?.mark ?? '' } : undefined;
}

function readRules(folder: string, workingDirectory: string): Ignore | undefined {
  const patterns = fileNames.flatMap((name) => readPatterns(join(folder, name), workingDirectory));
  return patterns.length === 0 ? undefined : ignore({ ignorecase: false }).add(patterns);
}

function readPatterns(file: string, workingDirectory: string) {
  if (!existsSync(file)) return [];
  const below = relative(workingDirectory, file);
  const name = below.startsWith('..') ? file : below.split(sep).join('/');
  const lines = readFileSync(file, 'utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/);
  return lines.map((pattern, index) => ({ pattern, mark: `${name}:${index + 1}` }));
}
