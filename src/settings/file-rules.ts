import { matchGlobs } from '../input/match-globs.ts';
import type { IgnoredProblem } from '../lint/suppressions.ts';
import type { Severity } from '../problem/problem.ts';
import type { IgnoreEntry, Settings } from './settings.ts';

/** What the settings say of the rules for one file. */
export interface FileRules {
  readonly severities: ReadonlyMap<string, Severity | 'off'>;
  /** Entries of the settings' `ignore`, as they are there. */
  readonly ignored: readonly IgnoredProblem[];
}

/** Finds what counts for a file by its path (absolute). */
export function fileRulesOf(settings: Settings): (path: string) => FileRules {
  const { overrides, ignore, folder } = settings;
  const rules = rulesOf(settings);
  const matchers = overrides.map((override) => ({
    ...override,
    matches: matchGlobs(override.files, folder),
  }));
  const severitiesOf = (applying: Settings['overrides']): FileRules['severities'] =>
    applying.length === 0 ? rules : new Map([...rules, ...applying.flatMap((each) => [...each.rules])]);
  const ignored = ignore.map((entry) => ({ entry, matches: matcherOf(entry, folder) }));
  return (path) => ({
    severities: severitiesOf(matchers.filter(({ matches }) => matches(path))),
    ignored: ignored.filter(({ matches }) => matches(path)).map(({ entry }) => entry),
  });
}

/** Who allows private addresses, or only tries it all on this machine, means them. */
function rulesOf({ rules, runtime }: Settings): FileRules['severities'] {
  const isAllowed = runtime?.source === 'simulator' || (runtime?.callback?.allow ?? []).length > 0;
  return isAllowed ? new Map([['private-callback', 'off'], ...rules]) : rules;
}

function matcherOf({ files }: IgnoreEntry, folder: string): (path: string) => boolean {
  return files === undefined ? () => true : matchGlobs(files, folder);
}
