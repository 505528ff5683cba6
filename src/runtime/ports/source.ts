import type { PollPlan } from '../poll-plan.ts';

/** A record as the source returned it. */
export type SourceRecord = Readonly<Record<string, unknown>>;

/** A poll reads twice where it can: what was created or changed, then what was deleted. */
export type ScanKind = 'changes' | 'deletions';

export interface PageRequest {
  readonly poll: PollPlan;
  readonly kind: ScanKind;
  /** Epoch milliseconds in whole seconds; records from then on are wanted, that second included. */
  readonly sinceMs: number;
  readonly pageSize: number;
  /** `next` of the page before; undefined for the first page. */
  readonly cursor: string | undefined;
}

export interface SourcePage {
  readonly records: readonly SourceRecord[];
  /** Rows that the whole scan has now; undefined where the source does not say. */
  readonly total: number | undefined;
  /** Cursor of the next page; undefined on the last. */
  readonly next: string | undefined;
  /** The source's clock when it answered, epoch milliseconds; undefined where it does not tell. */
  readonly serverTimeMs: number | undefined;
}

/**
 * What a failure means for the poll:
 * - `temporary` try again later
 * - `overloaded` try again later, with smaller pages
 * - `lasting` repeating is unlikely to help, but does no harm
 * - `reauthorise` a person has to authorise the instance again
 */
export interface SourceFailure {
  readonly kind: 'temporary' | 'overloaded' | 'lasting' | 'reauthorise';
  /** One line, lower case, without secrets. */
  readonly message: string;
  /** Milliseconds that the source asked to wait. */
  readonly retryAfterMs?: number;
}

export type PageResult =
  | { readonly kind: 'page'; readonly page: SourcePage }
  | { readonly kind: 'failed'; readonly failure: SourceFailure }
  | { readonly kind: 'aborted' };

/** How the deletions of a resource can be seen. */
export type DeletionSight =
  | { readonly kind: 'scan'; readonly dateField: string }
  /** Deleted records stay in the list of changes, with this field true. */
  | { readonly kind: 'flag'; readonly field: string }
  | { readonly kind: 'blind'; readonly why: string };

/**
 * Where the records of one instance are read. It knows pages, authorisation and request budgets, and nothing of watermarks. It may return a
 * record twice and records from before `sinceMs`; it must not leave out a record from `sinceMs` on that existed when the
 * first page was answered and stayed where it was.
 */
export interface Source extends AsyncDisposable {
  /** Why this source cannot read the poll, or undefined. Asked once, at the start. */
  readonly refusal: (poll: PollPlan) => string | undefined;
  readonly deletionSight: (poll: PollPlan) => DeletionSight;
  readonly readPage: (request: PageRequest, signal: AbortSignal) => Promise<PageResult>;
}
