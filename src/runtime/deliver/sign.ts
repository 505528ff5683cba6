import { createHmac } from 'node:crypto';
import type { Secret } from '../../model/secret.ts';

/**
 * Both signatures of a notification: the platform's, over the body, and that of Standard Webhooks, over id, time and
 * body, which lets a receiver refuse a replay. `timestampMs` is that of the attempt. Without a key there is only the id.
 * While keys change, Standard Webhooks carries a signature by each; the platform's header has room for the new one only.
 */
export function signatureHeaders({
  id,
  body,
  key,
  previousKey,
  timestampMs,
}: {
  readonly id: string;
  readonly body: Uint8Array;
  readonly key: Secret | undefined;
  readonly previousKey?: Secret | undefined;
  readonly timestampMs: number;
}): Record<string, string> {
  const timestamp = String(Math.floor(timestampMs / 1000));
  const identity = { 'elements-webhook-id': id, 'webhook-id': id, 'webhook-timestamp': timestamp };
  if (key === undefined) return identity;
  const elements = createHmac('sha256', key.reveal()).update(body).digest('base64');
  const keys = previousKey === undefined ? [key] : [key, previousKey];
  const standard = keys.map((each) => {
    const hmac = createHmac('sha256', standardKey(each)).update(`${id}.${timestamp}.`);
    return `v1,${hmac.update(body).digest('base64')}`;
  });
  return {
    ...identity,
    'elements-webhook-signature': `sha256=${elements}`,
    'webhook-signature': standard.join(' '),
  };
}

const standardPrefix = 'whsec_';

/** Standard Webhooks writes its secrets as `whsec_` and base64; any other key counts as its bytes. */
function standardKey(key: Secret): Buffer {
  const text = key.reveal();
  return text.startsWith(standardPrefix)
    ? Buffer.from(text.slice(standardPrefix.length), 'base64')
    : Buffer.from(text, 'utf8');
}
