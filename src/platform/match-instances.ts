import type { DesiredInstance, RefusedInstance } from './desired-instance.ts';
import type { LiveInstance } from './live-instance.ts';

export interface Match {
  readonly desired: DesiredInstance;
  /** Undefined where there is none yet. */
  readonly live: LiveInstance | undefined;
}

export interface Matches {
  readonly matches: readonly Match[];
  readonly refused: readonly RefusedInstance[];
  /** Live instances that no file describes. */
  readonly unmanaged: readonly LiveInstance[];
}

/** Finds to each file's instance the live one: by its id where the file has one, else by element and name. */
export function matchInstances(desired: readonly DesiredInstance[], live: readonly LiveInstance[]): Matches {
  const byId = new Map(live.map((each) => [each.id, each]));
  const byName = Map.groupBy(live, nameOf);
  const claimed = new Set(desired.flatMap(({ id }) => (id !== undefined && byId.has(id) ? [id] : [])));
  const perName = Map.groupBy(desired, identityOf);
  const matches: Match[] = [];
  const refused: RefusedInstance[] = [];
  for (const each of desired) {
    const found = findLive(each, { byId, byName, claimed });
    const twins = perName.get(identityOf(each)) ?? [];
    const why =
      twins.length > 1 ? `${describeTwins(twins)} describe the same instance: leave one` : undefined;
    if (why !== undefined) refused.push({ ...each, why });
    else if ('why' in found) refused.push({ ...each, why: found.why });
    else matches.push({ desired: each, live: found.live });
  }
  const known = new Set(
    [...matches.map(({ live: found }) => found?.id), ...claimed].filter((id) => id !== undefined),
  );
  const disputed = new Set(refused.map(({ name }) => name));
  return {
    matches,
    refused,
    unmanaged: live.filter(({ id, name }) => !known.has(id) && !disputed.has(name)),
  };
}

interface LiveIndex {
  readonly byId: ReadonlyMap<string, LiveInstance>;
  readonly byName: ReadonlyMap<string, readonly LiveInstance[]>;
  readonly claimed: ReadonlySet<string>;
}

function findLive(
  desired: DesiredInstance,
  { byId, byName, claimed }: LiveIndex,
): { readonly live: LiveInstance | undefined } | { readonly why: string } {
  const own = desired.id === undefined ? undefined : byId.get(desired.id);
  if (own !== undefined) {
    return own.elementKey === desired.elementKey
      ? { live: own }
      : {
          why: `instance ${own.id} is of element "${own.elementKey}", the file says "${desired.elementKey}": an instance cannot change its element, take "x-instance-id" out to create another`,
        };
  }
  const named = (byName.get(nameOf(desired)) ?? []).filter(({ id }) => !claimed.has(id));
  const tagged = named.filter(({ tags }) => (desired.tags ?? []).every((tag) => tags.includes(tag)));
  const candidates = named.length > 1 && tagged.length > 0 ? tagged : named;
  if (candidates.length <= 1) return { live: candidates[0] };
  const ids = candidates.map(({ id }) => id).join(', ');
  return {
    why: `${candidates.length} live instances have that name (${ids}): write x-instance-id with one of them into the file, and delete those that are too many`,
  };
}

function nameOf({ elementKey, name }: { readonly elementKey: string; readonly name: string }): string {
  return JSON.stringify([elementKey, name]);
}

/** Two files with ids of their own may share a name, as live instances do. */
function identityOf(desired: DesiredInstance): string {
  return desired.id ?? nameOf(desired);
}

function describeTwins(twins: readonly DesiredInstance[]): string {
  return [...new Set(twins.map(({ file }) => file))].join(' and ');
}
