import type { EventDetail, EventFilter, EventSummary, StoredEvent } from './event.ts';

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

/** What waits and what was given up, of one poll. */
export interface PollBacklog {
  readonly pollKey: string;
  readonly pendingEvents: number;
  /** When the poll started that found the oldest that waits. */
  readonly oldestPendingMs: number | undefined;
  readonly deadEvents: number;
}

export interface OutboxCounts {
  /** Events that are not yet delivered and not dead. */
  readonly pendingEvents: number;
  readonly pendingNotifications: number;
  readonly deadNotifications: number;
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
   * Deletes delivered events and attempts that are older, so many of each at most (but all events of a notification, where
   * a store deletes these together), and tells how many it deleted. Events that wait or were given up stay, and the
   * attempts to deliver them.
   */
  readonly prune: (bounds: {
    readonly deliveredBeforeMs: number;
    readonly attemptsBeforeMs: number;
    readonly limit: number;
  }) => Promise<number>;
}
