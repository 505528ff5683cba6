import { findRefusal } from '../../catalog/sage-list-query.ts';
import { createLineIndex, type Position } from '../../input/line-index.ts';
import type { Entry, Instance } from '../../model/model.ts';
import type { Range } from '../../problem/problem.ts';
import { expandEntry, expandForSage, type EntryExpansion, type SageExpansion } from './expand-entry.ts';
import type { LintedFile } from './lint-files.ts';

export interface ExpandTimes {
  /** Of the last poll, epoch milliseconds; undefined: each instance's own interval ago. */
  readonly since: number | undefined;
  /** Of this poll, epoch milliseconds. */
  readonly nowMs: number;
  /** The zone of the platform's servers. */
  readonly zone: string;
}

interface Place extends Position {
  readonly file: string;
}

/** What one entry asks for, and where it stands. */
export interface ExpandedResource extends Place {
  /** Names the instance to people. */
  readonly instance: string;
  readonly resource: string;
  readonly lastPollMs: number;
  /** The interval, where the last poll is taken to be that long ago for want of a better time. */
  readonly assumedMinutes: number | undefined;
  readonly expansion: EntryExpansion;
  /** Only where requests to Sage are wanted. */
  readonly sage: SageExpansion | undefined;
}

/** A URL that cannot be expanded, and why. */
export interface BrokenUrl extends Place {
  /** Undefined where the file could not be read so far. */
  readonly resource: string | undefined;
  readonly message: string;
}

export interface ExpandFileOptions {
  /** All where undefined. */
  readonly wanted: ReadonlySet<string> | undefined;
  readonly times: ExpandTimes;
  readonly isForSage: boolean;
}

export interface ExpandedFile {
  readonly expanded: readonly ExpandedResource[];
  readonly broken: readonly BrokenUrl[];
}

/** The resources that a file polls. */
export function resourcesIn({ linted }: LintedFile): readonly string[] {
  return linted.instances.flatMap(({ poller }) =>
    (poller?.entries ?? []).map(({ resource }) => resource.value),
  );
}

/** Expands every URL of a file that can be, and says of the others why not. */
export function expandFile(file: LintedFile, options: ExpandFileOptions): ExpandedFile {
  const { linted, input } = file;
  const lines = createLineIndex(linted.text);
  const placeOf = (range: Range): Place => ({ file: input.name, ...lines.positionOf(range.start) });
  const expanded: ExpandedResource[] = [];
  const broken: BrokenUrl[] = [];
  for (const instance of linted.instances) {
    for (const entry of instance.poller?.entries ?? []) {
      if (options.wanted?.has(entry.resource.value) === false) continue;
      const place = placeOf((entry.url ?? entry.resource).range);
      const resource = entry.resource.value;
      const expansion = expandInstanceEntry(file, instance, entry, options);
      const breaks = findBreaks(file, instance, entry, expansion);
      broken.push(...breaks.map(({ range, message }) => ({ ...placeOf(range), resource, message })));
      if (breaks.length === 0)
        expanded.push({ ...place, instance: titleOf(instance), resource, ...expansion });
    }
  }
  if (resourcesIn(file).length === 0) broken.push({ ...whyNothing(file, placeOf), resource: undefined });
  return { expanded, broken };
}

type Expanded = Pick<ExpandedResource, 'lastPollMs' | 'assumedMinutes' | 'expansion' | 'sage'>;

function expandInstanceEntry(
  { linted }: LintedFile,
  instance: Instance,
  entry: Entry,
  { times, isForSage }: ExpandFileOptions,
): Expanded {
  const minutes = intervalMinutesOf(instance);
  const lastPollMs = times.since ?? times.nowMs - minutes * 60_000;
  const assumedMinutes = times.since === undefined ? minutes : undefined;
  const url = linted.secrets.texts.reduce(
    (text, secret) => text.replaceAll(secret, '[secret]'),
    entry.url?.value ?? '',
  );
  const expansion = expandEntry(entry, url, { lastPollMs, nowMs: times.nowMs, zone: times.zone });
  return {
    lastPollMs,
    assumedMinutes,
    expansion,
    sage: isForSage ? expandForSage(entry, expansion) : undefined,
  };
}

const defaultIntervalMinutes = 15;

function intervalMinutesOf({ configuration }: Instance): number {
  const minutes = Number(configuration.get('event.poller.refresh_interval')?.value ?? '');
  return minutes > 0 ? minutes : defaultIntervalMinutes;
}

/** By its name; in a list of several without names, by its number. */
function titleOf({ name, elementKey, pointer }: Instance): string {
  const element = elementKey === undefined ? 'poller configuration' : elementKey.value;
  if (name !== undefined) return `${name.value} (${element})`;
  return pointer === '' ? element : `${element}, number ${Number(pointer.slice(1)) + 1}`;
}

interface Break {
  readonly range: Range;
  readonly message: string;
}

/** What is wrong with the URL itself, before what is wrong with it for Sage. */
function findBreaks(
  { linted }: LintedFile,
  { elementKey }: Instance,
  entry: Entry,
  { expansion, sage }: Expanded,
): readonly Break[] {
  const { url } = entry;
  if (url === undefined) return [{ range: entry.resource.range, message: 'the entry has no URL' }];
  const errors = linted.problems.filter(
    ({ severity, pointer }) => severity === 'error' && pointer === url.pointer,
  );
  if (errors.length > 0) return errors;
  const broken = expansion.pieces.find(({ kind }) => kind === 'broken');
  if (broken !== undefined) {
    const [fault] = expansion.faults;
    const message = fault?.message ?? `"${broken.source}" needs a date format, and updatedDateFormat is none`;
    return [{ range: url.range, message }];
  }
  if (sage === undefined) return [];
  if (elementKey !== undefined && elementKey.value !== 'sageone') {
    return [{ range: elementKey.range, message: `"${elementKey.value}" is not Sage: expected "sageone"` }];
  }
  const refusal = findRefusal(sage.faults);
  return refusal === undefined ? [] : [{ range: url.range, message: refusal.message }];
}

/** A file without an entry has an error that says why, or is simply without. */
function whyNothing(
  { linted }: LintedFile,
  placeOf: (range: Range) => Place,
): Place & Pick<BrokenUrl, 'message'> {
  const problem = linted.problems.find(({ severity }) => severity === 'error');
  const range = problem?.range ?? { start: 0, end: 0 };
  return {
    ...placeOf(range),
    message: problem?.message ?? 'nothing is polled here: no poller configuration',
  };
}
