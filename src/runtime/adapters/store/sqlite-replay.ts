import type { DatabaseSync } from 'node:sqlite';
import type { OutboxStore } from '../../ports/outbox-store.ts';
import { prepareBodyFixing } from './sqlite-bodies.ts';
import { inTransaction } from './sqlite-database.ts';
import { conditionOf } from './event-condition.ts';
import { sqliteWords } from './sqlite-events.ts';
import { prepareIntervention } from './sqlite-interventions.ts';
import { integer, text } from './row.ts';

export function prepareReplay(database: DatabaseSync): OutboxStore['replay'] {
  const remember = database.prepare(`
    INSERT OR IGNORE INTO former_notifications (event_sequence, notification_id)
    SELECT sequence, notification_id FROM events
    WHERE sequence IN (SELECT value FROM json_each(?)) AND notification_id IS NOT NULL`);
  const fixBodies = prepareBodyFixing(database);
  const revive = database.prepare(`
    UPDATE events SET state = 'pending', settled_ms = NULL, notification_id = NULL, replays = replays + 1
    WHERE sequence IN (SELECT value FROM json_each(?))`);
  const selectDeprived = database.prepare(`
    SELECT id FROM notifications WHERE id IN (
      SELECT notification_id FROM events WHERE sequence IN (SELECT value FROM json_each(?)))`);
  const countLeft = database.prepare(`
    UPDATE notifications
    SET event_count = (
      SELECT count(*) FROM events WHERE notification_id = notifications.id AND state <> 'delivered')
    WHERE id IN (SELECT value FROM json_each(?))`);
  const removeEmpty = database.prepare(`
    DELETE FROM notifications WHERE event_count = 0 AND id IN (SELECT value FROM json_each(?))`);
  const intervene = prepareIntervention(database);
  return async (filter) =>
    inTransaction(database, () => {
      const sequences = selectWithLater(database, filter);
      if (sequences.length === 0) return 0;
      const list = JSON.stringify(sequences);
      fixBodies(list);
      const deprived = JSON.stringify(selectDeprived.all(list).map((row) => text(row, 'id')));
      remember.run(list);
      revive.run(list);
      countLeft.run(deprived);
      // What waits without an event would still be sent: after later ones of the object, since nothing holds it back.
      removeEmpty.run(deprived);
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
  const select = database.prepare(selectReplayed(condition));
  return select.all(...values).map((row) => integer(row, 'sequence'));
}

export function selectReplayed(condition: string): string {
  return `
    WITH first AS MATERIALIZED (
      SELECT poll_key, object_id, min(sequence) AS sequence FROM events
      WHERE state IN ('delivered', 'dead') AND ${condition} GROUP BY poll_key, object_id)
    SELECT events.sequence FROM first JOIN events
      ON events.poll_key = first.poll_key AND events.object_id = first.object_id
      AND events.sequence >= first.sequence
    WHERE events.state IN ('delivered', 'dead') OR events.notification_id IS NOT NULL`;
}
