import type { ScanKind } from '../ports/source.ts';
import type { EventType } from '../ports/event.ts';

/** What a dry run is told: nothing of it leaves the process, but the requests that read. */
export interface DryRun {
  /** Tokens may be refreshed, because nobody needs them later: a simulator's of this process. */
  readonly mayRefresh: boolean;
  readonly onRequest: (request: DryRequest) => void;
  readonly onDecision: (decision: DryDecision) => void;
  readonly onNotification: (notification: DryNotification) => void;
}

export interface DryRequest {
  readonly instance: string;
  readonly url: string;
  /** False where the access token has run out: a refresh would use up the grant. */
  readonly isSent: boolean;
}

export interface DryDecision {
  readonly instance: string;
  readonly resource: string;
  readonly scan: ScanKind;
  readonly objectId: string;
  /** `learnt`: taken note of, not delivered. */
  readonly outcome: EventType | 'learnt' | 'dropped';
  readonly reason: string;
}

export interface DryNotification {
  readonly url: string;
  readonly isSigned: boolean;
  /** As it would be sent. */
  readonly body: Uint8Array;
}
