import type { DatabaseSync } from 'node:sqlite';
import type { NewNotification, Notification, OutboxStore } from '../../ports/outbox-store.ts';
import { prepareAttemptInsert } from './sqlite-attempts.ts';
import type { AddAttempt } from './sqlite-attempts.ts';
import { bodyColumns, prepareBodyKeeping, prepareBodyOf, prepareEventsOf } from './sqlite-bodies.ts';
import { inTransaction } from './sqlite-database.ts';
import { createEventQueries } from './sqlite-events.ts';
import { preparePrune } from './sqlite-prune.ts';
import { prepareReplay } from './sqlite-replay.ts';
import { prepareReadUngrouped } from './sqlite-ungrouped.ts';
import { integer, optionalInteger, text } from './row.ts';
import type { Row } from './row.ts';

/*
 * The queries of the delivery loop name their indexes. Left to choose, SQLite goes by statistics, which were taken when
 * most events waited, or most were delivered, and then reads the whole table each time.
 */

export function createOutboxStore(database: DatabaseSync): OutboxStore {
  const selectNextDue = database.prepare(`
    SELECT min(next_attempt_ms) AS due_ms FROM notifications INDEXED BY notifications_due
    WHERE state = 'pending' AND instance_id IN (SELECT value FROM json_each(?)) AND next_attempt_ms > ?`);
  const addNotification = prepareInsert(database);
  const addAttempt = prepareAttemptInsert(database);
  const eventsOf = prepareEventsOf(database);
  const markDelivered = prepareDelivered(database, addAttempt);
  const add = (notifications: readonly NewNotification[], nowMs: number): void => {
    for (const notification of notifications) addNotification(notification, { nowMs });
  };
  return {
    readUngrouped: prepareReadUngrouped(database),
    readEventsOf: async (id) => eventsOf(id),
    addNotifications: async (notifications, nowMs) =>
      inTransaction(database, () => add(notifications, nowMs)),
    markDelivered: async (deliveries, nowMs, added = []) =>
      inTransaction(database, () => {
        markDelivered(deliveries, nowMs);
        add(added, nowMs);
      }),
    readDue: prepareReadDue(database),
    nextDueMs: async (instanceIds, nowMs) => {
      const row = selectNextDue.get(JSON.stringify(instanceIds), nowMs);
      return row === undefined ? undefined : optionalInteger(row, 'due_ms');
    },
    markDead: prepareDead(database, addAttempt),
    markFailed: prepareFailure(database, addAttempt),
    split: prepareSplit(database, { addNotification, addAttempt }),
    counts: prepareCounts(database),
    ...createEventQueries(database),
    replay: prepareReplay(database),
    prune: preparePrune(database),
  };
}

interface Inherited {
  readonly nowMs: number;
  readonly attempts?: number;
  readonly firstFailedMs?: number | null;
}

type AddNotification = (notification: NewNotification, inherited: Inherited) => void;

function prepareInsert(database: DatabaseSync): AddNotification {
  const insert = database.prepare(`
    INSERT INTO notifications
      (id, instance_id, body, recipe_id, event_count, attempts, first_failed_ms, next_attempt_ms, created_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const keep = prepareBodyKeeping(database);
  const assign = database.prepare(
    'UPDATE events SET notification_id = ? WHERE sequence IN (SELECT value FROM json_each(?))',
  );
  return (notification, { nowMs, attempts = 0, firstFailedMs = null }) => {
    const { id, instanceId, eventSequences, recipe } = notification;
    const { body, recipeId } = keep(notification);
    const madeMs = recipe?.madeMs ?? nowMs;
    const count = eventSequences.length;
    insert.run(id, instanceId, body, recipeId, count, attempts, firstFailedMs, nowMs, madeMs);
    assign.run(id, JSON.stringify(eventSequences));
  };
}

function prepareReadDue(database: DatabaseSync): OutboxStore['readDue'] {
  const select = database.prepare(`
    SELECT ${bodyColumns}, sequence, instance_id, event_count, attempts, first_failed_ms, next_attempt_ms
    FROM notifications AS candidate INDEXED BY notifications_due
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
        WHERE mine.notification_id = candidate.id AND mine.state <> 'delivered')
    ORDER BY next_attempt_ms, sequence LIMIT ?`);
  const bodyOf = prepareBodyOf(database);
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
        if (takePlace(text(row, 'instance_id'), left)) due.push(toNotification(row, bodyOf(row)));
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

function prepareDelivered(
  database: DatabaseSync,
  addAttempt: AddAttempt,
): (deliveries: Parameters<OutboxStore['markDelivered']>[0], nowMs: number) => void {
  const remove = database.prepare('DELETE FROM notifications WHERE id IN (SELECT value FROM json_each(?))');
  const settleEvents = database.prepare(`
    UPDATE events INDEXED BY events_of_notification SET state = 'delivered', settled_ms = ?
    WHERE notification_id IN (SELECT value FROM json_each(?)) AND state <> 'delivered'`);
  return (deliveries, nowMs) => {
    const ids = JSON.stringify(deliveries.map(({ id }) => id));
    settleEvents.run(nowMs, ids);
    remove.run(ids);
    for (const { id, attempt } of deliveries) addAttempt(id, attempt);
  };
}

function prepareDead(database: DatabaseSync, addAttempt: AddAttempt): OutboxStore['markDead'] {
  const settleEvents = database.prepare(`
    UPDATE events INDEXED BY events_of_notification SET state = 'dead', settled_ms = ?
    WHERE notification_id = ? AND state <> 'delivered'`);
  const bury = database.prepare(`
    UPDATE notifications
    SET state = 'dead', attempts = attempts + 1, first_failed_ms = coalesce(first_failed_ms, ?), last_failure = ?
    WHERE id = ?`);
  return async (id, { attempt, nowMs }) =>
    inTransaction(database, () => {
      settleEvents.run(nowMs, id);
      bury.run(nowMs, attempt.failure ?? null, id);
      addAttempt(id, attempt);
    });
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
  const select = database.prepare('SELECT attempts, first_failed_ms FROM notifications WHERE id = ?');
  const remove = database.prepare('DELETE FROM notifications WHERE id = ?');
  const remember = database.prepare(`
    INSERT OR IGNORE INTO former_notifications (event_sequence, notification_id)
    SELECT sequence, notification_id FROM events
    WHERE notification_id = ? AND state <> 'delivered'`);
  return async (id, parts, { attempt, nowMs }) =>
    inTransaction(database, () => {
      const row = select.get(id);
      if (row === undefined) return;
      const attempts = integer(row, 'attempts') + 1;
      const firstFailedMs = optionalInteger(row, 'first_failed_ms') ?? nowMs;
      addAttempt(id, attempt);
      remember.run(id);
      remove.run(id);
      for (const part of parts) addNotification(part, { nowMs, attempts, firstFailedMs });
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

export function toNotification(row: Row, body: Uint8Array): Notification {
  return {
    id: text(row, 'id'),
    instanceId: text(row, 'instance_id'),
    body,
    eventCount: integer(row, 'event_count'),
    attempts: integer(row, 'attempts'),
    firstFailedMs: optionalInteger(row, 'first_failed_ms'),
  };
}
