import { SagecfgError } from '../problem/sagecfg-error.ts';
import { isSuppressible } from './suppressible.ts';

/** One known problem that is not to be reported. */
interface BaselineEntry {
  /** With `/`, from the baseline's own folder. */
  readonly file: string;
  readonly rule: string;
  readonly fingerprint: string;
}

/** Each problem once, in the order of the file on disk. */
export type Baseline = readonly BaselineEntry[];

export const baselineName = '.sagecfg-baseline.json';

const formatVersion = '1.0';

/** @throws SagecfgError `settings` when the text is not what `renderBaseline` writes */
export function parseBaseline(text: string, name: string): Baseline {
  const document = parseJson(text);
  if (!isRecord(document) || document['formatVersion'] !== formatVersion || !isRecord(document['problems']))
    throw notABaseline(name);
  return Object.entries(document['problems']).flatMap(([file, rules]) => {
    if (!isRecord(rules)) throw notABaseline(name);
    return Object.entries(rules).flatMap(([rule, fingerprints]) => {
      if (!Array.isArray(fingerprints)) throw notABaseline(name);
      return fingerprints.map((fingerprint) => ({ file, rule, fingerprint: String(fingerprint) }));
    });
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What it is instead, a merge conflict for one, is not worth telling apart.
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function notABaseline(name: string): SagecfgError {
  return new SagecfgError(
    'settings',
    `${name} is not a baseline of this version of sagecfg: write it anew with sagecfg baseline`,
  );
}

/** Sorted, one line a problem, so that two branches can both change it. */
export function renderBaseline(entries: Baseline): string {
  const byFile = Map.groupBy(entries, ({ file }) => file);
  const problems = Object.fromEntries(
    sorted(byFile.keys()).map((file) => [file, rulesOf(byFile.get(file) ?? [])]),
  );
  return `${JSON.stringify({ formatVersion, problems }, undefined, 2)}\n`;
}

function rulesOf(entries: Baseline): Record<string, string[]> {
  const byRule = Map.groupBy(entries, ({ rule }) => rule);
  return Object.fromEntries(
    sorted(byRule.keys()).map((rule) => [
      rule,
      sorted(new Set((byRule.get(rule) ?? []).map(({ fingerprint }) => fingerprint))),
    ]),
  );
}

/** By code units: the same on every machine, whatever its language. */
function sorted(texts: Iterable<string>): string[] {
  return [...texts].sort();
}

/** What was found in one file that was checked. */
export interface CheckedAgain {
  /** As `BaselineEntry` names it. */
  readonly file: string;
  readonly problems: readonly { readonly rule: string; readonly fingerprint: string }[];
  /** What a rule that is off would find is not known. */
  readonly hasRun: (rule: string) => boolean;
}

/** Entries of a file, by their fingerprint. What keeps a file from being checked is never hidden. */
export function hiddenIn(baseline: Baseline, file: string): ReadonlySet<string> {
  return new Set(
    baseline
      .filter((entry) => entry.file === file && isSuppressible(entry.rule))
      .map(({ fingerprint }) => fingerprint),
  );
}

/**
 * Entries whose problem is gone: left in the baseline, they would hide it if it came back. Of a file that was not checked,
 * or could not be, nothing is known, unless there is no such file any more.
 */
export function findStale(
  baseline: Baseline,
  checked: readonly CheckedAgain[],
  exists: (file: string) => boolean,
): Baseline {
  const checkedByFile = new Map(checked.map((each) => [each.file, each]));
  const isThere = new Map([...new Set(baseline.map(({ file }) => file))].map((file) => [file, exists(file)]));
  const foundByFile = new Map(
    checked.map(({ file, problems }) => [file, new Set(problems.map(({ fingerprint }) => fingerprint))]),
  );
  return baseline.filter(({ file, rule, fingerprint }) => {
    const again = checkedByFile.get(file);
    if (again === undefined) return isThere.get(file) !== true;
    if (!again.hasRun(rule) || again.problems.some((problem) => !isSuppressible(problem.rule))) return false;
    return foundByFile.get(file)?.has(fingerprint) !== true;
  });
}

/** The baseline with everything that was found now: the files that were checked anew, the others as they were. */
export function renewBaseline(
  baseline: Baseline,
  checked: readonly CheckedAgain[],
  exists: (file: string) => boolean,
): Baseline {
  const stale = new Set(findStale(baseline, checked, exists));
  const found = checked.flatMap(({ file, problems }) =>
    problems.flatMap(({ rule, fingerprint }) => (isSuppressible(rule) ? [{ file, rule, fingerprint }] : [])),
  );
  return [...baseline.filter((entry) => !stale.has(entry)), ...found];
}
