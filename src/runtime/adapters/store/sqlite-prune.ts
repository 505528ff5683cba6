import type { DatabaseSync } from 'node:sqlite';
import type { OutboxStore } from '../../ports/outbox-store.ts';
import { inTransaction } from './sqlite-database.ts';
import { integer } from './row.ts';

export function preparePrune(database: DatabaseSync): OutboxStore['prune'] {
  const forgetNotifications = database.prepare(`
    DELETE FROM former_notifications WHERE event_sequence IN (
      SELECT sequence FROM events WHERE state = 'delivered' AND settled_ms < ? ORDER BY settled_ms LIMIT ?)`);
  const removeEvents = database.prepare(`
    DELETE FROM events WHERE sequence IN (
      SELECT sequence FROM events WHERE state = 'delivered' AND settled_ms < ? ORDER BY settled_ms LIMIT ?)`);
  const removeAttempts = database.prepare(`
    DELETE FROM attempts WHERE sequence IN (
      SELECT sequence FROM attempts AS old
      WHERE started_ms < ?
        AND NOT EXISTS (
          SELECT 1 FROM events WHERE events.notification_id = old.notification_id AND events.state <> 'delivered')
        AND NOT EXISTS (
          SELECT 1 FROM former_notifications AS former JOIN events ON events.sequence = former.event_sequence
          WHERE former.notification_id = old.notification_id AND events.state <> 'delivered')
      ORDER BY started_ms LIMIT ?)`);
  return async ({ deliveredBeforeMs, attemptsBeforeMs, limit }) =>
    inTransaction(database, () => {
      forgetNotifications.run(deliveredBeforeMs, limit);
      const events = removeEvents.run(deliveredBeforeMs, limit);
      const attempts = removeAttempts.run(attemptsBeforeMs, limit);
      return Number(events.changes) + Number(attempts.changes);
    });
}

/** Pages of 4 kB that are given back at a time, so that nobody waits for long. */
const pagesAtOnce = 500;

export function prepareCompaction(database: DatabaseSync): () => boolean {
  const selectFree = database.prepare('PRAGMA freelist_count');
  return () => {
    // The pragma takes a step for each page: `exec` runs it to its end.
    database.exec(`PRAGMA incremental_vacuum(${pagesAtOnce})`);
    const free = integer(selectFree.get() ?? { freelist_count: 0 }, 'freelist_count');
    if (free > 0) return true;
    database.exec('PRAGMA optimize');
    return false;
  };
}
