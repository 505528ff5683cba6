import type { DatabaseSync } from 'node:sqlite';
import type {
  EventType,
  NewNotification,
  Notification,
  OutboxStore,
  StoredEvent,
} from '../../ports/store.ts';
import { inTransaction } from './sqlite-database.ts';
import { bytes, integer, optionalInteger, text } from './sqlite-row.ts';
import type { Row } from './sqlite-row.ts';

export function createOutboxStore(database: DatabaseSync): OutboxStore {
  const selectUngrouped = database.prepare(`
    SELECT * FROM events AS candidate
    WHERE notification_id IS NULL AND instance_id IN (SELECT value FROM json_each(?))
      AND NOT EXISTS (
        SELECT 1 FROM events AS earlier
        WHERE earlier.poll_key = candidate.poll_key AND earlier.object_id = candidate.object_id
          AND earlier.sequence < candidate.sequence AND earlier.state = 'pending'
          AND earlier.notification_id IS NOT NULL)
    ORDER BY sequence LIMIT ?`);
  const selectEvents = database.prepare('SELECT * FROM events WHERE notification_id = ? ORDER BY sequence');
  const selectNextDue = database.prepare(`
    SELECT min(next_attempt_ms) AS due_ms FROM notifications
    WHERE state = 'pending' AND instance_id IN (SELECT value FROM json_each(?)) AND next_attempt_ms > ?`);
  const addNotification = prepareInsert(database);
  return {
    readUngrouped: async (instanceIds, limit) =>
      selectUngrouped.all(JSON.stringify(instanceIds), limit).map(toEvent),
    readEventsOf: async (id) => selectEvents.all(id).map(toEvent),
    addNotifications: async (notifications, nowMs) =>
      inTransaction(database, () => {
        for (const notification of notifications) addNotification(notification, { nowMs });
      }),
    readDue: prepareReadDue(database),
    nextDueMs: async (instanceIds, nowMs) => {
      const row = selectNextDue.get(JSON.stringify(instanceIds), nowMs);
      return row === undefined ? undefined : optionalInteger(row, 'due_ms');
    },
    ...prepareSettling(database),
    markFailed: prepareFailure(database),
    split: prepareSplit(database, addNotification),
    counts: prepareCounts(database),
  };
}

interface Inherited {
  readonly nowMs: number;
  readonly attempts?: number;
  readonly firstFailedMs?: number | undefined;
}

type AddNotification = (notification: NewNotification, inherited: Inherited) => void;

function prepareInsert(database: DatabaseSync): AddNotification {
  const insert = database.prepare(`
    INSERT INTO notifications
      (id, instance_id, body, event_count, attempts, first_failed_ms, next_attempt_ms, created_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  const assign = database.prepare('UPDATE events SET notification_id = ? WHERE sequence = ?');
  return ({ id, instanceId, body, eventSequences }, { nowMs, attempts = 0, firstFailedMs }) => {
    insert.run(id, instanceId, body, eventSequences.length, attempts, firstFailedMs ?? null, nowMs, nowMs);
    for (const sequence of eventSequences) assign.run(id, sequence);
  };
}

function prepareReadDue(database: DatabaseSync): OutboxStore['readDue'] {
  const select = database.prepare(`
    SELECT * FROM notifications AS candidate
    WHERE state = 'pending'
      AND instance_id IN (SELECT value FROM json_each(?))
      AND next_attempt_ms <= ?
      AND id NOT IN (SELECT value FROM json_each(?))
      AND NOT EXISTS (
        SELECT 1 FROM events AS mine
        JOIN events AS earlier
          ON earlier.poll_key = mine.poll_key AND earlier.object_id = mine.object_id
          AND earlier.sequence < mine.sequence AND earlier.state = 'pending'
          AND earlier.notification_id IS NOT mine.notification_id
        WHERE mine.notification_id = candidate.id)
    ORDER BY next_attempt_ms, sequence LIMIT ?`);
  return async ({ nowMs, instanceIds, inFlight, limit }) =>
    select.all(JSON.stringify(instanceIds), nowMs, JSON.stringify(inFlight), limit).map(toNotification);
}

function prepareSettling(database: DatabaseSync): Pick<OutboxStore, 'markDelivered' | 'markDead'> {
  const remove = database.prepare('DELETE FROM notifications WHERE id = ?');
  const settleEvents = database.prepare(
    'UPDATE events SET state = ?, settled_ms = ? WHERE notification_id = ?',
  );
  const bury = database.prepare(`
    UPDATE notifications
    SET state = 'dead', attempts = attempts + 1, first_failed_ms = coalesce(first_failed_ms, ?), last_failure = ?
    WHERE id = ?`);
  return {
    markDelivered: async (ids, nowMs) =>
      inTransaction(database, () => {
        for (const id of ids) {
          settleEvents.run('delivered', nowMs, id);
          remove.run(id);
        }
      }),
    markDead: async (id, { reason, nowMs }) =>
      inTransaction(database, () => {
        settleEvents.run('dead', nowMs, id);
        bury.run(nowMs, reason, id);
      }),
  };
}

function prepareFailure(database: DatabaseSync): OutboxStore['markFailed'] {
  const update = database.prepare(`
    UPDATE notifications
    SET attempts = attempts + 1, first_failed_ms = coalesce(first_failed_ms, ?), next_attempt_ms = ?, last_failure = ?
    WHERE id = ?`);
  return async (id, { nextAttemptMs, reason, nowMs }) => {
    update.run(nowMs, nextAttemptMs, reason, id);
  };
}

function prepareSplit(database: DatabaseSync, addNotification: AddNotification): OutboxStore['split'] {
  const select = database.prepare('SELECT * FROM notifications WHERE id = ?');
  const remove = database.prepare('DELETE FROM notifications WHERE id = ?');
  return async (id, parts, nowMs) =>
    inTransaction(database, () => {
      const row = select.get(id);
      if (row === undefined) return;
      const { attempts, firstFailedMs } = toNotification(row);
      remove.run(id);
      for (const part of parts) {
        addNotification(part, { nowMs, attempts: attempts + 1, firstFailedMs: firstFailedMs ?? nowMs });
      }
    });
}

function prepareCounts(database: DatabaseSync): OutboxStore['counts'] {
  const select = database.prepare(`
    SELECT
      (SELECT count(*) FROM events WHERE state = 'pending') AS pending_events,
      (SELECT count(*) FROM notifications WHERE state = 'pending') AS pending_notifications,
      (SELECT count(*) FROM notifications WHERE state = 'dead') AS dead_notifications`);
  return async () => {
    const row = select.get() ?? {};
    return {
      pendingEvents: integer(row, 'pending_events'),
      pendingNotifications: integer(row, 'pending_notifications'),
      deadNotifications: integer(row, 'dead_notifications'),
    };
  };
}

export function toEvent(row: Row): StoredEvent {
  return {
    sequence: integer(row, 'sequence'),
    id: text(row, 'id'),
    instanceId: text(row, 'instance_id'),
    resource: text(row, 'resource'),
    objectId: text(row, 'object_id'),
    type: toEventType(text(row, 'type')),
    reason: text(row, 'reason'),
    dateMs: integer(row, 'date_ms'),
    pollDateMs: integer(row, 'poll_date_ms'),
    record: text(row, 'record'),
  };
}

function toEventType(type: string): EventType {
  return type === 'CREATED' || type === 'DELETED' ? type : 'UPDATED';
}

export function toNotification(row: Row): Notification {
  return {
    id: text(row, 'id'),
    instanceId: text(row, 'instance_id'),
    body: bytes(row, 'body'),
    eventCount: integer(row, 'event_count'),
    attempts: integer(row, 'attempts'),
    firstFailedMs: optionalInteger(row, 'first_failed_ms'),
  };
}
