import type { Attempt } from './outbox-store.ts';

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

export interface StoredEvent extends NewEvent {
  readonly sequence: number;
  readonly instanceId: string;
  readonly resource: string;
  /** How often somebody had it delivered anew. */
  readonly replays: number;
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
