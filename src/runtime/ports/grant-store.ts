import type { TokenPair } from '../../sage/request-tokens.ts';

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
