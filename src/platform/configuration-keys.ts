import { secretKeys } from '../schema/secret-keys.ts';

export const pollerKey = 'event.poller.configuration';

/** Keys of other elements have no schema that marks them: these words in a name do. */
const secretWord = /(?:secret|passw|passphrase|token|credential|private|api[._-]?key|subscription[._-]?key)/i;
const notSecret = /(?:[._](?:url|interval|time|expires?(?:_in)?|type|date)|\.username)$/i;

export function isSecretKey(key: string): boolean {
  return secretKeys.includes(key) || (secretWord.test(key) && !notSecret.test(key));
}

/** What the platform writes by itself, and changes whenever it likes: neither compared nor imported. */
export function isKeptByPlatform(key: string): boolean {
  return /^(?:oauth\.user\.|event\.(?:metadata|helper\.key|notification\.subscription\.id)$)/.test(key);
}

/** What the platform gives every instance of an element, unless it is told otherwise. */
export function isPlatformDefault(key: string): boolean {
  return /^(?:base\.url$|bulk\.|pagination\.|oauth\.(?:token|authorization|authorize|revoke)\.|oauth\.(?:scope$|basic\.|request\.))/.test(
    key,
  );
}

/** A grant is given to one app, at one address, for one business: with another of these it is worth nothing. A new secret of the same app leaves it alone. */
export function needsLogin(key: string): boolean {
  return ['oauth.api.key', 'oauth.callback.url', 'oauth.scope', 'country', 'business'].includes(key);
}
