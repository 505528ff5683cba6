import type { DatabaseSync } from 'node:sqlite';
import type { Registration, RegistrationKey, RegistrationStore } from '../../ports/registration-store.ts';
import type { TokenCipher } from '../../token-cipher.ts';
import { optionalInteger, optionalText, text } from './row.ts';
import type { Row } from './row.ts';

export function createRegistrationStore(database: DatabaseSync, cipher: TokenCipher): RegistrationStore {
  const select = database.prepare(
    'SELECT * FROM registrations WHERE platform = ? ORDER BY element_key, name',
  );
  const upsert = database.prepare(`
    INSERT INTO registrations (platform, element_key, name, instance_id, token, creating_since_ms)
    VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (platform, element_key, name) DO UPDATE SET
      instance_id = excluded.instance_id, token = excluded.token, creating_since_ms = excluded.creating_since_ms`);
  const erase = database.prepare(
    'DELETE FROM registrations WHERE platform = ? AND element_key = ? AND name = ?',
  );
  return {
    list: async (platform) => select.all(platform).map((row) => toRegistration(row, cipher)),
    write: async (registration) => {
      const { platform, elementKey, name, instanceId, creatingSinceMs } = registration;
      const sealed = sealToken(registration, cipher);
      upsert.run(platform, elementKey, name, instanceId ?? null, sealed ?? null, creatingSinceMs ?? null);
    },
    remove: async ({ platform, elementKey, name }) => {
      erase.run(platform, elementKey, name);
    },
  };
}

export function sealToken(registration: Registration, cipher: TokenCipher): string | undefined {
  return registration.token && cipher.seal(registration.token, placeOf(registration));
}

export function toRegistration(row: Row, cipher: TokenCipher): Registration {
  const key = {
    platform: text(row, 'platform'),
    elementKey: text(row, 'element_key'),
    name: text(row, 'name'),
  };
  const sealed = optionalText(row, 'token');
  return {
    ...key,
    instanceId: optionalText(row, 'instance_id'),
    token: sealed === undefined ? undefined : cipher.open(sealed, placeOf(key)),
    creatingSinceMs: optionalInteger(row, 'creating_since_ms'),
  };
}

function placeOf({ platform, elementKey, name }: RegistrationKey) {
  return { instanceId: JSON.stringify([platform, elementKey, name]), kind: 'element' } as const;
}
