/** What goes wrong. The first group answers instead of Sage; the second bends what is answered. */
export type FaultEffect =
  | { readonly kind: 'rate-limit'; readonly retryAfter?: string }
  | { readonly kind: 'expired-token' }
  | { readonly kind: 'subscription-ended' }
  | { readonly kind: 'access-denied' }
  | { readonly kind: 'invalid-grant' }
  | { readonly kind: 'server-error' }
  | { readonly kind: 'unavailable'; readonly retryAfter?: string }
  | { readonly kind: 'gateway-timeout' }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly retryAfter?: string;
      readonly location?: string;
    }
  /** Cuts the connection: before anything was done, or after everything was done but the answer. */
  | { readonly kind: 'drop'; readonly when: 'before' | 'after' }
  /** The body is cut in the middle, with the connection. */
  | { readonly kind: 'truncate' }
  /** The body goes on until the other side hangs up. */
  | { readonly kind: 'endless-body' }
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** Only the `Date` header goes wrong; to move Sage's whole clock, start the simulator with `skewMs`. */
  | { readonly kind: 'date-skew'; readonly skewMs: number }
  /** The list comes in another order at each request. */
  | { readonly kind: 'shuffle' }
  /** `$next` is null although there is more. */
  | { readonly kind: 'omit-next' }
  /** The first page's items again, whatever page was asked for. */
  | { readonly kind: 'repeat-page' }
  /** `$total` is wrong by so many. */
  | { readonly kind: 'wrong-total'; readonly by: number }
  /** After a page that is not the last, its first item changes, or a new item comes. */
  | { readonly kind: 'change-between-pages'; readonly change: 'CREATED' | 'UPDATED' | 'DELETED' };

/** Which requests it happens to. */
interface FaultScope {
  /** `accounting` (the default), `legacy`, `hub`, `instances`, `authorize`, `token`, `legacy-token`, `revoke` or `callback`. */
  readonly on?: string;
  /** End of the path: `/contacts`. */
  readonly path?: string;
  readonly tenant?: string;
  /** Text that the decoded query or the body contains: `page=2`, an object id. */
  readonly contains?: string;
  /** Lets so many matching requests pass first. */
  readonly skip?: number;
  /** How often it happens: 1 unless told; `always` for a fault with a probability or a time. */
  readonly count?: number | 'always';
  /** From when on after it was added, and for how long: milliseconds of the simulator's clock. */
  readonly afterMs?: number;
  readonly forMs?: number;
  /** Chance per matching request, from the seed. */
  readonly probability?: number;
}

export type Fault = FaultEffect & FaultScope;
