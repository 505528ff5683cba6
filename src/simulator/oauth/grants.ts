import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { Tenant } from '../tenant.ts';
import type { GrantStyle } from './grant-style.ts';
import { currentStyle } from './grant-style.ts';

const codeSeconds = 60;

export type Scope = 'full_access' | 'readonly';

/** Why a grant was refused: for the report only, Sage's answer does not tell. */
export type GrantRefusal =
  | 'unknown'
  | 'used'
  | 'superseded'
  | 'expired'
  | 'revoked'
  | 'wrong-redirect-uri'
  | 'wrong-verifier';

export interface IssuedTokens {
  readonly tenant: Tenant;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly scope: Scope;
  readonly expiresInSeconds: number;
  readonly refreshTokenExpiresInSeconds: number;
  readonly requestedById: string;
}

export type GrantResult =
  | { readonly ok: true; readonly tokens: IssuedTokens }
  | { readonly ok: false; readonly refusal: GrantRefusal };

export interface CodeRequest {
  readonly tenant: Tenant;
  readonly redirectUri: string;
  readonly scope: Scope;
  /** Whether a code verifier belongs to the challenge of this authorization. */
  readonly isVerified: (verifier: string | undefined) => boolean;
}

export interface AccessGrant {
  readonly tenant: Tenant;
  readonly isExpired: boolean;
}

interface RefreshToken {
  readonly tenant: Tenant;
  readonly scope: Scope;
  readonly expiresAtMs: number;
  state: 'current' | 'used' | 'superseded' | 'revoked';
}

/** Codes, access tokens and rotating refresh tokens of all tenants. */
export class Grants {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #codes = new Map<string, CodeRequest & { readonly expiresAtMs: number; isUsed: boolean }>();
  readonly #refreshTokens = new Map<string, RefreshToken>();
  /** By tenant. */
  readonly #newest = new Map<string, RefreshToken>();
  readonly #accessTokens = new Map<
    string,
    Omit<AccessGrant, 'isExpired'> & { readonly expiresAtMs: number }
  >();
  readonly #refusals: Record<string, number> = {};
  readonly #style: GrantStyle;

  constructor({
    clock,
    random,
    tenants,
    style = currentStyle,
  }: {
    clock: Clock;
    random: Random;
    tenants: readonly Tenant[];
    style?: GrantStyle;
  }) {
    this.#clock = clock;
    this.#style = style;
    this.#random = random;
    for (const tenant of tenants) this.#storeRefreshToken(tenant.refreshToken, tenant, 'full_access');
  }

  /** How often each reason refused a grant. */
  get refusals(): Readonly<Record<string, number>> {
    return { ...this.#refusals };
  }

  issueCode(request: CodeRequest): string {
    const code = `GB/${this.#random.hex(40)}`;
    this.#codes.set(code, {
      ...request,
      expiresAtMs: this.#clock.nowMs() + codeSeconds * 1000,
      isUsed: false,
    });
    return code;
  }

  exchange(
    code: string,
    { redirectUri, verifier }: { readonly redirectUri: string; readonly verifier: string | undefined },
  ): GrantResult {
    const issued = this.#codes.get(code);
    if (issued === undefined) return this.#refuse('unknown');
    if (issued.isUsed) return this.#refuse('used');
    issued.isUsed = true;
    if (this.#clock.nowMs() >= issued.expiresAtMs) return this.#refuse('expired');
    if (issued.redirectUri !== redirectUri) return this.#refuse('wrong-redirect-uri');
    if (!issued.isVerified(verifier)) return this.#refuse('wrong-verifier');
    return { ok: true, tokens: this.#issue(issued.tenant, issued.scope) };
  }

  refresh(token: string): GrantResult {
    const stored = this.#refreshTokens.get(token);
    if (stored === undefined) return this.#refuse('unknown');
    if (stored.state !== 'current') return this.#refuse(stored.state);
    if (this.#clock.nowMs() >= stored.expiresAtMs) return this.#refuse('expired');
    stored.state = 'used';
    return { ok: true, tokens: this.#issue(stored.tenant, stored.scope) };
  }

  /** False if there was nothing to revoke. Access tokens live on until they expire, as Sage's do. */
  revoke(token: string): boolean {
    const stored = this.#refreshTokens.get(token);
    if (stored === undefined) return false;
    stored.state = 'revoked';
    return true;
  }

  authenticate(accessToken: string): AccessGrant | undefined {
    const stored = this.#accessTokens.get(accessToken);
    if (stored === undefined) return undefined;
    return { ...stored, isExpired: this.#clock.nowMs() >= stored.expiresAtMs };
  }

  /** Whose code or refresh token this is, without using it up. */
  tenantOf(codeOrToken: string): Tenant | undefined {
    return this.#codes.get(codeOrToken)?.tenant ?? this.#refreshTokens.get(codeOrToken)?.tenant;
  }

  #issue(tenant: Tenant, scope: Scope): IssuedTokens {
    const nowMs = this.#clock.nowMs();
    const style = this.#style;
    const expiresAtMs = nowMs + style.accessTokenSeconds * 1000;
    const accessToken = style.renderAccessToken({ tenant, scope, nowMs, expiresAtMs, random: this.#random });
    this.#dropExpiredAccessTokens(nowMs);
    this.#accessTokens.set(accessToken, { tenant, expiresAtMs });
    const refreshToken = style.renderRefreshToken(this.#random);
    this.#storeRefreshToken(refreshToken, tenant, scope);
    return {
      tenant,
      accessToken,
      refreshToken,
      scope,
      expiresInSeconds: style.accessTokenSeconds,
      refreshTokenExpiresInSeconds: style.refreshTokenSeconds,
      requestedById: uuidOf(tenant.businessId),
    };
  }

  /** Of one tenant only the newest refresh token works, also when an older one was never used. */
  #storeRefreshToken(token: string, tenant: Tenant, scope: Scope): void {
    const previous = this.#newest.get(tenant.name);
    if (previous?.state === 'current') previous.state = 'superseded';
    const stored: RefreshToken = {
      tenant,
      scope,
      expiresAtMs: this.#clock.nowMs() + this.#style.refreshTokenSeconds * 1000,
      state: 'current',
    };
    this.#newest.set(tenant.name, stored);
    this.#refreshTokens.set(token, stored);
  }

  /** Kept for an hour, so that an expired token can be told from one that never was. */
  #dropExpiredAccessTokens(nowMs: number): void {
    for (const [token, { expiresAtMs }] of this.#accessTokens) {
      if (expiresAtMs + 3_600_000 > nowMs) return;
      this.#accessTokens.delete(token);
    }
  }

  #refuse(refusal: GrantRefusal): GrantResult {
    this.#refusals[refusal] = (this.#refusals[refusal] ?? 0) + 1;
    return { ok: false, refusal };
  }
}

function uuidOf(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
