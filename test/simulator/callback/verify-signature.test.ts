import { expect, test } from 'vitest';
import { Webhook } from 'standardwebhooks';
import {
  verifyPlatformSignature,
  verifyStandardSignature,
} from '../../../src/simulator/callback/verify-signature.ts';
import type { ReceivedRequest } from '../../../src/simulator/http/answer.ts';

function request(body: string, headers: Readonly<Record<string, string>>): ReceivedRequest {
  return { method: 'POST', path: '/', query: new URLSearchParams(), headers, body: Buffer.from(body) };
}

test('the vector that the platform published fits', () => {
  const signature = 'sha256=jHdbRx5EZAsOfTwAPJOGkNUzQMVVdu5VJlxcsk+G6jQ=';
  const published = request('<INSERT_EVENT_NOTIFICATION_RESPONSE_BODY>', {
    'elements-webhook-signature': signature,
  });
  expect(verifyPlatformSignature(published, 'MySecretEventSignatureKey')).toBe('valid');
  expect(verifyPlatformSignature(published, 'MySecretEventSignatureKez')).toBe('invalid');
});

test.each([
  ['raw', 'simulator key', { format: 'raw' } as const],
  ['base64', `whsec_${Buffer.from('thirty-two bytes of random stuff').toString('base64')}`, {}],
])('a %s key verifies, one good signature among several is enough', (_name, key, options) => {
  const at = new Date('2026-03-02T09:00:00Z');
  const good = new Webhook(key, options).sign('msg_7', at, '{"a":"ü"}');
  const headers = { 'webhook-id': 'msg_7', 'webhook-timestamp': String(at.getTime() / 1000) };
  const signed = (signature: string): ReceivedRequest =>
    request('{"a":"ü"}', { ...headers, 'webhook-signature': signature });
  expect(verifyStandardSignature(signed(good), key)).toBe('valid');
  expect(verifyStandardSignature(signed(`v1,AAAA v1a,BBBB ${good}`), key)).toBe('valid');
  expect(verifyStandardSignature(signed('v1,AAAA'), key)).toBe('invalid');
  expect(verifyStandardSignature(request('{}', {}), key)).toBe('missing');
});
