import { createHmac } from 'node:crypto';

export interface LegacySignature {
  readonly method: string;
  /** As it was asked for: scheme, host, port and path. */
  readonly address: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  readonly nonce: string;
  readonly site: string;
  readonly signingSecret: string;
  readonly accessToken: string;
}

/** `X-Signature` as Sage's v3 API took it: this simulator's own calculation, so that it can prove another one wrong. */
export function legacySignature(request: LegacySignature): string {
  const { method, address, query, body, nonce, site, signingSecret, accessToken } = request;
  const pairs = [...query.entries(), ['body', body.toString('base64')] as const];
  const parameters = pairs.map((pair) => pair.map(percent).join('='));
  // An equals sign orders after every character that a name can begin to differ by, save those that percent() keeps.
  parameters.sort((left, right) => (left.replace('=', ' ') < right.replace('=', ' ') ? -1 : 1));
  const base = [method, address, parameters.join('&'), nonce, site].map(percent).join('&');
  const key = [signingSecret, accessToken].map(percent).join('&');
  return createHmac('sha1', key).update(base).digest('base64');
}

/** Byte by byte: what RFC 3986 does not reserve stays, everything else is `%XX`. */
function percent(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCodePoint(byte);
      return /[\w.~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}
