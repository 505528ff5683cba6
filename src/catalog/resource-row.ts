import type { Editions } from './editions.ts';

/** What is written down of a resource; `sage-resource.ts` fills in what follows from it. */
interface DescribedResource {
  /** Name in the hub, as in `/hubs/finance/invoices`. */
  readonly name: string;
  /** What else people call it. Never accepted as a name, only understood in "did you mean". */
  readonly aliases?: readonly string[];
  /** Path of Sage's v3.1 API. */
  readonly endpoint: `/${string}`;
  /** Query that makes the endpoint this resource, such as `contact_type_id=CUSTOMER`. */
  readonly query?: Readonly<Record<string, string>>;
  /** One record that always exists, not a list. */
  readonly isSingleton?: boolean;
  readonly timestamps?: readonly Timestamp[];
  /** Records carry `deleted: true` instead of vanishing. */
  readonly hasDeletedFlag?: boolean;
  readonly sortable?: readonly string[];
  /** Query parameters that Sage takes besides paging, attributes, sort and change filters. */
  readonly filters?: readonly string[];
  /** Any of these access rights lets a user read it; every user may where none is named. */
  readonly roles?: readonly string[];
  readonly editions?: Editions;
  /** Sage asks not to poll it often. */
  readonly rarelyChanges?: boolean;
  /** DELETE voids the record, so that it comes as an update with status VOID. */
  readonly isVoided?: boolean;
  /** Whether the legacy v3 API has it. */
  readonly isInLegacy?: boolean;
  /** What else to know before polling it, as a sentence. */
  readonly caveat?: string;
}

interface PollableRow extends DescribedResource {
  readonly changes: 'since' | 'since-and-deleted';
}

interface SnapshotRow extends DescribedResource {
  readonly changes: 'none';
  /** What to do instead of polling, as an imperative phrase. */
  readonly alternative: string;
}

export type Timestamp = 'created_at' | 'updated_at' | 'deleted_at';
export type ResourceRow = PollableRow | SnapshotRow;
