import type { SageRecord } from './sage-record.ts';

export type ChangeType = 'CREATED' | 'UPDATED' | 'DELETED';

/** One version of one object: what really happened, whoever saw it. */
export interface TruthEntry {
  /** From 1, over all tenants. */
  readonly sequence: number;
  readonly tenant: string;
  /** The name a poller knows it by: `customers`. */
  readonly resource: string;
  /** Where Sage lists it: `contacts`. */
  readonly path: string;
  readonly id: string;
  /** From 1, per object. */
  readonly version: number;
  readonly type: ChangeType;
  /** Which list shows it: of some deletions none tells. */
  readonly seenIn: 'changes' | 'deletions' | 'nowhere';
  /** Sage's time of this change, whole seconds: `updated_at`, or `deleted_at` of a deletion. */
  readonly updatedAt: string;
  /** The finer clock's time of this change, epoch milliseconds. */
  readonly changedAtMs: number;
  /** From when on Sage shows this version, epoch milliseconds; never before an earlier version of the object. */
  readonly visibleAtMs: number;
  /** Of the content without its times: two versions that say the same have the same hash. */
  readonly hash: string;
  readonly record: SageRecord;
}

/** The entry as the control endpoint and a file have it: without the whole record. */
export function truthLine({ record: _record, ...line }: TruthEntry): Omit<TruthEntry, 'record'> {
  return line;
}
