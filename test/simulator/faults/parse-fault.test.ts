import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseFault } from '../../../src/simulator/faults/parse-fault.ts';

const endpoints = ['accounting', 'token', 'callback'];

test.each([
  { kind: 'rate-limit' },
  { kind: 'rate-limit', retryAfter: '3', on: 'token', skip: 1, count: 2 },
  { kind: 'status', status: 307, location: 'http://127.0.0.1/', on: 'callback', count: 'always' },
  { kind: 'drop', when: 'after', probability: 0.5, tenant: 'north', path: '/contacts', contains: 'page=2' },
  { kind: 'slow', delayMs: 0 },
  { kind: 'date-skew', skewMs: -5 },
  { kind: 'wrong-total', by: -1 },
  { kind: 'change-between-pages', change: 'DELETED' },
])('%j is a fault', (fault) => {
  expect(parseFault(fault, endpoints)).toEqual({ ok: true, fault });
});

test.each([
  [null, 'a fault is an object with a "kind"'],
  ['slow', 'a fault is an object with a "kind"'],
  [{}, 'unknown kind "undefined"'],
  [{ kind: 'toString' }, 'unknown kind "toString"'],
  [{ kind: 'slow' }, 'a fault of kind "slow" needs "delayMs": milliseconds'],
  [{ kind: 'slow', delayMs: -1 }, '"delayMs" is -1: expected milliseconds'],
  [{ kind: 'slow', delay: 1 }, 'unknown key "delay" of a fault of kind "slow"'],
  [{ kind: 'drop', when: 'later' }, '"when" is "later": expected before or after'],
  [{ kind: 'status', status: 600 }, '"status" is 600: expected an HTTP status from 200 to 599'],
  [{ kind: 'shuffle', on: 'sage' }, '"on" is "sage": expected accounting or token or callback'],
  [{ kind: 'shuffle', probability: 2 }, '"probability" is 2: expected a number from 0 to 1'],
  [{ kind: 'shuffle', count: 'twice' }, '"count" is "twice": expected a whole number or always'],
])('%j is refused', (value, message) => {
  const parsed = parseFault(value, endpoints);
  expect(parsed.ok ? undefined : parsed.message).toContain(message);
});

test('whatever comes as JSON is a fault or is told why not', () => {
  const check = fc.property(fc.jsonValue(), (value) => {
    const parsed = parseFault(value, endpoints);
    expect(parsed.ok || parsed.message.length > 0).toBe(true);
  });
  fc.assert(check);
});
