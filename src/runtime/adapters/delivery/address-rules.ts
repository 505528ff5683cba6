import { BlockList, isIP } from 'node:net';
import { SagecfgError } from '../../../problem/sagecfg-error.ts';

/** Which addresses a callback may have. Everything that is not public is refused, unless a range allows it. */
export interface AddressRules {
  readonly isAllowed: (address: string) => boolean;
}

/**
 * Addresses that lead into a private network, to this machine, to a cloud's metadata, or to nowhere, and IPv6 ranges that
 * carry an IPv4 address inside, which would lead there too.
 */
const refusedRanges = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  '::1/128',
  '::/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/32',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
] as const;

/** Throws `SagecfgError` for a range that is not CIDR. */
export function createAddressRules(allowedRanges: readonly string[]): AddressRules {
  const refused = createBlockList(refusedRanges);
  const allowed = createBlockList(allowedRanges);
  return {
    isAllowed: (address) => {
      const family = familyOf(address);
      if (family === undefined) return false;
      return !refused.check(address, family) || allowed.check(address, family);
    },
  };
}

function createBlockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', prefix = '', ...rest] = range.trim().split('/');
    const family = familyOf(network);
    const bits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : undefined;
    const isValid = family !== undefined && bits !== undefined && bits <= (family === 'ipv4' ? 32 : 128);
    if (!isValid || rest.length > 0) {
      throw new SagecfgError(
        'usage',
        `callback range '${range}' is not CIDR: expected something like 10.0.0.0/8`,
      );
    }
    list.addSubnet(network, bits, family);
  }
  return list;
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? 'ipv4' : 'ipv6';
}
