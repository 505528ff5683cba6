import type { Verdict } from './verify-signature.ts';

/** One event of a notification, as it arrived. */
export interface DeliveredEvent {
  /** `events[].eventId`, else `message.eventId`, else the `webhook-id` header; empty if there is none of them. */
  readonly eventId: string;
  readonly objectId: string;
  readonly objectType: string;
  readonly eventType: string;
  readonly date: string;
  /** The object's record in `message.raw`, where it was sent. */
  readonly record: Readonly<Record<string, unknown>> | undefined;
}

/** One request that reached the callback, whatever became of it. */
export interface Delivery {
  /** From 1, in order of arrival. */
  readonly sequence: number;
  /** When it was answered or cut, epoch milliseconds. */
  readonly receivedAtMs: number;
  readonly tenant: string;
  readonly webhookId: string | undefined;
  readonly events: readonly DeliveredEvent[];
  /** SHA-256 of the raw body, hexadecimal. */
  readonly bodyHash: string;
  readonly platformSignature: Verdict;
  readonly standardSignature: Verdict;
  /** Undefined when the connection was cut. */
  readonly status: number | undefined;
  /** The receiver took the events in, even if its answer was lost. */
  readonly isProcessed: boolean;
}

/** The delivery as the control endpoint and a file have it: without the records. */
export function deliveryLine(delivery: Delivery): unknown {
  return { ...delivery, events: delivery.events.map(({ record: _record, ...event }) => event) };
}
