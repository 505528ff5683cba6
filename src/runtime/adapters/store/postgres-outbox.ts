import type { NewNotification, OutboxStore } from '../../ports/outbox-store.ts';
import { insertAttempts } from './postgres-attempts.ts';
import type { Connection, Database } from './postgres-database.ts';
import { createEventQueries } from './postgres-events.ts';
import { toEvent } from './sqlite-events.ts';
import { toNotification } from './sqlite-due.ts';
import { bytes, integer, optionalInteger } from './row.ts';

export function createOutboxStore(database: Database): OutboxStore {
  return {
    ...createOutboxReader(database),
    addNotifications: (notifications, nowMs) =>
      database.inTransaction(async (transaction) => {
        for (const notification of notifications) await insert(transaction, notification, { nowMs });
      }),
    ...settling(database),
    ...createEventQueries(database),
    split: (id, parts, { attempt, nowMs }) =>
      database.inTransaction(async (transaction) => {
        const { rows } = await transaction.query('DELETE FROM notifications WHERE id = $1 RETURNING *', [id]);
        const [row] = rows;
        if (row === undefined) return;
        await insertAttempts(transaction, [{ id, attempt }]);
        await transaction.query(
          `INSERT INTO former_notifications (event_sequence, notification_id)
          SELECT sequence, notification_id FROM events WHERE notification_id = $1 ON CONFLICT DO NOTHING`,
          [id],
        );
        const attempts = integer(row, 'attempts') + 1;
        const inherited = {
          nowMs,
          attempts,
          firstFailedMs: optionalInteger(row, 'first_failed_ms') ?? nowMs,
        };
        for (const part of parts) await insert(transaction, part, inherited);
      }),
  };
}

/** What needs no transaction of its own. */
export function createOutboxReader(
  database: Connection,
): Pick<OutboxStore, 'readUngrouped' | 'readEventsOf' | 'readDue' | 'nextDueMs' | 'counts'> {
  return {
    readUngrouped: async ({ kind, instanceIds, limit }) => {
      const { rows } = await database.query(selectUngrouped[kind], [instanceIds, limit]);
      return rows.map(toEvent);
    },
    readEventsOf: async (id) => {
      const { rows } = await database.query(
        'SELECT * FROM events WHERE notification_id = $1 ORDER BY sequence',
        [id],
      );
      return rows.map(toEvent);
    },
    readDue: async ({ nowMs, instanceIds, inFlight, limit }) => {
      const { rows } = await database.query(selectDue, [instanceIds, nowMs, inFlight, limit]);
      return rows.map((row) => toNotification(row, bytes(row, 'body')));
    },
    nextDueMs: async (instanceIds, nowMs) => {
      const { rows } = await database.query(
        `SELECT min(next_attempt_ms) AS due_ms FROM notifications
        WHERE state = 'pending' AND instance_id = ANY($1) AND next_attempt_ms > $2`,
        [instanceIds, nowMs],
      );
      return optionalInteger(rows[0] ?? { due_ms: null }, 'due_ms');
    },
    counts: async () => {
      const { rows } = await database.query(selectCounts);
      const row = rows[0] ?? {};
      return {
        pendingEvents: integer(row, 'pending_events'),
        pendingNotifications: integer(row, 'pending_notifications'),
        deadNotifications: integer(row, 'dead_notifications'),
      };
    },
  };
}

const selectUngrouped = { new: ungrouped('replays = 0'), replayed: ungrouped('replays > 0') };

function ungrouped(kind: string): string {
  return `
    SELECT * FROM events AS candidate
    WHERE notification_id IS NULL AND ${kind} AND instance_id = ANY($1)
      AND NOT EXISTS (
        SELECT 1 FROM events AS earlier
        WHERE earlier.poll_key = candidate.poll_key AND earlier.object_id = candidate.object_id
          AND earlier.sequence < candidate.sequence AND earlier.state = 'pending'
          AND (earlier.notification_id IS NOT NULL OR NOT earlier.${kind}))
    ORDER BY sequence LIMIT $2`;
}

const selectDue = `
  SELECT * FROM notifications AS candidate
  WHERE state = 'pending'
    AND instance_id = ANY($1)
    AND next_attempt_ms <= $2
    AND NOT id = ANY($3)
    AND NOT EXISTS (
      SELECT 1 FROM events AS mine
      JOIN events AS other
        ON other.poll_key = mine.poll_key AND other.object_id = mine.object_id
        AND other.state = 'pending' AND other.notification_id IS DISTINCT FROM mine.notification_id
        AND other.sequence < mine.sequence
      WHERE mine.notification_id = candidate.id)
  ORDER BY next_attempt_ms, sequence LIMIT $4`;

const selectCounts = `
  SELECT
    (SELECT count(*) FROM events WHERE state = 'pending') AS pending_events,
    (SELECT count(*) FROM notifications WHERE state = 'pending') AS pending_notifications,
    (SELECT count(*) FROM notifications WHERE state = 'dead') AS dead_notifications`;

function settling(database: Database): Pick<OutboxStore, 'markDelivered' | 'markFailed' | 'markDead'> {
  return {
    markDelivered: (deliveries, nowMs, added = []) =>
      database.inTransaction(async (transaction) => {
        const ids = deliveries.map(({ id }) => id);
        await insertAttempts(transaction, deliveries);
        await settleEvents(transaction, 'delivered', { ids, nowMs });
        await transaction.query('DELETE FROM notifications WHERE id = ANY($1)', [ids]);
        for (const notification of added) await insert(transaction, notification, { nowMs });
      }),
    markFailed: (id, { attempt, nextAttemptMs, nowMs }) =>
      database.inTransaction(async (transaction) => {
        await insertAttempts(transaction, [{ id, attempt }]);
        await transaction.query(
          `UPDATE notifications SET
            attempts = attempts + 1, first_failed_ms = coalesce(first_failed_ms, $1), next_attempt_ms = $2,
            last_failure = $3
          WHERE id = $4`,
          [nowMs, nextAttemptMs, attempt.failure ?? null, id],
        );
      }),
    markDead: (id, { attempt, nowMs }) =>
      database.inTransaction(async (transaction) => {
        await insertAttempts(transaction, [{ id, attempt }]);
        await settleEvents(transaction, 'dead', { ids: [id], nowMs });
        await transaction.query(
          `UPDATE notifications SET
            state = 'dead', attempts = attempts + 1, first_failed_ms = coalesce(first_failed_ms, $1), last_failure = $2
          WHERE id = $3`,
          [nowMs, attempt.failure ?? null, id],
        );
      }),
  };
}

async function settleEvents(
  transaction: Connection,
  state: 'delivered' | 'dead',
  { ids, nowMs }: { readonly ids: readonly string[]; readonly nowMs: number },
): Promise<void> {
  await transaction.query('UPDATE events SET state = $1, settled_ms = $2 WHERE notification_id = ANY($3)', [
    state,
    nowMs,
    ids,
  ]);
}

async function insert(
  transaction: Connection,
  { id, instanceId, body, eventSequences }: NewNotification,
  {
    nowMs,
    attempts = 0,
    firstFailedMs,
  }: { readonly nowMs: number; readonly attempts?: number; readonly firstFailedMs?: number },
): Promise<void> {
  await transaction.query(
    `INSERT INTO notifications
      (id, instance_id, body, event_count, attempts, first_failed_ms, next_attempt_ms, created_ms)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`,
    [id, instanceId, Buffer.from(body), eventSequences.length, attempts, firstFailedMs ?? null, nowMs],
  );
  const assign = 'UPDATE events SET notification_id = $1 WHERE sequence = ANY($2)';
  await transaction.query(assign, [id, eventSequences]);
}
