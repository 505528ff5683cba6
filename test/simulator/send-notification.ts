import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { fieldOf } from './sage-session.ts';

export interface SentEvent {
  readonly eventId?: string;
  readonly objectId: string;
  readonly objectType: string;
  readonly eventType: string;
  readonly date: string;
}

export interface SentNotification {
  readonly tenant: string;
  readonly events: readonly SentEvent[];
  readonly raw?: Readonly<Record<string, unknown>>;
  readonly messageEventId?: string;
  /** Replaces or adds headers after signing; an empty one is left out. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Delivers as the platform does; resolves with the status, or with `cut` when no answer came. */
export async function sendNotification(
  simulator: Simulator,
  { tenant, events, raw = {}, messageEventId, headers = {} }: SentNotification,
): Promise<number | 'cut'> {
  const key = simulator.tenants.find(({ name }) => name === tenant)?.signatureKey ?? '';
  const message = { raw, events, ...(messageEventId === undefined ? {} : { eventId: messageEventId }) };
  const body = JSON.stringify({ severity: 'medium', action: 'create', message });
  const signed = { ...signatureHeaders(body, key), 'content-type': 'application/json', ...headers };
  const sent = Object.entries(signed).filter(([, value]) => value !== '');
  try {
    const answer = await fetch(simulator.callbackUrl(tenant), { method: 'POST', body, headers: sent });
    return answer.status;
  } catch (error) {
    // Only a cut connection is a result; anything else is a mistake of the test.
    const code = fieldOf(error instanceof Error ? error.cause : undefined, 'code');
    if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET') return 'cut';
    throw error;
  }
}

/** Signed by a library of others, so that ours is not only compared with itself. */
function signatureHeaders(body: string, key: string): Record<string, string> {
  const at = new Date('2026-03-02T09:00:00Z');
  const id = 'msg_1';
  return {
    'elements-webhook-signature': `sha256=${createHmac('sha256', key).update(body).digest('base64')}`,
    'webhook-id': id,
    'webhook-timestamp': String(at.getTime() / 1000),
    'webhook-signature': new Webhook(key, { format: 'raw' }).sign(id, at, body),
  };
}
