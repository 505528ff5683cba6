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
import { isObject, type ObjectValue } from './fields.ts';
import { fingerprintOf } from './fingerprint.ts';
import { editInside } from './inside-string.ts';
import { markPair, unmarkPair, type Mark } from './mark.ts';
import { markedResources, mendEntry, type Gap } from './mend-entry.ts';
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
  /** New entries are marked with where they came from. */
  readonly isMarking: boolean;
  /** Marks that do not stand in the text, by resource. */
  readonly lock: ReadonlyMap<string, Mark>;
}

export interface ExtendedPoller {
  readonly edits: readonly Edit[];
  readonly gaps: readonly Gap[];
  /** The poller configuration as it must be once the edits are applied. */
  readonly value: ObjectValue;
  /** What of an entry could not be taken over. */
  readonly notes: readonly string[];
  /** Marks that cannot stand in the text, by resource. */
  readonly lock: ReadonlyMap<string, Mark>;
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
  // Nothing named: what was generated is brought up to date.
  const resources =
    options.resources.length > 0 ? options.resources : markedResources(text, poller, options.lock);
  const existing = resources.flatMap((resource) =>
    mendEntry(text, poller, resource, options.lock.get(resource.name)),
  );
  const missing = resources.filter(({ name }) => entryOf(poller.node, name) === undefined);
  const added = addEntries(text, poller, missing, options);
  const value = toValue(poller.node);
  const locked = [...options.lock].filter(([name]) => entryOf(poller.node, name) !== undefined);
  const updated = existing.flatMap(({ resource, mark }) =>
    mark !== undefined && options.lock.has(resource) ? [[resource, mark] as const] : [],
  );
  return {
    edits: [...existing.flatMap(({ edits }) => edits), ...added.edits],
    gaps: [
      ...existing.flatMap(({ gap }) => gap ?? []),
      ...missing.map((resource) => missingGap(poller, resource)),
    ],
    value: {
      ...(isObject(value) ? value : {}),
      ...Object.fromEntries([
        ...existing.map(({ resource, value: mended }) => [resource, mended] as const),
        ...added.values,
      ]),
    },
    notes: [...existing.flatMap(({ notes }) => notes), ...added.notes],
    lock: new Map([...locked, ...updated, ...added.lock]),
  };
}

function missingGap({ pointer }: PollerConfiguration, { name }: SageResource): Gap {
  return { kind: 'missing', resource: name, pointer, message: `entry "${name}" is missing` };
}

interface AddedEntries {
  readonly edits: readonly Edit[];
  readonly values: readonly (readonly [string, ObjectValue])[];
  readonly notes: readonly string[];
  readonly lock: readonly (readonly [string, Mark])[];
}

function addEntries(
  text: string,
  poller: PollerConfiguration,
  missing: readonly SageResource[],
  { from, writesOut, anchors, isMarking }: ExtendOptions,
): AddedEntries {
  if (missing.length === 0) return { edits: [], values: [], notes: [], lock: [] };
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
  const pairs = planned.map((entry) => {
    const pair = unmarkPair(writePair(place, entry, writesOut));
    if (!isMarking) return { name: entry.resource.name, pair, locked: undefined };
    const mark = { from: isModel ? source.resource.value : undefined, hash: fingerprintOf(entry.value) };
    const marked = place.mapping.flow ? undefined : markPair(pair, mark);
    return {
      name: entry.resource.name,
      pair: marked ?? pair,
      locked: marked === undefined ? mark : undefined,
    };
  });
  return {
    edits: insertAfter(
      text,
      place.mapping,
      place.entry,
      pairs.map(({ pair }) => pair),
    ),
    values: planned.map(({ resource, value }) => [resource.name, value]),
    notes: planned.flatMap(({ resource, notes }) => notes.map((note) => `entry "${resource.name}": ${note}`)),
    lock: pairs.flatMap(({ name, locked }) => (locked === undefined ? [] : [[name, locked] as const])),
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
