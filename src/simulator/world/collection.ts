import type { Resource } from './resource.ts';
import type { TruthEntry } from './truth-entry.ts';

/** All versions of one object, oldest first; never empty. */
export interface ObjectHistory {
  readonly resource: Resource;
  readonly name: string;
  readonly number: number;
  readonly versions: readonly [TruthEntry, ...TruthEntry[]];
}

/** One tenant's objects of one resource. */
export interface Collection {
  readonly objects: Map<string, ObjectHistory & { readonly versions: [TruthEntry, ...TruthEntry[]] }>;
  /** Ids that can still change, by name; the position of an id in its list is in `places`. */
  readonly live: Map<string, string[]>;
  readonly places: Map<string, number>;
}

/** Keeps picking a random live object independent of how many there are. */
export function updateLive({ live, places }: Collection, name: string, id: string, isLive: boolean): void {
  const ids = live.get(name) ?? [];
  live.set(name, ids);
  const place = places.get(id);
  if (isLive && place === undefined) places.set(id, ids.push(id) - 1);
  if (isLive || place === undefined) return;
  const last = ids.pop();
  places.delete(id);
  if (last === undefined || last === id) return;
  ids[place] = last;
  places.set(last, place);
}

export function emptyCollection(): Collection {
  return { objects: new Map(), live: new Map(), places: new Map() };
}
