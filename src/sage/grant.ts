import type { Secret } from '../model/secret.ts';
import { explainOauthError } from './oauth-errors.ts';
import type { RefreshResult } from './refresh-tokens.ts';
import type { TokenPair } from './request-tokens.ts';
import type { SageFailure } from './sage-failure.ts';

/** Where a grant's tokens are kept. A write that has returned survives a crash of the process and of the machine. */
export interface GrantVault {
  /** The latest pair; undefined where the instance was never authorised. */
  readonly read: () => Promise<TokenPair | undefined>;
  readonly write: (tokens: TokenPair) => Promise<void>;
  /** Marks the instance for re-authorisation. Deletes nothing. */
  readonly markDead: (reason: string) => Promise<void>;
  /** Runs `work` while nobody else, in whatever process, replaces the tokens that are read here. */
  readonly exclusively: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

export type TokenResult =
  | {
      readonly kind: 'token';
      readonly accessToken: Secret;
      /** Whose data it opens; known only of the legacy API, and only after a refresh of this process. */
      readonly ownerId?: string;
    }
  | { readonly kind: 'failed'; readonly failure: SageFailure };

/** The access to Sage that one authorisation gives, shared by everything that reads with it. */
export interface Grant {
  /** An access token that is still good, refreshed before it expires. */
  readonly accessToken: () => Promise<TokenResult>;
  /** A token other than `rejected`, which Sage answered 401 to. */
  readonly renew: (rejected: Secret) => Promise<TokenResult>;
  /** Resolves when no refresh is under way: a process must not end in the middle of one. */
  readonly settled: () => Promise<void>;
}

/** A token this close to its end is replaced first: it must outlive the request that carries it. */
const safetyMarginMs = 15_000;

/**
 * Opens a grant. Sage accepts each refresh token once, and rejects all but the latest, so: one refresh in flight, and
 * the new pair is in the vault before its first use.
 */
export function openGrant({
  vault,
  refresh,
  now,
  onRefreshed,
}: {
  readonly vault: GrantVault;
  readonly refresh: (refreshToken: Secret) => Promise<RefreshResult>;
  readonly now: () => number;
  readonly onRefreshed: (tokens: TokenPair) => void;
}): Grant {
  let current: TokenPair | undefined;
  let running: Promise<TokenResult> | undefined;

  function refreshOnce(): Promise<TokenResult> {
    running ??= vault.exclusively(replaceTokens).finally(() => (running = undefined));
    return running;
  }

  async function replaceTokens(): Promise<TokenResult> {
    const stored = await vault.read();
    if (stored === undefined)
      return failed('reauthorise', 'the instance has no valid authorisation: authorise it with sagecfg auth');
    if (stored.accessToken.reveal() !== current?.accessToken.reveal() && isGood(stored)) {
      return use(stored);
    }
    const result = await refresh(stored.refreshToken);
    if (result.kind === 'failed') return result;
    if (result.kind === 'refreshed') return keep(result.tokens);
    const latest = await vault.read();
    if (latest !== undefined && latest.refreshToken.reveal() !== stored.refreshToken.reveal()) {
      // Somebody authorised again while Sage was refusing the old token.
      const second = await refresh(latest.refreshToken);
      if (second.kind === 'failed') return second;
      if (second.kind === 'refreshed') return keep(second.tokens);
    }
    const { meaning, advice } = explainOauthError('refresh', 'invalid_grant');
    const reason = `${meaning}; ${advice}`;
    await vault.markDead(reason);
    return failed('reauthorise', reason);
  }

  async function keep(tokens: TokenPair): Promise<TokenResult> {
    await vault.write(tokens);
    onRefreshed(tokens);
    return use(tokens);
  }

  function use(tokens: TokenPair): TokenResult {
    current = tokens;
    const { accessToken, ownerId } = tokens;
    return { kind: 'token', accessToken, ...(ownerId !== undefined && { ownerId }) };
  }

  function isGood(tokens: TokenPair): boolean {
    return tokens.accessExpiresMs - safetyMarginMs > now();
  }

  return {
    accessToken: async () => (current !== undefined && isGood(current) ? use(current) : refreshOnce()),
    renew: async (rejected) => {
      const isReplaced = current !== undefined && current.accessToken.reveal() !== rejected.reveal();
      return isReplaced && current !== undefined && isGood(current) ? use(current) : refreshOnce();
    },
    settled: async () => {
      await running;
    },
  };
}

function failed(kind: SageFailure['kind'], message: string): TokenResult {
  return { kind: 'failed', failure: { kind, message } };
}
