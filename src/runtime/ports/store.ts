import type { Secret } from '../../model/secret.ts';
import type { TokenPair } from '../../sage/request-tokens.ts';
import type { StateRecord } from '../state-record.ts';
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

export interface StoredEvent extends NewEvent {
  readonly sequence: number;
  readonly instanceId: string;
  readonly resource: string;
  /** How often somebody had it delivered anew. */
  readonly replays: number;
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
  /** In ascending order. */
  readonly eventSequences: readonly number[];
  /** Undefined where the body cannot be made again from its events. A store may keep it in place of the body. */
  readonly recipe?: BodyRecipe | undefined;
}

/** With the notification's id and its events all that a body is made of. */
export interface BodyRecipe {
  /** The same for many notifications. */
  readonly ingredients: string;
  /** When the body was made, epoch milliseconds: it says so. */
  readonly madeMs: number;
}

/** One try to deliver a notification. */
export interface Attempt {
  /** Epoch milliseconds. */
  readonly startedMs: number;
  readonly durationMs: number;
  /** Undefined when there was no answer. */
  readonly status: number | undefined;
  /** Why it failed; undefined when the receiver accepted. */
  readonly failure: string | undefined;
  /** How the answer's body begins, without secrets. */
  readonly answer: string | undefined;
}

export type EventState = 'pending' | 'delivered' | 'dead';

/** Which events are meant: those that everything given here holds for. */
export interface EventFilter {
  readonly ids?: readonly string[];
  readonly instanceId?: string;
  readonly resource?: string;
  readonly objectId?: string;
  readonly type?: EventType;
  readonly state?: EventState;
  /** Found by a poll that started then or later, epoch milliseconds. */
  readonly fromMs?: number;
  /** Found by a poll that started earlier. */
  readonly untilMs?: number;
}

/** An event without its record. */
export interface EventSummary extends Omit<StoredEvent, 'record'> {
  readonly state: EventState;
  /** When it was delivered or given up. */
  readonly settledMs: number | undefined;
  /** The notification that carries it, or carried it last; undefined while it is in none. */
  readonly notificationId: string | undefined;
  /** Of its notification, until that is delivered: attempts that failed, and the latest failure. */
  readonly undelivered:
    | {
        readonly attempts: number;
        readonly failure: string | undefined;
        /** Undefined when it was given up. */
        readonly nextAttemptMs: number | undefined;
      }
    | undefined;
}

export interface EventDetail extends EventSummary {
  readonly record: string;
  /** Of every notification that carried it, oldest first. */
  readonly attempts: readonly (Attempt & { readonly notificationId: string })[];
}

/** Names polls or instances: all of them, those of an instance, or one resource of it. */
export interface PollFilter {
  readonly instanceId?: string;
  readonly resource?: string;
}

/** What waits and what was given up, of one poll. */
export interface PollBacklog {
  readonly pollKey: string;
  readonly pendingEvents: number;
  /** When the poll started that found the oldest that waits. */
  readonly oldestPendingMs: number | undefined;
  readonly deadEvents: number;
}

/** Whether a receiver is sent anything. */
export interface EndpointState {
  /** Names the receiver: its address, without what may be secret in it. */
  readonly endpoint: string;
  /**
   * `closed`: everything goes. `open`: nothing until `retryAtMs`, and then one notification, to find out. `disabled`:
   * nothing until somebody resumes it. (A breaker's words: a closed circuit lets through.)
   */
  readonly state: 'closed' | 'open' | 'disabled';
  /** Why it is not closed. */
  readonly reason: string | undefined;
  /** Since when it is in this state. */
  readonly sinceMs: number;
  readonly retryAtMs: number | undefined;
  /** The first failure since the last success. */
  readonly failingSinceMs: number | undefined;
}

export interface OutboxCounts {
  /** Events that are not yet delivered and not dead. */
  readonly pendingEvents: number;
  readonly pendingNotifications: number;
  readonly deadNotifications: number;
}

/**
 * The state of the runtime, and the only truth: what is not in it has not happened. Each method is one transaction that
 * is durable when its promise resolves, and leaves nothing behind when it rejects. A state file is one process's at a
 * time; on a database any number may work, and the engine sees to it that no two work on the same poll or instance.
 */
export interface Store extends AsyncDisposable {
  readonly polls: PollStore;
  readonly outbox: OutboxStore;
  readonly grants: GrantStore;
  readonly registrations: RegistrationStore;
  /** Writes something that changes nothing; rejects when that is not possible. */
  readonly probe: () => Promise<void>;
  readonly endpoints: EndpointStore;
  readonly instances: InstanceStore;
  readonly transfer: TransferStore;
  /**
   * How often somebody has intervened, in whatever process: resumed something, or had events delivered anew. Who runs
   * looks at it now and then, to notice.
   */
  readonly interventions: () => Promise<number>;
  /** Gives back room that nothing needs any more, a part of it at a time, and keeps queries fast. True when there is more. */
  readonly compact: () => Promise<boolean>;
}

/** What a dry run needs to know of a state that it must not touch. */
export interface StateReader extends AsyncDisposable {
  readonly findPoll: (key: string) => Promise<PollState | undefined>;
  readonly readLedger: PollStore['readLedger'];
  readonly grants: Pick<GrantStore, 'read' | 'readBySeed'>;
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

export interface OutboxStore {
  /**
   * Events of the instances named that are in no notification yet, oldest first: either new ones, or those that are to be
   * delivered anew. Without those of objects that have an earlier event in a notification that is not delivered (in one
   * body, they would hold back other objects), or among the events of the other kind.
   */
  readonly readUngrouped: (query: {
    readonly kind: 'new' | 'replayed';
    readonly instanceIds: readonly string[];
    /** A store gives fewer where their records are large. */
    readonly limit: number;
    /** How many of one instance are of use; a store may give more. */
    readonly ofEach?: number;
  }) => Promise<readonly StoredEvent[]>;
  readonly readEventsOf: (notificationId: string) => Promise<readonly StoredEvent[]>;
  /** They are due at once. */
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
    /** How many of each instance are of use; a store may give more. */
    readonly places?: ReadonlyMap<string, number>;
  }) => Promise<readonly Notification[]>;
  /** The first time after `nowMs` at which a notification of these instances becomes due; undefined when none does. */
  readonly nextDueMs: (instanceIds: readonly string[], nowMs: number) => Promise<number | undefined>;
  /** Adds the notifications that come next, too: to sync the disk once is half the work of twice. */
  readonly markDelivered: (
    deliveries: readonly { readonly id: string; readonly attempt: Attempt }[],
    nowMs: number,
    added?: readonly NewNotification[],
  ) => Promise<void>;
  readonly markFailed: (
    id: string,
    failed: { readonly attempt: Attempt; readonly nextAttemptMs: number; readonly nowMs: number },
  ) => Promise<void>;
  /** Gives up: its events hold back no others any more, and wait to be replayed. */
  readonly markDead: (
    id: string,
    failed: { readonly attempt: Attempt; readonly nowMs: number },
  ) => Promise<void>;
  /** Replaces a notification by others with the same events, which inherit its attempts and are due at once. */
  readonly split: (
    id: string,
    parts: readonly NewNotification[],
    failed: { readonly attempt: Attempt; readonly nowMs: number },
  ) => Promise<void>;
  readonly counts: () => Promise<OutboxCounts>;
  /** Of each poll that has anything waiting or given up. */
  readonly backlog: () => Promise<readonly PollBacklog[]>;
  /** Newest first; those before a sequence number, to go on from the last of a list. */
  readonly listEvents: (
    filter: EventFilter,
    range: { readonly limit: number; readonly beforeSequence?: number },
  ) => Promise<readonly EventSummary[]>;
  readonly readEvent: (id: string) => Promise<EventDetail | undefined>;
  /**
   * Lets events that were delivered or given up be delivered anew, under their ids, in new notifications, and tells how
   * many. With each go the later events of its object, those among them that are in a notification already, so that the
   * receiver ends with the latest. An intervention.
   */
  readonly replay: (filter: EventFilter) => Promise<number>;
  /**
   * Deletes delivered events and attempts that are older, so many of each at most, and tells how many it deleted. Events
   * that wait or were given up stay, and the attempts to deliver them.
   */
  readonly prune: (bounds: {
    readonly deliveredBeforeMs: number;
    readonly attemptsBeforeMs: number;
    readonly limit: number;
  }) => Promise<number>;
}

export interface EndpointStore {
  /** Every endpoint that an instance was assigned to, or that has ever been written, with the instances that use it. */
  readonly list: () => Promise<readonly (EndpointState & { readonly instanceIds: readonly string[] })[]>;
  /** Says which receiver each of these instances has; an endpoint that is new is closed. */
  readonly assign: (
    assignments: readonly { readonly instanceId: string; readonly endpoint: string }[],
    nowMs: number,
  ) => Promise<void>;
  readonly write: (state: EndpointState) => Promise<void>;
  /**
   * Closes the endpoints of these instances that are not, gives their names, and makes what waits for them due at once.
   * An intervention.
   */
  readonly resume: (filter: Pick<PollFilter, 'instanceId'>, nowMs: number) => Promise<readonly string[]>;
}

/** What the state has of an instance, whether it is still run or not. */
export interface InstanceContents {
  readonly polls: number;
  /** Objects whose latest version is known. */
  readonly objects: number;
  readonly pendingEvents: number;
  readonly deadEvents: number;
  readonly deliveredEvents: number;
  readonly hasGrant: boolean;
}

export interface InstanceStore {
  readonly read: (instanceId: string) => Promise<InstanceContents>;
  /**
   * Deletes all that the state has of it: polls with what they know, events with their deliveries, its grant, its receiver
   * unless another instance has the same. What a platform knows of it stays registered. To be called while nothing runs it.
   */
  readonly forget: (instanceId: string) => Promise<void>;
}

/** The whole state as a stream, to keep it elsewhere or to change the kind of store. Tokens stay sealed. */
export interface TransferStore {
  /** As it is at one moment. Unfinished scans are left out: they are read again. */
  readonly read: () => AsyncIterable<StateRecord>;
  /** All or nothing; throws `SagecfgError` when there is anything in the store. Tells how many it wrote. */
  readonly write: (records: AsyncIterable<StateRecord>) => Promise<number>;
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
