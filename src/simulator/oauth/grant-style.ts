import type { Random } from '../random.ts';
import type { AccessTokenClaims } from './render-access-token.ts';
import { renderAccessToken } from './render-access-token.ts';

/** How one version of Sage's authorization gives tokens. */
export interface GrantStyle {
  readonly accessTokenSeconds: number;
  /** Infinity where it never ends. */
  readonly refreshTokenSeconds: number;
  readonly renderAccessToken: (claims: AccessTokenClaims) => string;
  readonly renderRefreshToken: (random: Random) => string;
}

export const currentStyle: GrantStyle = {
  accessTokenSeconds: 300,
  refreshTokenSeconds: 2_678_400,
  renderAccessToken,
  renderRefreshToken: (random) => `simulator-refresh-${random.hex()}`,
};

/** Of the v3 API: 40 hexadecimal digits, an hour, and a refresh token that does not age. */
export const legacyStyle: GrantStyle = {
  accessTokenSeconds: 3600,
  refreshTokenSeconds: Infinity,
  renderAccessToken: ({ random }) => random.hex(40),
  renderRefreshToken: (random) => random.hex(40),
};
