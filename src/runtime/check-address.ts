import { SagecfgError } from '../problem/sagecfg-error.ts';

/** Tokens travel in these requests: unencrypted only within this machine, as to a simulator. */
export function checkAddress(address: string, setting: string): string {
  const url = URL.parse(address);
  const isLocal = url !== null && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal)) return address;
  throw new SagecfgError('settings', `${setting} is '${address}', expected a URL that begins with https://`);
}
