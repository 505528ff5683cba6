import { describe, expect, it } from 'vitest';
import { parseCallbackHeaders } from '../../src/runtime/callback-headers.ts';

const parse = (text: string, hasBasic = false): Record<string, string> =>
  Object.fromEntries(
    Object.entries(parseCallbackHeaders(text, { instanceId: 'acme', hasBasic })).map(([name, value]) => [
      name,
      value.reveal(),
    ]),
  );

describe('parseCallbackHeaders', () => {
  it('reads an object, and lines', () => {
    const headers = { 'x-key': 'a: b', 'x-other': 'c' };
    expect(parse('{"X-Key": "a: b", "X-Other": "c"}')).toEqual(headers);
    expect(parse('X-Key: a: b\r\n\nX-Other:c\n')).toEqual(headers);
    expect(parse('')).toEqual({});
  });

  it.each([
    ['X-Key', "whose line 1 is not 'Name: value'"],
    ['{"X-Key": ', 'that begins like JSON and is none'],
    ['{"X-Key": 1}', "with a value of 'X-Key' that is no text"],
    ['X Key: 1', 'with a name that no header can have'],
    ['{"X-Key": "a\\r\\nX-Evil: b"}', "with a value of 'X-Key' that no header can have"],
    ['Webhook-Id: 1', "with 'Webhook-Id', which sagecfg sets itself"],
    ['Content-Length: 1', 'which sagecfg sets itself'],
    ['a: 1\nA: 2', "with 'A' twice"],
  ])('refuses %j', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  it('takes an authorization only where there is no other', () => {
    expect(parse('Authorization: Bearer planted')).toEqual({ authorization: 'Bearer planted' });
    expect(() => parse('Authorization: Bearer planted', true)).toThrow('leave one out');
    expect(() => parse('Authorization: Bearer planted', true)).not.toThrow('planted');
  });
});
