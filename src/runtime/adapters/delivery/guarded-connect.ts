import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import type { CallbackTls } from '../../callback-tls.ts';
import type { AddressRules } from './address-rules.ts';

/** Why a connection was not made. Its message is fit for a report. */
export class AddressRefused extends Error {
  readonly code = 'ADDRESS_REFUSED';
}

/**
 * A connector that reaches allowed addresses only. The lookup refuses a name when any of its addresses is refused, and
 * hands on the addresses it has checked, so that a second lookup cannot give others. A literal address is never looked
 * up, so the socket is checked as well.
 */
export function createGuardedConnect(
  rules: AddressRules,
  options: CallbackTls & { readonly timeout: number },
): buildConnector.connector {
  const connect = buildConnector({ ...options, lookup: guardLookup(rules) });
  return (options, callback) => {
    connect(options, (error, socket) => {
      if (error !== null) {
        callback(error, null);
        return;
      }
      const address = socket.remoteAddress ?? '';
      if (rules.isAllowed(address)) {
        callback(null, socket);
        return;
      }
      socket.destroy();
      callback(new AddressRefused(refusalOf(address)), null);
    });
  };
}

export function refusalOf(address: string): string {
  return `address ${address} is not public; runtime.callback.allow can allow its range`;
}

function guardLookup(rules: AddressRules): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const refused = addresses.find(({ address }) => !rules.isAllowed(address));
      if (refused !== undefined) callback(new AddressRefused(refusalOf(refused.address)), []);
      else if (options.all === true) callback(null, addresses);
      else callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
    });
  };
}
