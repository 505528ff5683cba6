import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { NewNotification, Notification, OutboxStore } from '../../ports/store.ts';
import { prepareAttemptInsert } from './sqlite-attempts.ts';
import type { AddAttempt } from './sqlite-attempts.ts';
import { inTransaction } from './sqlite-database.ts';
import { createEventQueries, toEvent } from './sqlite-events.ts';
import { preparePrune } from './sqlite-prune.ts';
import { recordOf } from './sqlite-records.ts';
import { prepareReplay } from './sqlite-replay.ts';
import { bytes, integer, optionalInteger, text } from './row.ts';
import type { Row } from './row.ts';

/*
 * The queries of the delivery loop name their indexes. Left to choose, SQLite goes by statistics, which were taken when
 * most events waited, or most were delivered, and then reads the whole table each time.
 */

export function createOutboxStore(database: DatabaseSync): OutboxStore {
  const selectEvents = database.prepare(`
    SELECT *, ${recordOf('events')} FROM events INDEXED BY events_of_notification WHERE notification_id = ? ORDER BY sequence`);
  const selectNextDue = database.prepare(`
    SELECT min(next_attempt_ms) AS due_ms FROM notifications INDEXED BY notifications_due
    WHERE state = 'pending' AND instance_id IN (SELECT value FROM json_each(?)) AND next_attempt_ms > ?`);
  const addNotification = prepareInsert(database);
  const addAttempt = prepareAttemptInsert(database);
  return {
    readUngrouped: prepareReadUngrouped(database),
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
    ...prepareSettling(database, addAttempt),
    markFailed: prepareFailure(database, addAttempt),
    split: prepareSplit(database, { addNotification, addAttempt }),
    counts: prepareCounts(database),
    ...createEventQueries(database),
    replay: prepareReplay(database),
    prune: preparePrune(database),
  };
}

function prepareReadUngrouped(database: DatabaseSync): OutboxStore['readUngrouped'] {
  const [selectNew, selectReplayed] = [
    { kind: 'replays = 0', index: 'events_new' },
    { kind: 'replays > 0', index: 'events_replayed' },
  ].map(({ kind, index }) =>
    database.prepare(`
      SELECT *, ${recordOf('candidate')} FROM events AS candidate INDEXED BY ${index}
      WHERE notification_id IS NULL AND ${kind} AND instance_id IN (SELECT value FROM json_each(?))
        AND NOT EXISTS (
          SELECT 1 FROM events AS earlier INDEXED BY events_lane
          WHERE earlier.poll_key = candidate.poll_key AND earlier.object_id = candidate.object_id
            AND earlier.sequence < candidate.sequence AND earlier.state = 'pending'
            AND (earlier.notification_id IS NOT NULL OR NOT earlier.${kind}))
      ORDER BY sequence LIMIT ?`),
  ) as [StatementSync, StatementSync]; // of two texts
  return async ({ kind, instanceIds, limit }) =>
    (kind === 'new' ? selectNew : selectReplayed).all(JSON.stringify(instanceIds), limit).map(toEvent);
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
  const assign = database.prepare(
    'UPDATE events SET notification_id = ? WHERE sequence IN (SELECT value FROM json_each(?))',
  );
  return ({ id, instanceId, body, eventSequences }, { nowMs, attempts = 0, firstFailedMs }) => {
    insert.run(id, instanceId, body, eventSequences.length, attempts, firstFailedMs ?? null, nowMs, nowMs);
    assign.run(id, JSON.stringify(eventSequences));
  };
}

function prepareReadDue(database: DatabaseSync): OutboxStore['readDue'] {
  const select = database.prepare(`
    SELECT * FROM notifications AS candidate INDEXED BY notifications_due
    WHERE state = 'pending'
      AND instance_id IN (SELECT value FROM json_each(?))
      AND next_attempt_ms <= ?
      AND (next_attempt_ms, sequence) > (?, ?)
      AND id NOT IN (SELECT value FROM json_each(?))
      AND NOT EXISTS (
        SELECT 1 FROM events AS mine INDEXED BY events_of_notification
        CROSS JOIN events AS other INDEXED BY events_lane
          ON other.poll_key = mine.poll_key AND other.object_id = mine.object_id
          AND other.state = 'pending' AND other.notification_id IS NOT mine.notification_id
          AND other.sequence < mine.sequence
        WHERE mine.notification_id = candidate.id)
    ORDER BY next_attempt_ms, sequence LIMIT ?`);
  // To check a notification costs most. Those of an instance that has no place left are skipped, not checked.
  return async ({ nowMs, instanceIds, inFlight, limit, places }) => {
    const sending = JSON.stringify(inFlight);
    const left = new Map(instanceIds.map((id) => [id, places?.get(id) ?? limit]));
    const due: Notification[] = [];
    let after: readonly [number, number] = [Number.MIN_SAFE_INTEGER, 0];
    while (due.length < limit && left.size > 0) {
      const most = rowsAtOnce(left, limit - due.length);
      const rows = select.all(JSON.stringify([...left.keys()]), nowMs, ...after, sending, most);
      for (const row of rows) {
        after = [integer(row, 'next_attempt_ms'), integer(row, 'sequence')];
        if (takePlace(text(row, 'instance_id'), left)) due.push(toNotification(row));
      }
      if (rows.length < most) break;
    }
    return due;
  };
}

/** Of few instances no more than the first may use; of many, the first rows belong to several. */
function rowsAtOnce(left: ReadonlyMap<string, number>, wanted: number): number {
  return left.size >= wanted ? wanted : Math.min(wanted, Math.max(...left.values()));
}

function takePlace(instanceId: string, left: Map<string, number>): boolean {
  const places = left.get(instanceId);
  if (places === undefined) return false;
  if (places > 1) left.set(instanceId, places - 1);
  else left.delete(instanceId);
  return true;
}

function prepareSettling(
  database: DatabaseSync,
  addAttempt: AddAttempt,
): Pick<OutboxStore, 'markDelivered' | 'markDead'> {
  const remove = database.prepare(
    'DELETE FROM notifications WHERE id IN (SELECT value FROM json_each(?))',
  );
  const settleEvents = database.prepare(`
    UPDATE events INDEXED BY events_of_notification SET state = ?, settled_ms = ?
    WHERE notification_id IN (SELECT value FROM json_each(?))`);
  const bury = database.prepare(`
    UPDATE notifications
    SET state = 'dead', attempts = attempts + 1, first_failed_ms = coalesce(first_failed_ms, ?), last_failure = ?
    WHERE id = ?`);
  return {
    markDelivered: async (deliveries, nowMs) =>
      inTransaction(database, () => {
        const ids = JSON.stringify(deliveries.map(({ id }) => id));
        settleEvents.run('delivered', nowMs, ids);
        remove.run(ids);
        for (const { id, attempt } of deliveries) addAttempt(id, attempt);
      }),
    markDead: async (id, { attempt, nowMs }) =>
      inTransaction(database, () => {
        settleEvents.run('dead', nowMs, JSON.stringify([id]));
        bury.run(nowMs, attempt.failure ?? null, id);
        addAttempt(id, attempt);
      }),
  };
}

function prepareFailure(database: DatabaseSync, addAttempt: AddAttempt): OutboxStore['markFailed'] {
  const update = database.prepare(`
    UPDATE notifications
    SET attempts = attempts + 1, first_failed_ms = coalesce(first_failed_ms, ?), next_attempt_ms = ?, last_failure = ?
    WHERE id = ?`);
  return async (id, { attempt, nextAttemptMs, nowMs }) =>
    inTransaction(database, () => {
      update.run(nowMs, nextAttemptMs, attempt.failure ?? null, id);
      addAttempt(id, attempt);
    });
}

function prepareSplit(
  database: DatabaseSync,
  {
    addNotification,
    addAttempt,
  }: { readonly addNotification: AddNotification; readonly addAttempt: AddAttempt },
): OutboxStore['split'] {
  const select = database.prepare('SELECT * FROM notifications WHERE id = ?');
  const remove = database.prepare('DELETE FROM notifications WHERE id = ?');
  const remember = database.prepare(`
    INSERT OR IGNORE INTO former_notifications (event_sequence, notification_id)
    SELECT sequence, notification_id FROM events WHERE notification_id = ?`);
  return async (id, parts, { attempt, nowMs }) =>
    inTransaction(database, () => {
      const row = select.get(id);
      if (row === undefined) return;
      const { attempts, firstFailedMs } = toNotification(row);
      addAttempt(id, attempt);
      remember.run(id);
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
