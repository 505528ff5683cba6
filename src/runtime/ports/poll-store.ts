import type { NewEvent } from './event.ts';
import type { ScanKind } from './source.ts';

/** From when on changes are delivered; chosen when a poll is first known, and kept. */
export type Baseline =
  /** From the first page that the source answers. */
  | { readonly kind: 'now' }
  | { readonly kind: 'since'; readonly fromMs: number }
  /** The first scan learns what exists and delivers nothing. */
  | { readonly kind: 'snapshot' };

export interface PollState {
  readonly key: string;
  readonly instanceId: string;
  readonly resource: string;
  readonly baseline: Baseline['kind'];
  /** Records from before are not delivered. Undefined until the first answer of baseline `now`, and for `snapshot`. */
  readonly baselineMs: number | undefined;
  /** When the next poll is due, epoch milliseconds. */
  readonly dueMs: number;
  /** After a failure: not polled before. */
  readonly notBeforeMs: number;
  /** Failures since the last success. */
  readonly failures: number;
  readonly failureReason: string | undefined;
  /** Polled no more until resumed. */
  readonly isPaused: boolean;
  /** Records a page, where the source forced fewer than planned. */
  readonly pageSize: number | undefined;
  /** When the last poll that succeeded ended, epoch milliseconds. */
  readonly finishedMs: number | undefined;
  /** Requests that a hundred polls take, as the latest ones did; undefined until the second poll. */
  readonly requestsPerHundred: number | undefined;
  readonly scans: Readonly<Record<ScanKind, ScanState>>;
}

interface ScanState {
  /** The next scan reads from here, epoch milliseconds; undefined before the first complete scan. */
  readonly watermarkMs: number | undefined;
  /** A scan that was interrupted between two pages. */
  readonly checkpoint: Checkpoint | undefined;
}

/** How far a scan got. Losing it costs reading again, never a record. */
export interface Checkpoint {
  /** The source's time at the scan's first answer. */
  readonly signpostMs: number;
  readonly sinceMs: number;
  readonly pageSize: number;
  /** Cursor of the page to read next. */
  readonly cursor: string;
  /** Rows read so far. */
  readonly collected: number;
  /** Objects among them. */
  readonly distinct: number;
  /** The total that the first page announced; undefined where it did not. */
  readonly firstTotal: number | undefined;
  /** The largest total that a page of this scan announced. */
  readonly highestTotal: number;
  /** How often rows moved, and the scan started again. */
  readonly restarts: number;
  /** Rows moved once too often: the scan goes on, but does not move the watermark. */
  readonly isUnstable: boolean;
  /** Identifies the last page, to tell a repeated one. */
  readonly pageMark: string;
  /** Identifies what was asked for: an entry that has changed since is read from its start. */
  readonly planMark: string;
  readonly savedMs: number;
}

/** The latest version of an object that was read. */
export interface LedgerEntry {
  readonly objectId: string;
  readonly updatedMs: number | undefined;
  readonly hash: string;
  readonly isDeleted: boolean;
  /** How many versions with the same updated date came before this one: within a second, an object can change twice. */
  readonly revision: number;
  /** Hashes of the latest of those. */
  readonly earlierHashes: readonly string[];
}

export interface PageCommit {
  /** Whose ledger and events these are. */
  readonly pollKey: string;
  /** Where checkpoint, watermark and due time are kept, if not with the poll: a backfill must not move those of the poll. */
  readonly progressKey?: string;
  readonly scan: ScanKind;
  /** The first page: forgets what an earlier, unfinished scan has read. */
  readonly startsScan: boolean;
  /** Ids of the objects on the page. */
  readonly objectIds: readonly string[];
  readonly ledger: readonly LedgerEntry[];
  readonly events: readonly NewEvent[];
  /** Undefined on the last page. */
  readonly checkpoint: Checkpoint | undefined;
  /** Only when the baseline becomes known with this page. */
  readonly baselineMs?: number;
  /** Only with the last page of a scan whose watermark may move. */
  readonly watermarkMs?: number;
  /** Only with the last page of a scan of deletions: the watermark of the scan of changes before it, which waited for this. */
  readonly changesWatermarkMs?: number;
  /** Only with the last page of the poll. */
  readonly pollFinish?: {
    readonly dueMs: number;
    readonly pageSize: number | undefined;
    readonly finishedMs: number;
    /** Left out, what was known stays. */
    readonly requestsPerHundred?: number | undefined;
  };
}

/** Names polls or instances: all of them, those of an instance, or one resource of it. */
export interface PollFilter {
  readonly instanceId?: string;
  readonly resource?: string;
}

export interface ResourceOverview {
  readonly resource: string;
  readonly polls: number;
  /** Their latest try failed. */
  readonly failing: number;
  readonly paused: number;
  /** The watermark of changes that lies furthest back, of those that have one. */
  readonly oldestWatermarkMs: number | undefined;
  /** When the first of those that are not paused is due, or was. */
  readonly firstDueMs: number | undefined;
}

export interface PollStore {
  /** Makes a poll known, due at once. A poll that is known keeps all it has, its baseline too. */
  readonly ensure: (
    poll: { readonly key: string; readonly instanceId: string; readonly resource: string },
    start: { readonly baseline: Baseline; readonly nowMs: number },
  ) => Promise<void>;
  readonly read: (key: string) => Promise<PollState>;
  /** How the polls of these instances stand, a line a resource, backfills left out. */
  readonly overview: (instanceIds: readonly string[]) => Promise<readonly ResourceOverview[]>;
  /** Every poll, by key. */
  readonly list: () => Promise<readonly PollState[]>;
  /** Lets polls that were paused, or that wait after a failure, be due at once. Gives their keys. An intervention. */
  readonly resume: (filter: PollFilter, nowMs: number) => Promise<readonly string[]>;
  /** Those of the objects that are known. */
  readonly readLedger: (
    key: string,
    objectIds: readonly string[],
  ) => Promise<ReadonlyMap<string, LedgerEntry>>;
  /** Those of the objects that earlier pages of the unfinished scan have shown. */
  readonly readScanned: (
    scan: { readonly pollKey: string; readonly scan: ScanKind },
    objectIds: readonly string[],
  ) => Promise<ReadonlySet<string>>;
  /** Ledger, events, checkpoint and, with a scan's last page, watermark and due time: all or nothing. An event whose id is known already is left out. */
  readonly commitPage: (commit: PageCommit) => Promise<void>;
  /** Counts a failure. Watermarks stay; checkpoints too, unless `dropCheckpoints`. */
  readonly recordFailure: (
    key: string,
    failure: {
      readonly reason: string;
      readonly notBeforeMs: number;
      readonly isPaused: boolean;
      readonly dropCheckpoints: boolean;
      readonly pageSize: number | undefined;
    },
  ) => Promise<void>;
}
