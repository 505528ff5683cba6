import type { Random } from '../random.ts';
import type { Tenant } from '../tenant.ts';

export interface AccessTokenClaims {
  readonly tenant: Tenant;
  readonly scope: string;
  readonly nowMs: number;
  readonly expiresAtMs: number;
  readonly random: Random;
}

/** Looks like Sage's token, in length and claims; nothing signs it, because no client can check Sage's either. */
export function renderAccessToken({ tenant, scope, nowMs, expiresAtMs, random }: AccessTokenClaims): string {
  const header = { alg: 'RS512', typ: 'JWT', kid: 'simulator' };
  const claims = {
    jti: random.hex(),
    iat: Math.floor(nowMs / 1000),
    exp: Math.floor(expiresAtMs / 1000),
    iss: 'simulator',
    sub: tenant.user,
    aud: 'https://api.accounting.sage.com',
    azp: tenant.clientId,
    country: 'GB',
    scopes: scope,
  };
  const filler = Buffer.from(random.hex(1024), 'hex').toString('base64url');
  return `${encode(header)}.${encode(claims)}.${filler}`;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
