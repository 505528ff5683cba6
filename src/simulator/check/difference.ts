import type { Verdict } from '../callback/verify-signature.ts';

interface ObjectPlace {
  readonly tenant: string;
  readonly resource: string;
  readonly id: string;
}

interface EventPlace extends ObjectPlace {
  readonly eventId: string;
  /** Its number in the ledger. */
  readonly delivery: number;
}

/** One thing in which truth and ledger disagree. */
export type Difference =
  | (ObjectPlace & { readonly kind: 'lost' | 'masked'; readonly version: number; readonly updatedAt: string })
  | (EventPlace & {
      readonly kind: 'different-ids';
      readonly version: number;
      readonly ids: readonly string[];
    })
  | (EventPlace & { readonly kind: 'out-of-order'; readonly version: number; readonly after: number })
  | (EventPlace & { readonly kind: 'created-again'; readonly date: string })
  | (EventPlace & { readonly kind: 'unsourced'; readonly eventType: string; readonly date: string })
  | {
      readonly kind: 'bad-signature';
      readonly tenant: string;
      readonly delivery: number;
      readonly platformSignature: Verdict;
      readonly standardSignature: Verdict;
    };
