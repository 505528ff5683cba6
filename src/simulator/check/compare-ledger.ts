import type { DeliveredEvent, Delivery } from '../callback/delivery.ts';
import type { TruthEntry } from '../world/truth-entry.ts';
import type { Difference } from './difference.ts';
import { matchVersions } from './match-versions.ts';

export interface CompareOptions {
  /** Names that are polled: `customers`. All, unless told. */
  readonly resources?: readonly string[];
  /** Names under which a poller sees the version's object; the object's own, unless told. */
  readonly namesOf?: (entry: TruthEntry) => readonly string[];
  /** True for a version that was there before polling began: it may be delivered, and need not be. */
  readonly isBaseline?: (entry: TruthEntry, name: string) => boolean;
  /** True for a version that no list told which anybody could read. */
  readonly isUntold?: (entry: TruthEntry, name: string) => boolean;
  /** True for a version that some list has shown. */
  readonly wasServed?: (sequence: number) => boolean;
}

export interface Comparison {
  /** Versions of polled resources that are not baseline. */
  readonly changes: number;
  /** Of them, those that some processed event announced. */
  readonly delivered: number;
  /** Not delivered, but overwritten by a later version of the object: no loss. */
  readonly superseded: number;
  /** Of the superseded, those that a list had shown before: a failed scan may explain each, many need a look. */
  readonly supersededAfterServed: number;
  /** Last versions of their objects that were never delivered. */
  readonly lost: number;
  /**
   * Last versions that could not be told from an earlier, delivered one of the same second in what was delivered:
   * the change was announced, but before it was complete.
   */
  readonly masked: number;
  /** Deletions that no list of Sage tells: nobody can deliver them. */
  readonly untold: number;
  /** The same event id again for the same object: allowed, counted. */
  readonly duplicates: number;
  /** The same version of an object under another event id. */
  readonly differentIds: number;
  readonly badSignatures: number;
  /** First deliveries of an event that came after one of a later version of the same object. */
  readonly outOfOrder: number;
  /** CREATED for an object that an earlier event had announced already. */
  readonly createdAgain: number;
  /** Events that no change explains. */
  readonly unsourced: number;
  readonly differences: readonly Difference[];
  /** No loss, no second id, no bad signature, no disorder, nothing invented. */
  readonly isClean: boolean;
}

/** What happened against what arrived. Both in order; a delivery counts if the receiver took it in. */
export function compareLedger(
  truth: readonly TruthEntry[],
  ledger: readonly Delivery[],
  {
    resources,
    namesOf = ({ resource }) => [resource],
    isBaseline = () => false,
    isUntold = ({ seenIn }) => seenIn === 'nowhere',
    wasServed = () => false,
  }: CompareOptions = {},
): Comparison {
  const isPolled = (name: string): boolean => resources === undefined || resources.includes(name);
  const views = truth.flatMap((entry) =>
    namesOf(entry)
      .filter(isPolled)
      .map((name) => ({ name, entry })),
  );
  const arrivals = followEvents(findObjects(truth, namesOf, isPolled), ledger);
  const differences: Difference[] = [...arrivals.differences];
  const counts = {
    changes: 0,
    delivered: 0,
    superseded: 0,
    supersededAfterServed: 0,
    lost: 0,
    masked: 0,
    untold: 0,
  };
  for (const versions of Map.groupBy(views, viewKey).values()) {
    for (const view of versions) {
      const { entry, name } = view;
      const isLast = view === versions.at(-1);
      if (isBaseline(entry, name)) continue;
      if (isUntold(entry, name)) {
        counts.untold += 1;
        continue;
      }
      counts.changes += 1;
      if (arrivals.delivered.has(versionKey(name, entry))) counts.delivered += 1;
      else if (!isLast) {
        counts.superseded += 1;
        if (wasServed(entry.sequence)) counts.supersededAfterServed += 1;
      } else {
        const kind = arrivals.masked.has(versionKey(name, entry)) ? 'masked' : 'lost';
        counts[kind] += 1;
        const place = { tenant: entry.tenant, resource: name, id: entry.id };
        differences.push({ kind, ...place, version: entry.version, updatedAt: entry.updatedAt });
      }
    }
  }
  const countOf = (kind: Difference['kind']): number =>
    differences.filter((difference) => difference.kind === kind).length;
  return {
    ...counts,
    duplicates: arrivals.duplicates,
    differentIds: countOf('different-ids'),
    badSignatures: countOf('bad-signature'),
    outOfOrder: countOf('out-of-order'),
    createdAgain: countOf('created-again'),
    unsourced: countOf('unsourced'),
    differences,
    isClean: differences.length === 0,
  };
}

interface Arrivals {
  /** Keys of the versions that an event announced. */
  readonly delivered: ReadonlySet<string>;
  /** Keys of versions that a delivered event cannot be told from, but that came after it. */
  readonly masked: ReadonlySet<string>;
  readonly duplicates: number;
  readonly differences: readonly Difference[];
}

/** What is known of one object while its events go by. */
interface ObjectState {
  readonly seenIds: Set<string>;
  /** Event ids by the first version they can mean. */
  readonly idsByVersion: Map<number, Set<string>>;
  /** The lowest version that the latest event so far can mean. */
  floor: number;
}

function followEvents(findObject: FindObject, ledger: readonly Delivery[]): Arrivals {
  const delivered = new Set<string>();
  const masked = new Set<string>();
  const states = new Map<string, ObjectState>();
  const differences: Difference[] = [];
  let duplicates = 0;
  for (const delivery of ledger) {
    if (isBadlySigned(delivery)) {
      const { tenant, sequence, platformSignature, standardSignature } = delivery;
      differences.push({
        kind: 'bad-signature',
        tenant,
        delivery: sequence,
        platformSignature,
        standardSignature,
      });
    }
    if (!delivery.isProcessed) continue;
    for (const event of delivery.events) {
      const { name, versions } = findObject(delivery.tenant, event);
      const key = JSON.stringify([delivery.tenant, name, event.objectId]);
      const state = states.get(key) ?? { seenIds: new Set(), idsByVersion: new Map(), floor: 0 };
      states.set(key, state);
      const { announced, twins } = matchVersions(versions, event, delivery.receivedAtMs);
      for (const version of announced) delivered.add(versionKey(name, version));
      if (announced.length > 0) for (const version of twins) masked.add(versionKey(name, version));
      if (state.seenIds.has(event.eventId)) duplicates += 1;
      else differences.push(...judgeFirst(event, delivery, announced, twins, state));
      state.seenIds.add(event.eventId);
    }
  }
  return { delivered, masked, duplicates, differences };
}

/** What is wrong with an event that arrives for the first time. */
function judgeFirst(
  event: DeliveredEvent,
  { tenant, sequence: delivery }: Delivery,
  announced: readonly TruthEntry[],
  twins: readonly TruthEntry[],
  state: ObjectState,
): Difference[] {
  const { eventId, objectId: id, objectType: resource, eventType, date } = event;
  const place = { tenant, resource, id, eventId, delivery };
  const [lowest] = announced;
  const highest = announced.at(-1);
  if (lowest === undefined || highest === undefined) {
    return [{ kind: 'unsourced', ...place, eventType, date }];
  }
  const differences: Difference[] = [];
  if (eventType === 'CREATED' && state.floor > 0) differences.push({ kind: 'created-again', ...place, date });
  if (highest.version < state.floor) {
    differences.push({ kind: 'out-of-order', ...place, version: highest.version, after: state.floor });
  }
  state.floor = Math.max(state.floor, lowest.version);
  const ids = state.idsByVersion.get(lowest.version) ?? new Set();
  state.idsByVersion.set(lowest.version, ids.add(eventId));
  // Versions that look alike may each have an event of their own.
  if (ids.size > announced.length + twins.length) {
    differences.push({ kind: 'different-ids', ...place, version: lowest.version, ids: [...ids] });
  }
  return differences;
}

function isBadlySigned({ platformSignature, standardSignature }: Delivery): boolean {
  return platformSignature !== 'valid' || standardSignature === 'invalid';
}

/** The versions of the object that an event is about, and the name that it was polled under. */
type FindObject = (
  tenant: string,
  event: DeliveredEvent,
) => { readonly name: string; readonly versions: readonly TruthEntry[] };

/** Sage's own values have the same id in several lists, so the event's type decides; a user's own name fits any. */
function findObjects(
  truth: readonly TruthEntry[],
  namesOf: (entry: TruthEntry) => readonly string[],
  isPolled: (name: string) => boolean,
): FindObject {
  const byId = Map.groupBy(truth, ({ tenant, id }) => JSON.stringify([tenant, id]));
  return (tenant, { objectId, objectType }) => {
    const all = byId.get(JSON.stringify([tenant, objectId])) ?? [];
    const known = all.filter((entry) => namesOf(entry).includes(objectType));
    const [first] = known.length > 0 ? known : all;
    if (first === undefined) return { name: objectType, versions: [] };
    const name = known.length > 0 ? objectType : (namesOf(first).find(isPolled) ?? first.resource);
    return { name, versions: all.filter(({ resource }) => resource === first.resource) };
  };
}

function viewKey({ name, entry }: { readonly name: string; readonly entry: TruthEntry }): string {
  return JSON.stringify([entry.tenant, name, entry.resource, entry.id]);
}

function versionKey(name: string, { sequence }: TruthEntry): string {
  return `${sequence} ${name}`;
}
