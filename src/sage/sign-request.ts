import { createHmac } from 'node:crypto';
import type { Secret } from '../model/secret.ts';

/** A request to the legacy API, as it will be sent. */
export type SignedRequest = {
  readonly method: string;
  readonly url: URL;
  /** Random, and never used twice. */
  readonly nonce: string;
} & (
  | { readonly version: 'v1'; readonly form: readonly (readonly [name: string, value: string])[] }
  | {
      readonly version: 'v3';
      /** The JSON that is sent; empty for a request without a body. */
      readonly body: string;
      readonly resourceOwnerId: string;
    }
);

/**
 * `X-Signature` of Sage's legacy API: HMAC-SHA1 over method, address, parameters, nonce and, in v3, whose data it is. Sage
 * stopped checking it in November 2017, but takes it still.
 */
export function signRequest(
  request: SignedRequest,
  { signingSecret, accessToken }: { readonly signingSecret: Secret; readonly accessToken: Secret },
): string {
  const key = `${encode(signingSecret.reveal())}&${encode(accessToken.reveal())}`;
  return createHmac('sha1', key).update(signatureBase(request)).digest('base64');
}

/** What is signed. */
export function signatureBase(request: SignedRequest): string {
  const { method, url, nonce } = request;
  // The URL has no port where it is the usual one, and no query is part of the address.
  const address = `${url.protocol}//${url.host}${url.pathname}`;
  const parts = [method.toUpperCase(), address, parameterString(request), nonce];
  if (request.version === 'v3') parts.push(request.resourceOwnerId);
  return parts.map(encode).join('&');
}

/** Query and body, each name and value encoded, sorted, joined. In v3 the whole body is one parameter, present when empty. */
function parameterString(request: SignedRequest): string {
  const body =
    request.version === 'v1'
      ? request.form
      : [['body', Buffer.from(request.body, 'utf8').toString('base64')] as const];
  return [...request.url.searchParams, ...body]
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .toSorted(
      ([leftName, leftValue], [rightName, rightValue]) =>
        compare(leftName, rightName) || compare(leftValue, rightValue),
    )
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** Encoded text is ASCII, so that the order of UTF-16 units is that of bytes. */
function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** RFC 3986: all but letters, digits and `-._~`. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
