import type { DatabaseSync } from 'node:sqlite';
import type { NewNotification, OutboxStore } from '../../ports/outbox-store.ts';
import { prepareAttemptInsert } from './sqlite-attempts.ts';
import type { AddAttempt } from './sqlite-attempts.ts';
import { prepareBodyKeeping, prepareEventsOf } from './sqlite-bodies.ts';
import { eventsOfRun, prepareCarry } from './sqlite-carried.ts';
import { inTransaction } from './sqlite-database.ts';
import { prepareReadDue } from './sqlite-due.ts';
import { createEventQueries } from './sqlite-events.ts';
import { preparePrune } from './sqlite-prune.ts';
import { prepareReplay } from './sqlite-replay.ts';
import { prepareReadUngrouped } from './sqlite-ungrouped.ts';
import { integer, optionalInteger } from './row.ts';

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
  const carry = prepareCarry(database);
  return (notification, { nowMs, attempts = 0, firstFailedMs = null }) => {
    const { id, instanceId, eventSequences, recipe } = notification;
    const { body, recipeId } = keep(notification);
    const madeMs = recipe?.madeMs ?? nowMs;
    const count = eventSequences.length;
    const { lastInsertRowid: sequence } = insert.run(
      id,
      instanceId,
      body,
      recipeId,
      count,
      attempts,
      firstFailedMs,
      nowMs,
      madeMs,
    );
    carry({ sequence, instanceId }, eventSequences);
  };
}

function prepareDelivered(
  database: DatabaseSync,
  addAttempt: AddAttempt,
): (deliveries: Parameters<OutboxStore['markDelivered']>[0], nowMs: number) => void {
  const find = database.prepare(`
    SELECT sequence, EXISTS (
      SELECT 1 FROM former_notifications WHERE notification_id = notifications.id) AS has_lost_some
    FROM notifications WHERE id = ?`);
  const settle = database.prepare('INSERT INTO deliveries VALUES (?, ?, ?, ?)');
  const remove = database.prepare('DELETE FROM notifications WHERE sequence = ?');
  return (deliveries, nowMs) => {
    for (const { id, attempt } of deliveries) {
      const row = find.get(id);
      // All of its events, or some, can have been replayed meanwhile: they know the attempt by the notification's id.
      const isOfDelivery = row !== undefined && integer(row, 'has_lost_some') === 0;
      const attemptSequence = addAttempt(id, attempt, { isOfDelivery });
      if (row === undefined) continue;
      settle.run(integer(row, 'sequence'), id, nowMs, attemptSequence);
      remove.run(integer(row, 'sequence'));
    }
  };
}

function prepareDead(database: DatabaseSync, addAttempt: AddAttempt): OutboxStore['markDead'] {
  const bury = database.prepare(`
    UPDATE notifications
    SET state = 'dead', settled_ms = ?, attempts = attempts + 1, first_failed_ms = coalesce(first_failed_ms, ?),
      last_failure = ?
    WHERE id = ?`);
  return async (id, { attempt, nowMs }) =>
    inTransaction(database, () => {
      bury.run(nowMs, nowMs, attempt.failure ?? null, id);
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
  const select = database.prepare(
    'SELECT sequence, attempts, first_failed_ms FROM notifications WHERE id = ?',
  );
  const remove = database.prepare('DELETE FROM notifications WHERE id = ?');
  const remember = database.prepare(`
    INSERT OR IGNORE INTO former_notifications (event_sequence, notification_id)
    SELECT events.sequence, ? FROM carried INDEXED BY carried_of_notification CROSS JOIN ${eventsOfRun}
    WHERE carried.notification_sequence = ?`);
  const release = database.prepare('DELETE FROM carried WHERE notification_sequence = ?');
  return async (id, parts, { attempt, nowMs }) =>
    inTransaction(database, () => {
      const row = select.get(id);
      if (row === undefined) return;
      const attempts = integer(row, 'attempts') + 1;
      const firstFailedMs = optionalInteger(row, 'first_failed_ms') ?? nowMs;
      addAttempt(id, attempt);
      remember.run(id, integer(row, 'sequence'));
      release.run(integer(row, 'sequence'));
      remove.run(id);
      for (const part of parts) addNotification(part, { nowMs, attempts, firstFailedMs });
    });
}

function prepareCounts(database: DatabaseSync): OutboxStore['counts'] {
  const select = database.prepare(`
    SELECT
      (SELECT count(*) FROM waiting)
        + (SELECT coalesce(sum(event_count), 0) FROM notifications WHERE state = 'pending') AS pending_events,
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
