import { describe, expect, it, test } from 'vitest';
import { isSecretKey } from '../../src/platform/configuration-keys.ts';
import { fileNamesOf, variablePrefixesOf } from '../../src/platform/instance-names.ts';
import { createMask } from '../../src/platform/mask.ts';
import { askForVariables, readVariables, writeVariables } from '../../src/platform/variables-file.ts';

test.each([
  ['acme ltd', 'acme-ltd', 'ACME_LTD'],
  ['../../etc/passwd', 'etc-passwd', 'ETC_PASSWD'],
  ['con', 'instance-con', 'CON'],
  ['Ünïcode', 'Unicode', 'UNICODE'],
  ['東京', 'instance-', 'I_'],
  ['.hidden', 'hidden', 'HIDDEN'],
  ['1e5', '1e5', 'I_1E5'],
])('%s becomes the file %s and the variables %s', (name, file, prefix) => {
  expect([fileNamesOf([name]), variablePrefixesOf([name])]).toEqual([[file], [prefix]]);
});

test('names that look alike get files and variables of their own', () => {
  const names = ['a-b', 'A-B', 'a b', 'a_b'];
  for (const made of [fileNamesOf(names), variablePrefixesOf(names)])
    expect(new Set(made.map((each) => each.toLowerCase())).size).toBe(names.length);
});

test.each([
  ['oauth.api.secret', true],
  ['username', false],
  ['password', true],
  ['shop.apiKey', true],
  ['private.key', true],
  ['oauth.token.url', false],
  ['token.expires_in', false],
  ['event.notification.basic.username', false],
  ['event.poller.configuration', false],
])('%s is a secret: %s', (key, expected) => {
  expect(isSecretKey(key)).toBe(expected);
});

test.each([
  ['https://user:planted@host/x', 'https://user:[secret]@host/x'],
  ['https://host/x?token=planted&a=b', 'https://host/x?token=[secret]&a=b'],
  ['https://host/x?access_token=planted#a', 'https://host/x?access_token=[secret]#a'],
  ['https://host/x?design=wide&nominal_code=4000', 'https://host/x?design=wide&nominal_code=4000'],
  ['before known-secret after', 'before [secret] after'],
  ["where=x>='${date:yyyy}'", "where=x>='${date:yyyy}'"],
])('%s is shown as %s', (text, shown) => {
  expect(createMask(['known-secret'])(text)).toBe(shown);
});

describe('a file of variables', () => {
  it('keeps every other line, and reads back what it wrote', () => {
    const before = "# mine\nOTHER=1\nA='old'\nB='gone'\n";
    const after = writeVariables(before, [
      { name: 'A', value: "it's $HOME" },
      { name: 'B', value: undefined },
      { name: 'C', value: 'new' },
    ]);
    expect(after).toBe("# mine\nOTHER=1\nA='it'\\''s $HOME'\nC='new'\n");
    expect(Object.fromEntries(readVariables(after))).toEqual({ A: "it's $HOME", C: 'new' });
  });

  it('asks for each variable once', () => {
    const text = askForVariables("A='1'\n# B=\n", ['A', 'B', 'C', 'C']);
    expect(text).toBe("A='1'\n# B=\n# C=\n");
  });
});
