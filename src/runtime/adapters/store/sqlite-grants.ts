import type { DatabaseSync } from 'node:sqlite';
import type { GrantStore, GrantSummary, StoredGrant } from '../../ports/grant-store.ts';
import type { TokenCipher } from '../../token-cipher.ts';
import { createQueues } from '../../queues.ts';
import { inTransaction } from './sqlite-database.ts';
import { integer, optionalInteger, optionalText, text } from './row.ts';
import type { Row } from './row.ts';

export function createGrantStore(database: DatabaseSync, cipher: TokenCipher): GrantStore {
  const select = database.prepare('SELECT * FROM grants WHERE instance_id = ?');
  const selectBySeed = database.prepare(
    'SELECT * FROM grants WHERE seed_mark = ? ORDER BY instance_id LIMIT 1',
  );
  const selectSharers = database.prepare(
    "SELECT instance_id FROM grants WHERE seed_mark = ? AND seed_mark <> ''",
  );
  const upsert = prepareUpsert(database, cipher);
  const setDead = database.prepare(`
    UPDATE grants SET dead_reason = ?
    WHERE instance_id = ? OR seed_mark = (SELECT nullif(seed_mark, '') FROM grants WHERE instance_id = ?)`);
  const erase = database.prepare('DELETE FROM grants WHERE instance_id = ?');
  return {
    read: async (instanceId) => readRow(select.get(instanceId), cipher),
    readBySeed: async (seedMark) => readRow(selectBySeed.get(seedMark), cipher),
    write: async (instanceId, grant) =>
      inTransaction(database, () => {
        const sharers = selectSharers.all(grant.seedMark).map((row) => text(row, 'instance_id'));
        for (const id of new Set([instanceId, ...sharers])) upsert(id, grant);
      }),
    markDead: async (instanceId, reason) => {
      setDead.run(reason, instanceId, instanceId);
    },
    remove: async (instanceId) => {
      erase.run(instanceId);
    },
    list: async () => selectGrants(database),
    exclusively: createQueues(),
  };
}

export function selectGrants(database: DatabaseSync): readonly GrantSummary[] {
  const rows = database
    .prepare('SELECT instance_id, refresh_expires_ms, dead_reason FROM grants ORDER BY instance_id')
    .all();
  return rows.map((row) => ({
    instanceId: text(row, 'instance_id'),
    refreshExpiresMs: optionalInteger(row, 'refresh_expires_ms'),
    deadReason: optionalText(row, 'dead_reason'),
  }));
}

function prepareUpsert(
  database: DatabaseSync,
  cipher: TokenCipher,
): (...parameters: Parameters<GrantStore['write']>) => void {
  const upsert = database.prepare(`
    INSERT INTO grants
      (instance_id, access_token, refresh_token, access_expires_ms, refresh_expires_ms, seed_mark, dead_reason)
    VALUES (?, ?, ?, ?, ?, ?, NULL)
    ON CONFLICT (instance_id) DO UPDATE SET
      access_token = excluded.access_token, refresh_token = excluded.refresh_token,
      access_expires_ms = excluded.access_expires_ms, refresh_expires_ms = excluded.refresh_expires_ms,
      seed_mark = excluded.seed_mark, dead_reason = NULL`);
  return (instanceId, { tokens, seedMark }) => {
    upsert.run(
      instanceId,
      cipher.seal(tokens.accessToken, { instanceId, kind: 'access' }),
      cipher.seal(tokens.refreshToken, { instanceId, kind: 'refresh' }),
      tokens.accessExpiresMs,
      tokens.refreshExpiresMs ?? null,
      seedMark,
    );
  };
}

export function readRow(row: Row | undefined, cipher: TokenCipher): StoredGrant | undefined {
  return row === undefined ? undefined : toGrant(row, { instanceId: text(row, 'instance_id'), cipher });
}

function toGrant(
  row: Row,
  { instanceId, cipher }: { readonly instanceId: string; readonly cipher: TokenCipher },
): StoredGrant {
  return {
    tokens: {
      accessToken: cipher.open(text(row, 'access_token'), { instanceId, kind: 'access' }),
      refreshToken: cipher.open(text(row, 'refresh_token'), { instanceId, kind: 'refresh' }),
      accessExpiresMs: integer(row, 'access_expires_ms'),
      refreshExpiresMs: optionalInteger(row, 'refresh_expires_ms'),
    },
    seedMark: text(row, 'seed_mark'),
    deadReason: optionalText(row, 'dead_reason'),
  };
}
