import type { RegistrationStore } from '../../ports/registration-store.ts';
import type { TokenCipher } from '../../token-cipher.ts';
import type { Database } from './postgres-database.ts';
import { sealToken, toRegistration } from './sqlite-registrations.ts';

export function createRegistrationStore(database: Database, cipher: TokenCipher): RegistrationStore {
  return {
    list: async (platform) => {
      const select = 'SELECT * FROM registrations WHERE platform = $1 ORDER BY element_key, name';
      const { rows } = await database.query(select, [platform]);
      return rows.map((row) => toRegistration(row, cipher));
    },
    write: async (registration) => {
      const { platform, elementKey, name, instanceId, creatingSinceMs } = registration;
      await database.query(
        `INSERT INTO registrations (platform, element_key, name, instance_id, token, creating_since_ms)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (platform, element_key, name) DO UPDATE SET
          instance_id = excluded.instance_id, token = excluded.token, creating_since_ms = excluded.creating_since_ms`,
        [
          platform,
          elementKey,
          name,
          instanceId ?? null,
          sealToken(registration, cipher) ?? null,
          creatingSinceMs ?? null,
        ],
      );
    },
    remove: async ({ platform, elementKey, name }) => {
      const remove = 'DELETE FROM registrations WHERE platform = $1 AND element_key = $2 AND name = $3';
      await database.query(remove, [platform, elementKey, name]);
    },
  };
}
