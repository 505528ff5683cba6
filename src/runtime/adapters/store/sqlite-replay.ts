import type { DatabaseSync } from 'node:sqlite';
import type { OutboxStore } from '../../ports/outbox-store.ts';
import { prepareBodyFixing } from './sqlite-bodies.ts';
import { holds, prepareRelease } from './sqlite-carried.ts';
import { inTransaction } from './sqlite-database.ts';
import { conditionOf } from './event-condition.ts';
import { sqliteWords } from './sqlite-events.ts';
import { prepareIntervention } from './sqlite-interventions.ts';
import { integer } from './row.ts';

export function prepareReplay(database: DatabaseSync): OutboxStore['replay'] {
  const remember = database.prepare(`
    INSERT OR IGNORE INTO former_notifications (event_sequence, notification_id)
    SELECT sequence, notification_id FROM event_states
    WHERE sequence IN (SELECT value FROM json_each(?)) AND notification_id IS NOT NULL`);
  const fixBodies = prepareBodyFixing(database);
  const release = prepareRelease(database);
  const count = database.prepare(`
    UPDATE events SET replays = replays + 1 WHERE sequence IN (SELECT value FROM json_each(?))`);
  const wait = database.prepare(`
    INSERT INTO waiting SELECT 1, instance_id, sequence FROM events
    WHERE sequence IN (SELECT value FROM json_each(?))`);
  const selectDeprived = database.prepare(`
    SELECT DISTINCT notification_sequence AS sequence
    FROM json_each(?) AS replayed CROSS JOIN carried ON ${holds('replayed.value')}`);
  const countLeft = database.prepare(`
    UPDATE notifications
    SET event_count = (
      SELECT coalesce(sum(last_sequence - first_sequence + 1), 0) FROM carried
      WHERE notification_sequence = notifications.sequence)
    WHERE sequence IN (SELECT value FROM json_each(?))`);
  const removeEmpty = database.prepare(`
    DELETE FROM notifications WHERE event_count = 0 AND sequence IN (SELECT value FROM json_each(?))`);
  const findByNotification = database.prepare(`
    UPDATE attempts SET is_of_delivery = 0
    WHERE is_of_delivery = 1 AND sequence IN (
      SELECT attempt_sequence FROM deliveries WHERE notification_sequence IN (SELECT value FROM json_each(?)))`);
  const forgetEmpty = database.prepare(`
    DELETE FROM deliveries
    WHERE notification_sequence IN (SELECT value FROM json_each(?))
      AND NOT EXISTS (SELECT 1 FROM carried WHERE notification_sequence = deliveries.notification_sequence)`);
  const intervene = prepareIntervention(database);
  return async (filter) =>
    inTransaction(database, () => {
      const sequences = selectWithLater(database, filter);
      if (sequences.length === 0) return 0;
      const list = JSON.stringify(sequences);
      fixBodies(list);
      remember.run(list);
      const deprived = JSON.stringify(selectDeprived.all(list).map((row) => integer(row, 'sequence')));
      findByNotification.run(deprived);
      release(sequences);
      count.run(list);
      wait.run(list);
      countLeft.run(deprived);
      // What waits without an event would still be sent: after later ones of the object, since nothing holds it back.
      removeEmpty.run(deprived);
      forgetEmpty.run(deprived);
      intervene();
      return sequences.length;
    });
}

/**
 * Settled events that are meant, and the later ones of their objects, those in a notification that waits or is under way
 * among them: they come after, even if they come a second time.
 */
function selectWithLater(
  database: DatabaseSync,
  filter: Parameters<OutboxStore['replay']>[0],
): readonly number[] {
  const { condition, values } = conditionOf(filter, sqliteWords);
  const select = database.prepare(`
    WITH first AS MATERIALIZED (
      SELECT poll_key, object_id, min(sequence) AS sequence FROM event_states AS events
      WHERE state IN ('delivered', 'dead') AND ${condition} GROUP BY poll_key, object_id)
    SELECT events.sequence FROM first JOIN events
      ON events.poll_key = first.poll_key AND events.object_id = first.object_id
      AND events.sequence >= first.sequence
    WHERE NOT EXISTS (
      SELECT 1 FROM waiting
      WHERE is_replay IN (0, 1) AND instance_id = events.instance_id AND event_sequence = events.sequence)`);
  return select.all(...values).map((row) => integer(row, 'sequence'));
}
