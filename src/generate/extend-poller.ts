import { findResource, type SageResource } from '../catalog/sage-resource.ts';
import { entryOf, type MappingEntry } from '../document/node.ts';
import { readDocuments } from '../document/read-documents.ts';
import { insertAfter } from '../document/splice.ts';
import { toValue } from '../document/to-value.ts';
import type { Entry, PollerConfiguration } from '../model/model.ts';
import { readInstance } from '../model/read-instance.ts';
import type { Edit, Range } from '../problem/problem.ts';
import { SagecfgError } from '../problem/sagecfg-error.ts';
import { didYouMean } from '../problem/did-you-mean.ts';
import { adaptUrl, applyValueEdits } from './adapt-url.ts';
import { isObject, type ObjectValue } from './fields.ts';
import { editInside } from './inside-string.ts';
import { planEntry, planRecommended, type PlannedEntry } from './plan-entry.ts';
import { clonePair, renderPair, type SourcePlace } from './write-pair.ts';

export interface ExtendOptions {
  readonly resources: readonly SageResource[];
  /**
   * The entry to clone; left out, `customers`, and the last entry where there is none. A name that only the catalog has
   * stands for entries as the catalog recommends them.
   */
  readonly from: string | undefined;
  /** Writes every entry out in place of cloning its text. */
  readonly writesOut: boolean;
  /** Of the text, each with the blanks before it. */
  readonly anchors: readonly Range[];
}

/** Why a poller configuration is not what was asked for. */
export interface Gap {
  readonly kind: 'missing' | 'stale';
  readonly resource: string;
  /** Of the entry, or of the poller configuration that lacks it. */
  readonly pointer: string;
  /** One line. */
  readonly message: string;
}

export interface ExtendedPoller {
  readonly edits: readonly Edit[];
  readonly gaps: readonly Gap[];
  /** The poller configuration as it must be once the edits are applied. */
  readonly value: ObjectValue;
  /** What of an entry could not be taken over. */
  readonly notes: readonly string[];
}

/** Plans what makes a poller configuration poll the resources, as edits of the text that it stands in. */
export function extendPoller(
  text: string,
  poller: PollerConfiguration,
  options: ExtendOptions,
): ExtendedPoller {
  const string = poller.node.stringified;
  if (string === undefined) return extendWritten(text, poller, options);
  const inner = String(string.value);
  const extended = extendWritten(inner, readInner(inner, poller), { ...options, anchors: [] });
  return { ...extended, edits: extended.edits.map((edit) => editInside(text, string, edit)) };
}

/** The poller configuration once more, with the positions that it has in its own string. */
function readInner(inner: string, { key, pointer }: PollerConfiguration): PollerConfiguration {
  const root = readDocuments(inner, { syntax: 'json' })[0]?.root;
  const place = { kind: 'poller-configuration', pointer, text: inner } as const;
  const read = root?.kind === 'mapping' ? readInstance(root, place).poller : undefined;
  if (read === undefined) throw new Error(`the string at ${pointer} was read as an object before`);
  return { ...read, key };
}

function extendWritten(text: string, poller: PollerConfiguration, options: ExtendOptions): ExtendedPoller {
  const existing = options.resources.flatMap((resource) => mendEntry(poller, resource));
  const missing = options.resources.filter(({ name }) => entryOf(poller.node, name) === undefined);
  const added = addEntries(text, poller, missing, options);
  const value = toValue(poller.node);
  return {
    edits: [...existing.flatMap(({ edits }) => edits), ...added.edits],
    gaps: [...existing.map(({ gap }) => gap), ...missing.map((resource) => missingGap(poller, resource))],
    value: {
      ...(isObject(value) ? value : {}),
      ...Object.fromEntries([...existing.map(({ gap, value }) => [gap.resource, value]), ...added.values]),
    },
    notes: [...existing.flatMap(({ notes }) => notes), ...added.notes],
  };
}

interface MendedEntry {
  readonly gap: Gap;
  readonly edits: readonly Edit[];
  readonly value: ObjectValue;
  readonly notes: readonly string[];
}

/** An entry of the right name whose URL reads another resource: a copy that was never finished. */
function mendEntry({ entries }: PollerConfiguration, resource: SageResource): MendedEntry[] {
  const entry = entries.find((candidate) => candidate.resource.value === resource.name);
  const url = entry?.url;
  if (entry === undefined || url === undefined) return [];
  const adapted = adaptUrl(url.value, resource);
  if (adapted === undefined || adapted.edits.length === 0) return [];
  if (entry.resource.via.length + url.via.length > 0) throw sharedUrl(entry, url.value);
  const value = toValue(entry.node);
  return [
    {
      gap: {
        kind: 'stale',
        resource: resource.name,
        pointer: entry.pointer,
        message: `entry "${resource.name}" reads ${JSON.stringify(url.value.split('?')[0])}`,
      },
      edits: adapted.edits.map(({ start, end, text }) => url.editOf(start, end, text)),
      value: { ...(isObject(value) ? value : {}), url: applyValueEdits(url.value, adapted.edits) },
      notes: adapted.notes.map((note) => `entry "${resource.name}": ${note}`),
    },
  ];
}

function sharedUrl({ resource }: Entry, url: string): SagecfgError {
  const path = JSON.stringify(url.split('?')[0]);
  return new SagecfgError(
    'refused',
    `entry "${resource.value}" reads ${path}, and its URL comes from an alias or merge key that others share: write the URL out first`,
  );
}

function missingGap({ pointer }: PollerConfiguration, { name }: SageResource): Gap {
  return { kind: 'missing', resource: name, pointer, message: `entry "${name}" is missing` };
}

interface AddedEntries {
  readonly edits: readonly Edit[];
  readonly values: readonly (readonly [string, ObjectValue])[];
  readonly notes: readonly string[];
}

function addEntries(
  text: string,
  poller: PollerConfiguration,
  missing: readonly SageResource[],
  { from, writesOut, anchors }: ExtendOptions,
): AddedEntries {
  if (missing.length === 0) return { edits: [], values: [], notes: [] };
  const { source, isModel } = sourceOf(poller, from);
  const planned = missing.map((resource) =>
    isModel ? planEntry(source, resource) : planRecommended(resource, []),
  );
  const place: SourcePlace = {
    text,
    mapping: poller.node,
    entry: keyedEntry(poller, source),
    anchors,
  };
  const pairs = planned.map((entry) => writePair(place, entry, writesOut));
  return {
    edits: insertAfter(text, place.mapping, place.entry, pairs),
    values: planned.map(({ resource, value }) => [resource.name, value]),
    notes: planned.flatMap(({ resource, notes }) => notes.map((note) => `entry "${resource.name}": ${note}`)),
  };
}

function writePair(place: SourcePlace, entry: PlannedEntry, writesOut: boolean): string {
  return (writesOut ? undefined : clonePair(place, entry)) ?? renderPair(place, entry);
}

interface Source {
  /** The new entries go behind it. */
  readonly source: Entry;
  /** False where they are made as the catalog recommends, because the name is one of the catalog's. */
  readonly isModel: boolean;
}

function sourceOf({ entries, pointer }: PollerConfiguration, from: string | undefined): Source {
  const named = entries.find(({ resource }) => resource.value === (from ?? 'customers'));
  if (named !== undefined) return { source: named, isModel: true };
  const last = entries.at(-1);
  if (last === undefined)
    throw new SagecfgError('refused', `the poller configuration at ${pointer} has no entry to clone`);
  if (from === undefined) return { source: last, isModel: true };
  if (findResource(from)?.changeFilter !== undefined) return { source: last, isModel: false };
  const names = entries.map(({ resource }) => resource.value);
  const suggestion = didYouMean(from, names);
  const hint = suggestion === undefined ? `it has ${names.join(', ')}` : `did you mean "${suggestion}"?`;
  throw new SagecfgError('usage', `--from: the poller configuration has no entry "${from}": ${hint}`);
}

/** An entry of the model came from one of its object. */
function keyedEntry({ node }: PollerConfiguration, { resource }: Entry): MappingEntry {
  const entry = entryOf(node, resource.value);
  if (entry === undefined) throw new Error(`entry "${resource.value}" was read from its object before`);
  return entry;
}
