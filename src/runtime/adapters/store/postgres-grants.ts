import type { GrantStore, GrantSummary } from '../../ports/grant-store.ts';
import type { TokenCipher } from '../../token-cipher.ts';
import type { Connection, Database } from './postgres-database.ts';
import { readRow } from './sqlite-grants.ts';
import { optionalInteger, optionalText, text } from './row.ts';

export function createGrantStore(database: Database, cipher: TokenCipher): GrantStore {
  return {
    read: async (instanceId) => {
      const { rows } = await database.query('SELECT * FROM grants WHERE instance_id = $1', [instanceId]);
      return readRow(rows[0], cipher);
    },
    readBySeed: async (seedMark) => {
      const select = 'SELECT * FROM grants WHERE seed_mark = $1 ORDER BY instance_id LIMIT 1';
      const { rows } = await database.query(select, [seedMark]);
      return readRow(rows[0], cipher);
    },
    write: (instanceId, grant) =>
      database.inTransaction(async (transaction) => {
        const select = "SELECT instance_id FROM grants WHERE seed_mark = $1 AND seed_mark <> ''";
        const { rows } = await transaction.query(select, [grant.seedMark]);
        const sharers = rows.map((row) => text(row, 'instance_id'));
        // In a settled order, so that two writers never wait for each other.
        const ids = [...new Set([instanceId, ...sharers])].sort();
        for (const id of ids) await upsert(transaction, id, { grant, cipher });
      }),
    markDead: async (instanceId, reason) => {
      await database.query(
        `UPDATE grants SET dead_reason = $1
        WHERE instance_id = $2 OR seed_mark = (SELECT nullif(seed_mark, '') FROM grants WHERE instance_id = $2)`,
        [reason, instanceId],
      );
    },
    remove: async (instanceId) => {
      await database.query('DELETE FROM grants WHERE instance_id = $1', [instanceId]);
    },
    list: () => listPostgresGrants(database),
    exclusively: (name, work) => database.exclusively(`grant ${name}`, work),
  };
}

export async function listPostgresGrants(database: Connection): Promise<readonly GrantSummary[]> {
  const select = 'SELECT instance_id, refresh_expires_ms, dead_reason FROM grants ORDER BY instance_id';
  const { rows } = await database.query(select);
  return rows.map((row) => ({
    instanceId: text(row, 'instance_id'),
    refreshExpiresMs: optionalInteger(row, 'refresh_expires_ms'),
    deadReason: optionalText(row, 'dead_reason'),
  }));
}

async function upsert(
  transaction: Connection,
  instanceId: string,
  { grant, cipher }: { readonly grant: Parameters<GrantStore['write']>[1]; readonly cipher: TokenCipher },
): Promise<void> {
  const { tokens, seedMark } = grant;
  await transaction.query(
    `INSERT INTO grants
      (instance_id, access_token, refresh_token, access_expires_ms, refresh_expires_ms, seed_mark, dead_reason)
    VALUES ($1, $2, $3, $4, $5, $6, NULL)
    ON CONFLICT (instance_id) DO UPDATE SET
      access_token = excluded.access_token, refresh_token = excluded.refresh_token,
      access_expires_ms = excluded.access_expires_ms, refresh_expires_ms = excluded.refresh_expires_ms,
      seed_mark = excluded.seed_mark, dead_reason = NULL`,
    [
      instanceId,
      cipher.seal(tokens.accessToken, { instanceId, kind: 'access' }),
      cipher.seal(tokens.refreshToken, { instanceId, kind: 'refresh' }),
      tokens.accessExpiresMs,
      tokens.refreshExpiresMs ?? null,
      seedMark,
    ],
  );
}
