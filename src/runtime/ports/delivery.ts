import type { DeliveryTarget } from '../poll-plan.ts';

export interface DeliveryRequest {
  readonly target: DeliveryTarget;
  /** Exactly these bytes are sent: they are what was signed. */
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

export type DeliveryOutcome =
  | { readonly kind: 'accepted'; readonly status: number; readonly answer?: string }
  /** Any answer but 2xx, redirects among them. */
  | {
      readonly kind: 'rejected';
      readonly status: number;
      readonly retryAfterMs?: number;
      /** How the answer's body begins, as it is: it may repeat secrets that were sent. */
      readonly answer?: string;
    }
  /** No answer: refused, timed out, cut off, or an address that may not be reached. */
  | { readonly kind: 'unreachable'; readonly reason: string };

/** Carries one notification to its target, once: retries are the caller's. Never follows a redirect. */
export interface Delivery extends AsyncDisposable {
  /** Why nothing may be sent to the target, or undefined. Asked once, at the start; `send` checks again. */
  readonly refusal: (target: DeliveryTarget) => string | undefined;
  readonly send: (request: DeliveryRequest) => Promise<DeliveryOutcome>;
}
