import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ReceivedRequest } from '../http/answer.ts';
import { headerOf } from '../http/answer.ts';

export type Verdict = 'valid' | 'invalid' | 'missing';

/** `Elements-Webhook-Signature: sha256=<base64 HMAC-SHA256 of the raw body>`. */
export function verifyPlatformSignature(request: ReceivedRequest, key: string): Verdict {
  const given = headerOf(request, 'elements-webhook-signature');
  if (given === undefined) return 'missing';
  const digest = createHmac('sha256', key).update(request.body).digest('base64');
  return isSame(given, `sha256=${digest}`) ? 'valid' : 'invalid';
}

/** The Standard Webhooks headers; one of the signatures in the list must fit. */
export function verifyStandardSignature(request: ReceivedRequest, key: string): Verdict {
  const id = headerOf(request, 'webhook-id');
  const timestamp = headerOf(request, 'webhook-timestamp');
  const signatures = headerOf(request, 'webhook-signature');
  if (id === undefined && timestamp === undefined && signatures === undefined) return 'missing';
  if (id === undefined || timestamp === undefined || signatures === undefined) return 'invalid';
  if (!/^\d+$/.test(timestamp)) return 'invalid';
  const digest = createHmac('sha256', standardKey(key))
    .update(`${id}.${timestamp}.`)
    .update(request.body)
    .digest('base64');
  return signatures.split(' ').some((given) => isSame(given, `v1,${digest}`)) ? 'valid' : 'invalid';
}

function standardKey(key: string): Buffer {
  return key.startsWith('whsec_') ? Buffer.from(key.slice('whsec_'.length), 'base64') : Buffer.from(key);
}

function isSame(left: string, right: string): boolean {
  const [given, expected] = [Buffer.from(left), Buffer.from(right)];
  return given.length === expected.length && timingSafeEqual(given, expected);
}
