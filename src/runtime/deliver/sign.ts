import { createHmac } from 'node:crypto';
import type { Secret } from '../../model/secret.ts';

/**
 * Both signatures of a notification: the platform's, over the body, and that of Standard Webhooks, over id, time and
 * body, which lets a receiver refuse a replay. `timestampMs` is that of the attempt. Without a key there is only the id.
 */
export function signatureHeaders({
  id,
  body,
  key,
  timestampMs,
}: {
  readonly id: string;
  readonly body: Uint8Array;
  readonly key: Secret | undefined;
  readonly timestampMs: number;
}): Record<string, string> {
  const timestamp = String(Math.floor(timestampMs / 1000));
  const identity = { 'elements-webhook-id': id, 'webhook-id': id, 'webhook-timestamp': timestamp };
  if (key === undefined) return identity;
  const elements = createHmac('sha256', key.reveal()).update(body).digest('base64');
  const standard = createHmac('sha256', standardKey(key))
    .update(`${id}.${timestamp}.`)
    .update(body)
    .digest('base64');
  return {
    ...identity,
    'elements-webhook-signature': `sha256=${elements}`,
    'webhook-signature': `v1,${standard}`,
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
