import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/model/secret.ts';
import { signatureHeaders } from '../../../src/runtime/deliver/sign.ts';

const timestampMs = Date.now();
const body = Buffer.from('{"message":"Größe"}');

describe('signatureHeaders', () => {
  it('agrees with the platform’s published example', () => {
    const headers = signatureHeaders({
      id: 'n1',
      body: Buffer.from('<INSERT_EVENT_NOTIFICATION_RESPONSE_BODY>'),
      key: new Secret('MySecretEventSignatureKey'),
      timestampMs,
    });
    expect(headers['elements-webhook-signature']).toBe('sha256=jHdbRx5EZAsOfTwAPJOGkNUzQMVVdu5VJlxcsk+G6jQ=');
  });

  it.each([
    [
      'a key of plain text',
      'MySecretEventSignatureKey',
      new Webhook('MySecretEventSignatureKey', { format: 'raw' }),
    ],
    [
      'a key of Standard Webhooks',
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      new Webhook('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'),
    ],
  ])('is accepted by the Standard Webhooks library with %s', (_case, key, webhook) => {
    const headers = signatureHeaders({ id: 'n1', body, key: new Secret(key), timestampMs });
    expect(webhook.verify(body, headers)).toEqual({ message: 'Größe' });
    expect(() => webhook.verify(Buffer.from('{"message":"other"}'), headers)).toThrow(
      'No matching signature found',
    );
  });

  it('signs the time of the attempt, in seconds', () => {
    const headers = signatureHeaders({
      id: 'n1',
      body,
      key: new Secret('key'),
      timestampMs: 1_700_000_000_999,
    });
    const expected = createHmac('sha256', 'key').update('n1.1700000000.').update(body).digest('base64');
    expect(headers['webhook-timestamp']).toBe('1700000000');
    expect(headers['webhook-signature']).toBe(`v1,${expected}`);
  });

  it('signs with the key before as well, so that a receiver with either accepts it', () => {
    const [key, previousKey] = [new Secret('new key'), new Secret('old key')];
    const headers = signatureHeaders({ id: 'n1', body, key, previousKey, timestampMs });
    for (const known of ['new key', 'old key']) {
      expect(new Webhook(known, { format: 'raw' }).verify(body, headers)).toEqual({ message: 'Größe' });
    }
    expect(() => new Webhook('another key', { format: 'raw' }).verify(body, headers)).toThrow('No matching');
    const alone = signatureHeaders({ id: 'n1', body, key, timestampMs });
    expect(headers['elements-webhook-signature']).toBe(alone['elements-webhook-signature']);
  });

  it('names the notification and signs nothing without a key', () => {
    const headers = signatureHeaders({ id: 'n1', body, key: undefined, timestampMs: 0 });
    expect(headers).toEqual({ 'elements-webhook-id': 'n1', 'webhook-id': 'n1', 'webhook-timestamp': '0' });
  });
});
