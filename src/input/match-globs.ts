import ignore from 'ignore';
import { relative, sep } from 'node:path';

/**
 * Tells whether a path (absolute) is one that globs name, which count from `folder`: `*`, `**`, `?`, `[abc]`, `{a,b}`; a
 * folder stands for all in it, and a glob with `!` takes out again what earlier ones named.
 */
export function matchGlobs(globs: readonly string[], folder: string): (path: string) => boolean {
  // The language of .gitignore has all of it but the braces, once a glob is tied to the folder.
  const matcher = ignore({ ignorecase: false }).add(globs.flatMap(expandBraces).map(tieToFolder));
  return (path) => {
    const below = relative(folder, path).split(sep).join('/');
    return ignore.isPathValid(below) && matcher.ignores(below);
  };
}

function tieToFolder(glob: string): string {
  const [mark, rest] = glob.startsWith('!') ? ['!', glob.slice(1)] : ['', glob];
  return `${mark}/${rest.replace(/^(?:\.?\/)+/, '')}`;
}

/** `a/{b,c}.yaml` as `a/b.yaml` and `a/c.yaml`, from the inside out. */
function expandBraces(glob: string): string[] {
  const { before, inner, after } =
    /^(?<before>.*)\{(?<inner>[^{}]*,[^{}]*)\}(?<after>.*)$/.exec(glob)?.groups ?? {};
  if (before === undefined || inner === undefined || after === undefined) return [glob];
  return inner.split(',').flatMap((part) => expandBraces(before + part + after));
}
