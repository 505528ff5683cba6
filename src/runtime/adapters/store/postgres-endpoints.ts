import type { EndpointState, EndpointStore } from '../../ports/endpoint-store.ts';
import type { Connection, Database } from './postgres-database.ts';
import { countIntervention } from './postgres-interventions.ts';
import { toEndpoint } from './sqlite-endpoints.ts';
import { text } from './row.ts';

export function createEndpointStore(database: Database): EndpointStore {
  return {
    list: async () => {
      const { rows } = await database.query(`
        SELECT endpoints.*,
          (SELECT coalesce(json_agg(id ORDER BY id), '[]')::text FROM instances
            WHERE instances.endpoint = endpoints.endpoint) AS ids
        FROM endpoints ORDER BY endpoint`);
      return rows.map((row) => ({
        ...toEndpoint(row),
        instanceIds: JSON.parse(text(row, 'ids')) as string[], // made by the statement
      }));
    },
    assign: (assignments, nowMs) =>
      database.inTransaction(async (transaction) => {
        const ids = assignments.map(({ instanceId }) => instanceId);
        const endpoints = assignments.map(({ endpoint }) => endpoint);
        await transaction.query(
          `INSERT INTO endpoints (endpoint, state, since_ms) SELECT DISTINCT unnest($1::text[]), 'closed', $2::bigint
          ON CONFLICT (endpoint) DO NOTHING`,
          [endpoints, nowMs],
        );
        await transaction.query(
          `INSERT INTO instances (id, endpoint) SELECT * FROM unnest($1::text[], $2::text[])
          ON CONFLICT (id) DO UPDATE SET endpoint = excluded.endpoint`,
          [ids, endpoints],
        );
      }),
    write: (state) => write(database, state),
    resume: ({ instanceId }, nowMs) =>
      database.inTransaction((transaction) => resume(transaction, instanceId, nowMs)),
  };
}

async function write(
  database: Connection,
  { endpoint, state, reason, sinceMs, retryAtMs, failingSinceMs }: EndpointState,
): Promise<void> {
  await database.query(
    `INSERT INTO endpoints (endpoint, state, reason, since_ms, retry_at_ms, failing_since_ms)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (endpoint) DO UPDATE SET
      state = excluded.state, reason = excluded.reason, since_ms = excluded.since_ms,
      retry_at_ms = excluded.retry_at_ms, failing_since_ms = excluded.failing_since_ms`,
    [endpoint, state, reason ?? null, sinceMs, retryAtMs ?? null, failingSinceMs ?? null],
  );
}

async function resume(
  transaction: Connection,
  instanceId: string | undefined,
  nowMs: number,
): Promise<readonly string[]> {
  const { rows } = await transaction.query(
    `UPDATE endpoints
    SET state = 'closed', reason = NULL, since_ms = $1, retry_at_ms = NULL, failing_since_ms = NULL
    WHERE state <> 'closed'
      AND ($2::text IS NULL OR endpoint IN (SELECT endpoint FROM instances WHERE id = $2))
    RETURNING endpoint`,
    [nowMs, instanceId ?? null],
  );
  const closed = rows.map((row) => text(row, 'endpoint'));
  if (closed.length === 0) return [];
  await transaction.query(
    `UPDATE notifications SET next_attempt_ms = $1
    WHERE state = 'pending' AND next_attempt_ms > $1 AND instance_id IN (
      SELECT id FROM instances WHERE endpoint = ANY($2))`,
    [nowMs, closed],
  );
  await countIntervention(transaction);
  return closed;
}
