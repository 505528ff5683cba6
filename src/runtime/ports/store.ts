import type { Secret } from '../../model/secret.ts';
import type { TokenPair } from '../../sage/request-tokens.ts';
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

export type EventType = 'CREATED' | 'UPDATED' | 'DELETED';

export interface NewEvent {
  /** The same for the same version of the same object, however often it is read. */
  readonly id: string;
  readonly objectId: string;
  readonly type: EventType;
  /** Why it has this type. */
  readonly reason: string;
  /** When the object changed, epoch milliseconds. */
  readonly dateMs: number;
  /** When the poll that saw it started, epoch milliseconds. */
  readonly pollDateMs: number;
  /** JSON of the record as it was read. */
  readonly record: string;
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
  /** Only with the last page of the poll. */
  readonly pollFinish?: { readonly dueMs: number; readonly pageSize: number | undefined };
}

export interface StoredEvent extends NewEvent {
  readonly sequence: number;
  readonly instanceId: string;
  readonly resource: string;
}

export interface Notification {
  readonly id: string;
  readonly instanceId: string;
  /** The bytes that are signed and sent. */
  readonly body: Uint8Array;
  readonly eventCount: number;
  /** Attempts that failed. */
  readonly attempts: number;
  /** Epoch milliseconds of the first failed attempt. */
  readonly firstFailedMs: number | undefined;
}

export interface NewNotification {
  readonly id: string;
  readonly instanceId: string;
  readonly body: Uint8Array;
  readonly eventSequences: readonly number[];
}

export interface OutboxCounts {
  /** Events that are not yet delivered and not dead. */
  readonly pendingEvents: number;
  readonly pendingNotifications: number;
  readonly deadNotifications: number;
}

/**
 * The state of the runtime, and the only truth: what is not in it has not happened. Each method is one transaction that
 * is durable when its promise resolves, and leaves nothing behind when it rejects. One process owns a store at a time.
 */
export interface Store extends AsyncDisposable {
  readonly polls: PollStore;
  readonly outbox: OutboxStore;
  readonly grants: GrantStore;
  readonly registrations: RegistrationStore;
  /** Writes something that changes nothing; rejects when that is not possible. */
  readonly probe: () => Promise<void>;
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

export interface OutboxStore {
  /**
   * Events of the instances named that are in no notification yet, oldest first; without those of objects that have an
   * earlier event in a notification that is not delivered: in one body, they would hold back other objects.
   */
  readonly readUngrouped: (instanceIds: readonly string[], limit: number) => Promise<readonly StoredEvent[]>;
  readonly readEventsOf: (notificationId: string) => Promise<readonly StoredEvent[]>;
  readonly addNotifications: (notifications: readonly NewNotification[], nowMs: number) => Promise<void>;
  /**
   * Notifications to send now, longest due first: of the instances named, not among `inFlight`, and not behind an
   * undelivered earlier event of one of their objects.
   */
  readonly readDue: (query: {
    readonly nowMs: number;
    readonly instanceIds: readonly string[];
    readonly inFlight: readonly string[];
    readonly limit: number;
  }) => Promise<readonly Notification[]>;
  /** The first time after `nowMs` at which a notification of these instances becomes due; undefined when none does. */
  readonly nextDueMs: (instanceIds: readonly string[], nowMs: number) => Promise<number | undefined>;
  readonly markDelivered: (ids: readonly string[], nowMs: number) => Promise<void>;
  readonly markFailed: (
    id: string,
    attempt: { readonly nextAttemptMs: number; readonly reason: string; readonly nowMs: number },
  ) => Promise<void>;
  /** Gives up: its events hold back no others any more, and wait to be replayed. */
  readonly markDead: (
    id: string,
    attempt: { readonly reason: string; readonly nowMs: number },
  ) => Promise<void>;
  /** Replaces a notification by others with the same events, which inherit its attempts and are due at once. */
  readonly split: (id: string, parts: readonly NewNotification[], nowMs: number) => Promise<void>;
  readonly counts: () => Promise<OutboxCounts>;
}

/**
 * Tokens are sealed at rest; a store never writes one as it is. Sage's tokens are a user's, and reach every business of
 * that user: instances whose grants began with the same token (`seedMark`) share one, and are written together.
 */
export interface GrantStore {
  readonly read: (instanceId: string) => Promise<StoredGrant | undefined>;
  /** The grant of any instance that began with this token. */
  readonly readBySeed: (seedMark: string) => Promise<StoredGrant | undefined>;
  /** Writes the grant of the instance and of all that share it. A grant that is written is alive. */
  readonly write: (instanceId: string, grant: Omit<StoredGrant, 'deadReason'>) => Promise<void>;
  /** For the instance and all that share its grant. Keeps the tokens. */
  readonly markDead: (instanceId: string, reason: string) => Promise<void>;
  /** Forgets the grant, tokens and all. */
  readonly remove: (instanceId: string) => Promise<void>;
  /** Every grant by its instance's id, without a token: needs no key. */
  readonly list: () => Promise<readonly GrantSummary[]>;
  /** Runs `work` while nobody else that works on this state, in whatever process, runs something under the same name. */
  readonly exclusively: <Result>(name: string, work: () => Promise<Result>) => Promise<Result>;
}

export interface GrantSummary {
  readonly instanceId: string;
  /** When the grant idles out unless it is used before, epoch milliseconds; undefined where the server did not say. */
  readonly refreshExpiresMs: number | undefined;
  readonly deadReason: string | undefined;
}

export interface StoredGrant {
  readonly tokens: TokenPair;
  /**
   * Mark of the refresh token that this grant began with: tells whether that is still the one of the file, and which
   * instances share the grant. Empty for a grant that is shared with none.
   */
  readonly seedMark: string;
  /** Why a person has to authorise the instance again. */
  readonly deadReason: string | undefined;
}

/** What `sagecfg apply` knows of instances on a platform. Tokens are sealed at rest. */
export interface RegistrationStore {
  /** Of the platform with this address. */
  readonly list: (platform: string) => Promise<readonly Registration[]>;
  /** Replaces what was known of the same instance. */
  readonly write: (registration: Registration) => Promise<void>;
  readonly remove: (registration: RegistrationKey) => Promise<void>;
}

export interface RegistrationKey {
  /** Address of the platform's API. */
  readonly platform: string;
  readonly elementKey: string;
  readonly name: string;
}

export interface Registration extends RegistrationKey {
  /** The platform's id; undefined while nobody knows whether the instance was created. */
  readonly instanceId: string | undefined;
  /** The element token. */
  readonly token: Secret | undefined;
  /** When a creation was begun whose end is not known, epoch milliseconds. */
  readonly creatingSinceMs: number | undefined;
}
