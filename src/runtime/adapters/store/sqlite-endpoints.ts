import type { DatabaseSync } from 'node:sqlite';
import type { EndpointState, EndpointStore } from '../../ports/endpoint-store.ts';
import { inTransaction } from './sqlite-database.ts';
import { prepareIntervention } from './sqlite-interventions.ts';
import { integer, optionalInteger, optionalText, text } from './row.ts';
import type { Row } from './row.ts';

export function createEndpointStore(database: DatabaseSync): EndpointStore {
  const selectAll = database.prepare('SELECT * FROM endpoints ORDER BY endpoint');
  const selectInstances = database.prepare('SELECT * FROM instances ORDER BY id');
  const upsert = database.prepare(`
    INSERT INTO endpoints (endpoint, state, reason, since_ms, retry_at_ms, failing_since_ms)
    VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (endpoint) DO UPDATE SET
      state = excluded.state, reason = excluded.reason, since_ms = excluded.since_ms,
      retry_at_ms = excluded.retry_at_ms, failing_since_ms = excluded.failing_since_ms`);
  return {
    list: async () => {
      const users = Map.groupBy(selectInstances.all(), (row) => text(row, 'endpoint'));
      return selectAll.all().map((row) => ({
        ...toEndpoint(row),
        instanceIds: (users.get(text(row, 'endpoint')) ?? []).map((user) => text(user, 'id')),
      }));
    },
    assign: prepareAssignment(database),
    write: async ({ endpoint, state, reason, sinceMs, retryAtMs, failingSinceMs }) => {
      upsert.run(endpoint, state, reason ?? null, sinceMs, retryAtMs ?? null, failingSinceMs ?? null);
    },
    resume: prepareResume(database),
  };
}

function prepareAssignment(database: DatabaseSync): EndpointStore['assign'] {
  const insert = database.prepare(`
    INSERT INTO endpoints (endpoint, state, since_ms) VALUES (?, 'closed', ?) ON CONFLICT (endpoint) DO NOTHING`);
  const upsert = database.prepare(`
    INSERT INTO instances (id, endpoint) VALUES (?, ?)
    ON CONFLICT (id) DO UPDATE SET endpoint = excluded.endpoint`);
  return async (assignments, nowMs) =>
    inTransaction(database, () => {
      for (const { instanceId, endpoint } of assignments) {
        insert.run(endpoint, nowMs);
        upsert.run(instanceId, endpoint);
      }
    });
}

function prepareResume(database: DatabaseSync): EndpointStore['resume'] {
  const close = database.prepare(`
    UPDATE endpoints
    SET state = 'closed', reason = NULL, since_ms = ?, retry_at_ms = NULL, failing_since_ms = NULL
    WHERE state <> 'closed'
      AND (? IS NULL OR endpoint IN (SELECT endpoint FROM instances WHERE id = ?))
    RETURNING endpoint`);
  const makeDue = database.prepare(`
    UPDATE notifications SET next_attempt_ms = ?
    WHERE state = 'pending' AND next_attempt_ms > ? AND instance_id IN (
      SELECT id FROM instances WHERE endpoint IN (SELECT value FROM json_each(?)))`);
  const intervene = prepareIntervention(database);
  return async ({ instanceId }, nowMs) =>
    inTransaction(database, () => {
      const id = instanceId ?? null;
      const closed = close.all(nowMs, id, id).map((row) => text(row, 'endpoint'));
      if (closed.length === 0) return [];
      makeDue.run(nowMs, nowMs, JSON.stringify(closed));
      intervene();
      return closed;
    });
}

export function toEndpoint(row: Row): EndpointState {
  return {
    endpoint: text(row, 'endpoint'),
    state: toState(text(row, 'state')),
    reason: optionalText(row, 'reason'),
    sinceMs: integer(row, 'since_ms'),
    retryAtMs: optionalInteger(row, 'retry_at_ms'),
    failingSinceMs: optionalInteger(row, 'failing_since_ms'),
  };
}

function toState(state: string): EndpointState['state'] {
  return state === 'open' || state === 'disabled' ? state : 'closed';
}
