import { isDeepStrictEqual } from 'node:util';
import type { DeliveredEvent } from '../callback/delivery.ts';
import type { TruthEntry } from '../world/truth-entry.ts';

export interface MatchedVersions {
  /** The versions that the event can mean, oldest first; empty if there is none. */
  readonly announced: readonly TruthEntry[];
  /** Versions that look the same in the event, but were not to be seen yet when it arrived. */
  readonly twins: readonly TruthEntry[];
}

/** Sage tells the time in whole seconds, so what was delivered may fit several versions of one object. */
export function matchVersions(
  versions: readonly TruthEntry[],
  event: DeliveredEvent,
  receivedAtMs: number,
): MatchedVersions {
  const fitting = versions.filter((version) => isSameChange(version, event) && isSameRecord(version, event));
  return {
    announced: fitting.filter(({ visibleAtMs }) => visibleAtMs <= receivedAtMs),
    twins: fitting.filter(({ visibleAtMs }) => visibleAtMs > receivedAtMs),
  };
}

/** A deletion may be dated by itself or by the object's last update. */
function isSameChange({ type, updatedAt, record }: TruthEntry, { eventType, date }: DeliveredEvent): boolean {
  if (type !== 'DELETED') return eventType !== 'DELETED' && isSameTime(updatedAt, date);
  return eventType === 'DELETED' && (isSameTime(updatedAt, date) || isSameTime(record.updated_at, date));
}

function isSameTime(left: string, right: string): boolean {
  return Date.parse(left) === Date.parse(right);
}

/** Compares what the event shows of Sage's record; what Sage does not have was added on the way. */
function isSameRecord({ record }: TruthEntry, event: DeliveredEvent): boolean {
  return Object.entries(event.record ?? {}).every(
    ([name, value]) => !Object.hasOwn(record, name) || isDeepStrictEqual(value, record[name]),
  );
}
