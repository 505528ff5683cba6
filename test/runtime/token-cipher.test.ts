import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { createTokenCipher, generateTokenKey, parseTokenKey } from '../../src/runtime/token-cipher.ts';

const place = { instanceId: 'acme', kind: 'refresh' } as const;
const token = new Secret('the token');

describe('parseTokenKey', () => {
  const key = generateTokenKey();

  it.each([
    ['base64', key.toString('base64')],
    ['base64url', key.toString('base64url')],
    ['hexadecimal digits', key.toString('hex')],
  ])('reads %s', (_case, text) => {
    expect(parseTokenKey(text).equals(key)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['a password', 'correct horse battery staple'],
    ['a shorter key', key.toString('hex').slice(2)],
    ['a longer key', `${key.toString('base64')}AAAA`],
  ])('refuses %s, without repeating it', (_case, text) => {
    const refusal = (): string => {
      try {
        return `read as ${parseTokenKey(text).length} bytes`;
      } catch (error) {
        return String(error);
      }
    };
    expect(refusal()).toContain('SAGECFG_KEY is not a key');
    expect(text !== '' && refusal().includes(text)).toBe(false);
  });
});

describe('createTokenCipher', () => {
  const cipher = createTokenCipher(generateTokenKey());

  it('opens what it sealed, and seals differently each time', () => {
    const sealed = [cipher.seal(token, place), cipher.seal(token, place)];
    expect(sealed.map((text) => cipher.open(text, place).reveal())).toEqual(['the token', 'the token']);
    expect(sealed[0]).not.toBe(sealed[1]);
    expect(sealed.join()).not.toContain('the token');
  });

  it.each([
    ['another instance', { ...place, instanceId: 'other' }],
    ['another kind', { ...place, kind: 'access' as const }],
  ])('does not open for %s', (_case, other) => {
    expect(() => cipher.open(cipher.seal(token, place), other)).toThrow('they were changed');
  });

  it('does not open what was changed', () => {
    const parts = cipher.seal(token, place).split('.');
    parts[3] = `${parts[3]?.startsWith('A') === true ? 'B' : 'A'}${parts[3]?.slice(1)}`;
    expect(() => cipher.open(parts.join('.'), place)).toThrow('they were changed');
  });

  it('says that the key is another one', () => {
    const other = createTokenCipher(generateTokenKey());
    expect(() => other.open(cipher.seal(token, place), place)).toThrow('sealed with another key');
  });

  it('marks a token so that it can be told and not read', () => {
    expect(cipher.mark(token)).toBe(cipher.mark(new Secret('the token')));
    expect(cipher.mark(token)).not.toBe(cipher.mark(new Secret('another')));
  });
});
