import type { DeliveredEvent, Delivery } from '../callback/delivery.ts';
import type { TruthEntry } from '../world/truth-entry.ts';
import type { Difference } from './difference.ts';
import { matchVersions } from './match-versions.ts';

export interface CompareOptions {
  /** Names that are polled: `customers`. All, unless told. */
  readonly resources?: readonly string[];
  /** True for a version that was there before polling began: it may be delivered, and need not be. */
  readonly isBaseline?: (entry: TruthEntry) => boolean;
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
  { resources, isBaseline = () => false, wasServed = () => false }: CompareOptions = {},
): Comparison {
  const polled = truth.filter((entry) => resources === undefined || resources.includes(entry.resource));
  const arrivals = followEvents(groupByObject(truth), ledger);
  const differences: Difference[] = [...arrivals.differences];
  const counts = { changes: 0, delivered: 0, superseded: 0, supersededAfterServed: 0, lost: 0, masked: 0 };
  for (const versions of groupByObject(polled).values()) {
    for (const entry of versions) {
      const isLast = entry === versions.at(-1);
      if (isBaseline(entry)) continue;
      counts.changes += 1;
      if (arrivals.delivered.has(entry.sequence)) counts.delivered += 1;
      else if (!isLast) {
        counts.superseded += 1;
        if (wasServed(entry.sequence)) counts.supersededAfterServed += 1;
      } else {
        const kind = arrivals.masked.has(entry.sequence) ? 'masked' : 'lost';
        counts[kind] += 1;
        differences.push({ kind, ...placeOf(entry), version: entry.version, updatedAt: entry.updatedAt });
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
  /** Sequences of the versions that an event announced. */
  readonly delivered: ReadonlySet<number>;
  /** Sequences of versions that a delivered event cannot be told from, but that came after it. */
  readonly masked: ReadonlySet<number>;
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

function followEvents(
  objects: ReadonlyMap<string, readonly TruthEntry[]>,
  ledger: readonly Delivery[],
): Arrivals {
  const delivered = new Set<number>();
  const masked = new Set<number>();
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
      const key = keyOf(delivery.tenant, event.objectId);
      const state = states.get(key) ?? { seenIds: new Set(), idsByVersion: new Map(), floor: 0 };
      states.set(key, state);
      const { announced, twins } = matchVersions(objects.get(key) ?? [], event, delivery.receivedAtMs);
      for (const { sequence } of announced) delivered.add(sequence);
      if (announced.length > 0) for (const { sequence } of twins) masked.add(sequence);
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

function groupByObject(truth: readonly TruthEntry[]): ReadonlyMap<string, readonly TruthEntry[]> {
  return Map.groupBy(truth, ({ tenant, id }) => keyOf(tenant, id));
}

function keyOf(tenant: string, id: string): string {
  return JSON.stringify([tenant, id]);
}

function placeOf({ tenant, resource, id }: TruthEntry): Pick<TruthEntry, 'tenant' | 'resource' | 'id'> {
  return { tenant, resource, id };
}
