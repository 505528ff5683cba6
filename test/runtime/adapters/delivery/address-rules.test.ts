import { describe, expect, it } from 'vitest';
import { createAddressRules } from '../../../../src/runtime/adapters/delivery/address-rules.ts';

const refused = [
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:10.0.0.1',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '2001::1',
  '2002:7f00:1::',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'fec0::1',
  'ff02::1',
  'localhost',
  '',
];

const allowed = [
  '8.8.8.8',
  '1.1.1.1',
  '172.15.255.255',
  '172.32.0.1',
  '100.128.0.1',
  '2606:4700::1111',
  '::ffff:8.8.8.8',
];

describe('createAddressRules', () => {
  const rules = createAddressRules([]);

  it.each(refused)('refuses %s', (address) => {
    expect(rules.isAllowed(address)).toBe(false);
  });

  it.each(allowed)('allows %s', (address) => {
    expect(rules.isAllowed(address)).toBe(true);
  });

  it('allows the ranges that it is given, and no more', () => {
    const some = createAddressRules(['127.0.0.0/8', 'fd00::/8']);
    expect(['127.0.0.1', 'fd12::1', '::ffff:127.0.0.1'].map(some.isAllowed)).toEqual([true, true, true]);
    expect(['10.0.0.1', 'fc00::1', '::1'].map(some.isAllowed)).toEqual([false, false, false]);
  });

  it.each(['10.0.0.0', '10.0.0.0/33', 'localhost/8', '10.0.0.0/8/8', '::/129', '10.0.0.0/-1', ''])(
    'says that %j is no range',
    (range) => {
      expect(() => createAddressRules([range])).toThrow('is not CIDR');
    },
  );
});
