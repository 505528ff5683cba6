import { findResource, type SageResource } from '../catalog/sage-resource.ts';
import { toValue } from '../document/to-value.ts';
import { entryOf } from '../document/node.ts';
import type { Entry, PollerConfiguration } from '../model/model.ts';
import type { Edit } from '../problem/problem.ts';
import { SagecfgError } from '../problem/sagecfg-error.ts';
import { adaptUrl, applyValueEdits } from './adapt-url.ts';
import { isObject, type ObjectValue } from './fields.ts';
import { fingerprintOf, parseFingerprint } from './fingerprint.ts';
import { findMark, renderMark, type Mark } from './mark.ts';
import { mergeEntry } from './merge-entry.ts';
import { planEntry, planRecommended } from './plan-entry.ts';

/** Why a poller configuration is not what was asked for. */
export interface Gap {
  readonly kind: 'missing' | 'stale';
  readonly resource: string;
  /** Of the entry, or of the poller configuration that lacks it. */
  readonly pointer: string;
  /** One line. */
  readonly message: string;
}

export interface MendedEntry {
  readonly resource: string;
  /** Undefined where nothing has to change. */
  readonly gap: Gap | undefined;
  readonly edits: readonly Edit[];
  readonly value: ObjectValue;
  readonly notes: readonly string[];
  /** The mark that belongs to the entry now. */
  readonly mark: Mark | undefined;
}

/** An entry that is there, with what it needs: a generated one is brought up to date, any other must read its resource. */
export function mendEntry(
  text: string,
  poller: PollerConfiguration,
  resource: SageResource,
  locked: Mark | undefined,
): MendedEntry[] {
  const entry = poller.entries.find((candidate) => candidate.resource.value === resource.name);
  if (entry === undefined) return [];
  const written = entryOf(poller.node, resource.name);
  const found = written && findMark(text, written);
  const mark = found?.mark ?? locked;
  if (mark === undefined) return mendUrl(entry, resource);
  const updated = updateEntry(text, poller, entry, resource, mark);
  const isNewMark = updated.mark?.hash !== mark.hash;
  // What is locked is written down elsewhere.
  if (found === undefined || updated.mark === undefined || !isNewMark) return [updated];
  return [{ ...updated, edits: [...updated.edits, { range: found.range, text: renderMark(updated.mark) }] }];
}

/** The resources of the entries that carry a mark, in the text or in the lock. */
export function markedResources(
  text: string,
  { node }: PollerConfiguration,
  lock: ReadonlyMap<string, Mark>,
): readonly SageResource[] {
  return node.entries.flatMap((entry) => {
    const isMarked = lock.has(entry.key) || findMark(text, entry) !== undefined;
    return (isMarked && findResource(entry.key)) || [];
  });
}

/** Three-way: what was generated, what stands there, and what would be generated now. */
function updateEntry(
  text: string,
  { entries }: PollerConfiguration,
  entry: Entry,
  resource: SageResource,
  mark: Mark,
): MendedEntry {
  const value = asObject(toValue(entry.node));
  const same = { resource: resource.name, gap: undefined, edits: [], value, mark } as const;
  const source = entries.find((candidate) => candidate.resource.value === mark.from);
  const before = parseFingerprint(mark.hash);
  if (before === undefined)
    return { ...same, notes: [`entry "${resource.name}" left alone: its mark is damaged`] };
  if (mark.from !== undefined && source === undefined)
    return { ...same, notes: [`entry "${resource.name}" left alone: its source "${mark.from}" is gone`] };
  const planned = source === undefined ? planRecommended(resource, []) : planEntry(source, resource);
  const merged = mergeEntry(text, entry.node, planned.value, before);
  const hash = fingerprintOf(planned.value);
  const notes = merged.kept.map((pointer) => `entry "${resource.name}": ${pointer} kept as you changed it`);
  if (merged.changed.length === 0 && hash === mark.hash) return { ...same, notes };
  const origin = mark.from === undefined ? 'what the catalog recommends' : `"${mark.from}"`;
  const changes = merged.changed.length === 0 ? 'its mark' : merged.changed.join(', ');
  return {
    resource: resource.name,
    gap: {
      kind: 'stale',
      resource: resource.name,
      pointer: entry.pointer,
      message: `entry "${resource.name}" was generated from an earlier ${origin}: ${changes} is stale`,
    },
    edits: merged.edits,
    value: merged.value,
    notes,
    mark: { ...mark, hash },
  };
}

/** An entry of the right name whose URL reads another resource: a copy that was never finished. */
function mendUrl(entry: Entry, resource: SageResource): MendedEntry[] {
  const { url } = entry;
  if (url === undefined) return [];
  const adapted = adaptUrl(url.value, resource);
  if (adapted === undefined || adapted.edits.length === 0) return [];
  if (entry.resource.via.length + url.via.length > 0) throw sharedUrl(entry, url.value);
  return [
    {
      resource: resource.name,
      gap: {
        kind: 'stale',
        resource: resource.name,
        pointer: entry.pointer,
        message: `entry "${resource.name}" reads ${JSON.stringify(url.value.split('?')[0])}`,
      },
      edits: adapted.edits.map(({ start, end, text }) => url.editOf(start, end, text)),
      value: { ...asObject(toValue(entry.node)), url: applyValueEdits(url.value, adapted.edits) },
      notes: adapted.notes.map((note) => `entry "${resource.name}": ${note}`),
      mark: undefined,
    },
  ];
}

function asObject(value: ReturnType<typeof toValue>): ObjectValue {
  return isObject(value) ? value : {};
}

function sharedUrl({ resource }: Entry, url: string): SagecfgError {
  const path = JSON.stringify(url.split('?')[0]);
  return new SagecfgError(
    'refused',
    `entry "${resource.value}" reads ${path}, and its URL comes from an alias or merge key that others share: write the URL out first`,
  );
}
