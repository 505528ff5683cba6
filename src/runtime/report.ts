import type { InstanceChanges } from './compare-instances.ts';
import type { DropReason } from './poll/decide.ts';
import type { EventType } from './ports/event.ts';

/** What a poll read and made of it. */
export interface PollCounts {
  readonly pages: number;
  readonly records: number;
  readonly events: Readonly<Record<EventType, number>>;
  /** Taken note of, not delivered: what a snapshot reads. */
  readonly learnt: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
  /** Records with a date that is not written as the entry's pattern says. */
  readonly unreadableDates: number;
}

/** What happened, as the runtime tells it. Times are epoch milliseconds. */
export type RuntimeEvent =
  | {
      readonly kind: 'poll-finished';
      readonly instance: string;
      readonly resource: string;
      readonly counts: PollCounts;
      readonly durationMs: number;
      readonly nextDueMs: number;
      /** False when rows kept leaving the list while it was read: the next poll reads the same time again. */
      readonly watermarkMoved: boolean;
    }
  | {
      readonly kind: 'poll-failed';
      readonly instance: string;
      readonly resource: string;
      readonly reason: string;
      /** In a row. */
      readonly failures: number;
      readonly retryAtMs: number;
      readonly isPaused: boolean;
    }
  | {
      /** One more page; the counts are those since the start of the process. */
      readonly kind: 'backfill-page' | 'backfill-finished';
      readonly instance: string;
      readonly resource: string;
      readonly counts: PollCounts;
    }
  | {
      readonly kind: 'backfill-failed';
      readonly instance: string;
      readonly resource: string;
      readonly reason: string;
      readonly failures: number;
      readonly retryAtMs: number;
      readonly isPaused: boolean;
    }
  | {
      /** Told once for all instances that poll the resource. */
      readonly kind: 'poll-blind';
      readonly resource: string;
      readonly why: string;
      readonly instances: readonly string[];
    }
  | {
      readonly kind: 'notification-delivered';
      readonly instance: string;
      readonly id: string;
      readonly events: number;
      readonly status: number;
      readonly attempt: number;
    }
  | {
      readonly kind: 'notification-failed';
      readonly instance: string;
      readonly id: string;
      readonly events: number;
      readonly reason: string;
      readonly attempt: number;
      readonly retryAtMs: number;
    }
  | {
      readonly kind: 'notification-split';
      readonly instance: string;
      readonly id: string;
      readonly events: number;
      readonly reason: string;
      readonly parts: number;
    }
  | {
      readonly kind: 'notification-dead';
      readonly instance: string;
      readonly id: string;
      readonly events: number;
      readonly reason: string;
      readonly attempt: number;
    }
  | { readonly kind: 'token-refreshed'; readonly instance: string; readonly expiresMs: number }
  | { readonly kind: 'reauthorisation-needed'; readonly instance: string; readonly reason: string }
  /** Nothing has used the grant for so long that it ends at `endsMs`. */
  | { readonly kind: 'grant-idle'; readonly instance: string; readonly endsMs: number }
  /** So much failed that a receiver is left alone until `retryAtMs`. */
  | {
      readonly kind: 'endpoint-opened';
      readonly endpoint: string;
      readonly reason: string;
      readonly retryAtMs: number;
    }
  | { readonly kind: 'endpoint-closed'; readonly endpoint: string }
  /** A receiver gets nothing until somebody resumes it. */
  | { readonly kind: 'endpoint-disabled'; readonly endpoint: string; readonly reason: string }
  | { readonly kind: 'resumed' }
  /** So many instances are polled less often than they say: they ask for up to `factor` times the requests that there are. */
  | { readonly kind: 'stretched'; readonly instances: number; readonly factor: number }
  | { readonly kind: 'health-served'; readonly url: string }
  /** What is asked of Sage at least, of one app and of its busiest business, and what Sage gives. */
  | {
      readonly kind: 'quota';
      readonly instances: number;
      readonly requestsADay: number;
      readonly allowedADay: number;
      /** `4 lists, every 15 minutes`. */
      readonly arithmetic: string;
      readonly busiest: {
        /** One of those that read it. */
        readonly instance: string;
        readonly requestsAMinute: number;
        readonly allowedAMinute: number;
      };
    }
  | { readonly kind: 'started'; readonly instances: number; readonly polls: number }
  | ({ readonly kind: 'reloaded' } & InstanceChanges)
  | { readonly kind: 'reload-refused'; readonly reason: string }
  | { readonly kind: 'watch-failed'; readonly folder: string; readonly reason: string }
  | { readonly kind: 'stopping'; readonly signal: string; readonly drainMs: number }
  | { readonly kind: 'cut-off' }
  /** Something between this process and the others or the database; it goes on by itself. */
  | { readonly kind: 'worker-trouble'; readonly reason: string }
  /** The database answers again. */
  | { readonly kind: 'database-back'; readonly awayMs: number }
  /** Polls that nobody would have run any more, by their keys. */
  | { readonly kind: 'jobs-restored'; readonly polls: readonly string[] };

export type Report = (event: RuntimeEvent) => void;
