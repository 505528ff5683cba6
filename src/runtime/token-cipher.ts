import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { Secret } from '../model/secret.ts';
import { SagecfgError } from '../problem/sagecfg-error.ts';

/** Seals tokens for the state. What is sealed is tied to its instance and kind: it cannot be moved to another place. */
export interface TokenCipher {
  readonly seal: (token: Secret, place: TokenPlace) => string;
  /** Throws `SagecfgError` when the text was sealed with another key, elsewhere, or was changed. */
  readonly open: (sealed: string, place: TokenPlace) => Secret;
  /** Tells two tokens apart without giving either away. */
  readonly mark: (token: Secret) => string;
}

interface TokenPlace {
  readonly instanceId: string;
  readonly kind: 'access' | 'refresh' | 'element';
}

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** A key as `SAGECFG_KEY` holds it: 32 bytes in base64 or in hexadecimal digits. Throws `SagecfgError`, without the text. */
export function parseTokenKey(text: string): Buffer {
  const key = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
  const isBase64 = /^[A-Za-z0-9+/_-]{43}=?$/.test(text);
  if (key.length === keyBytes && (isBase64 || text.length === 2 * keyBytes)) return key;
  throw new SagecfgError(
    'settings',
    `SAGECFG_KEY is not a key: expected 32 bytes in base64 or hex, as 'openssl rand -base64 32' prints`,
  );
}

export function generateTokenKey(): Buffer {
  return randomBytes(keyBytes);
}

/** AES-256-GCM. The text is `v1.KEY.NONCE.CIPHERTEXT.TAG`; KEY tells which key, not what it is. */
export function createTokenCipher(key: Buffer): TokenCipher {
  const keyId = createHash('sha256').update('sagecfg key id').update(key).digest('hex').slice(0, 8);
  return {
    seal: (token, place) => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
      cipher.setAAD(placeBytes(place));
      const sealed = Buffer.concat([cipher.update(token.reveal(), 'utf8'), cipher.final()]);
      return ['v1', keyId, ...[nonce, sealed, cipher.getAuthTag()].map(toText)].join('.');
    },
    open: (text, place) => {
      const [version, sealedWith, nonce = '', sealed = '', tag = ''] = text.split('.');
      if (version !== 'v1' || sealedWith !== keyId) throw unreadable('they were sealed with another key');
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, fromText(nonce), { authTagLength: tagBytes });
        decipher.setAAD(placeBytes(place));
        decipher.setAuthTag(fromText(tag));
        return new Secret(
          Buffer.concat([decipher.update(fromText(sealed)), decipher.final()]).toString('utf8'),
        );
      } catch (cause) {
        throw unreadable('they were changed', cause);
      }
    },
    mark: (token) => createHmac('sha256', key).update('seed\n').update(token.reveal()).digest('base64url'),
  };
}

/** For work that needs no token: neither opens nor seals one. */
export const keylessCipher: TokenCipher = { seal: refuseKeyless, open: refuseKeyless, mark: refuseKeyless };

function refuseKeyless(): never {
  throw new Error('a token was needed in work that was to need none');
}

function placeBytes({ instanceId, kind }: TokenPlace): Buffer {
  return Buffer.from(JSON.stringify([instanceId, kind]));
}

function unreadable(why: string, cause?: unknown): SagecfgError {
  const message = `the tokens in the state cannot be read: ${why}; set SAGECFG_KEY to the key that they were sealed with`;
  return new SagecfgError('state', message, { cause });
}

function toText(bytes: Buffer): string {
  return bytes.toString('base64url');
}

function fromText(text: string): Buffer {
  return Buffer.from(text, 'base64url');
}
