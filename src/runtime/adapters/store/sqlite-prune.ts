import type { DatabaseSync } from 'node:sqlite';
import type { OutboxStore } from '../../ports/outbox-store.ts';
import { eventsOfRun, holds } from './sqlite-carried.ts';
import { inTransaction } from './sqlite-database.ts';
import { integer } from './row.ts';

export function preparePrune(database: DatabaseSync): OutboxStore['prune'] {
  const removeDelivered = prepareRemoveDelivered(database);
  const removeAttempts = database.prepare(`
    DELETE FROM attempts WHERE sequence IN (
      SELECT sequence FROM attempts AS old
      WHERE started_ms < ?
        AND NOT EXISTS (SELECT 1 FROM notifications WHERE id = old.notification_id)
        AND NOT EXISTS (
          SELECT 1 FROM former_notifications AS former
          WHERE former.notification_id = old.notification_id AND NOT EXISTS (
            SELECT 1 FROM carried JOIN deliveries USING (notification_sequence)
            WHERE ${holds('former.event_sequence')}))
      ORDER BY started_ms LIMIT ?)`);
  return async ({ deliveredBeforeMs, attemptsBeforeMs, limit }) =>
    inTransaction(database, () => {
      const events = removeDelivered(deliveredBeforeMs, limit);
      const attempts = removeAttempts.run(attemptsBeforeMs, limit);
      return events + Number(attempts.changes);
    });
}

/** Whole notifications: a run in `carried` begins with an event that is there. */
function prepareRemoveDelivered(database: DatabaseSync): (beforeMs: number, limit: number) => number {
  const select = database.prepare(`
    SELECT notification_sequence, (
      SELECT coalesce(sum(last_sequence - first_sequence + 1), 0) FROM carried INDEXED BY carried_of_notification
      WHERE carried.notification_sequence = deliveries.notification_sequence) AS events
    FROM deliveries WHERE settled_ms < ? ORDER BY settled_ms LIMIT ?`);
  const those = 'notification_sequence IN (SELECT value FROM json_each(?))';
  const theirEvents = `
    SELECT events.sequence FROM carried INDEXED BY carried_of_notification CROSS JOIN ${eventsOfRun} WHERE ${those}`;
  const removals = [
    `DELETE FROM former_notifications WHERE event_sequence IN (${theirEvents})`,
    `DELETE FROM events WHERE sequence IN (${theirEvents})`,
    `DELETE FROM carried WHERE ${those}`,
    `DELETE FROM deliveries WHERE ${those}`,
  ].map((sql) => database.prepare(sql));
  return (beforeMs, limit) => {
    let count = 0;
    const old: number[] = [];
    for (const row of select.all(beforeMs, limit)) {
      const events = integer(row, 'events');
      // At least one, so that there is an end to it.
      if (count + events > limit && old.length > 0) break;
      count += events;
      old.push(integer(row, 'notification_sequence'));
    }
    const list = JSON.stringify(old);
    for (const removal of removals) removal.run(list);
    return count;
  };
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
