import type { OutboxStore } from '../../ports/outbox-store.ts';
import { conditionOf } from './event-condition.ts';
import type { ConditionWords } from './event-condition.ts';
import { readAttemptsOf } from './postgres-attempts.ts';
import type { Connection, Database } from './postgres-database.ts';
import { countIntervention } from './postgres-interventions.ts';
import { summaryOf, toBacklog, toSummary } from './sqlite-events.ts';
import { integer, text } from './row.ts';

const postgresWords: ConditionWords<readonly string[]> = {
  placeholder: (number) => `$${number}`,
  isAmong: (column, placeholder) => `${column} = ANY(${placeholder})`,
  list: (texts) => texts,
};

/** What people ask about events, and do with them. */
export function createEventQueries(
  database: Database,
): Pick<OutboxStore, 'backlog' | 'listEvents' | 'readEvent' | 'replay' | 'prune'> {
  return {
    backlog: async () => (await database.query(selectBacklog)).rows.map(toBacklog),
    listEvents: async (filter, { limit, beforeSequence }) => {
      const { condition, values } = conditionOf(filter, postgresWords);
      const { rows } = await database.query(
        `${summaryOf('NULL AS record')} WHERE ${condition} AND events.sequence < $${values.length + 1}
        ORDER BY events.sequence DESC LIMIT $${values.length + 2}`,
        [...values, beforeSequence ?? Number.MAX_SAFE_INTEGER, limit],
      );
      return rows.map(toSummary);
    },
    readEvent: async (id) => {
      const { rows } = await database.query(`${summaryOf('events.record')} WHERE events.id = $1`, [id]);
      const [row] = rows;
      if (row === undefined) return undefined;
      const summary = toSummary(row);
      const attempts = await readAttemptsOf(database, summary.sequence);
      return { ...summary, record: text(row, 'record'), attempts };
    },
    replay: (filter) => database.inTransaction((transaction) => replay(transaction, filter)),
    prune: (bounds) => database.inTransaction((transaction) => prune(transaction, bounds)),
  };
}

/** The first event of those that wait is the oldest; to look at each one's time would be to read them all. */
const selectBacklog = `
  SELECT sums.*, (SELECT poll_date_ms FROM events WHERE sequence = sums.first) AS oldest_ms
  FROM (
    SELECT poll_key, max(pending) AS pending, max(dead) AS dead, max(first) AS first
    FROM (
      SELECT poll_key, count(*) AS pending, min(sequence) AS first, 0 AS dead
      FROM events WHERE state = 'pending' GROUP BY poll_key
      UNION ALL
      SELECT poll_key, 0, NULL, count(*) FROM events WHERE state = 'dead' GROUP BY poll_key) AS parts
    GROUP BY poll_key) AS sums
  ORDER BY poll_key`;

async function replay(
  transaction: Connection,
  filter: Parameters<OutboxStore['replay']>[0],
): Promise<number> {
  const { condition, values } = conditionOf(filter, postgresWords);
  const { rows } = await transaction.query(`${selectReplayed(condition)} FOR UPDATE OF events`, values);
  const sequences = rows.map((row) => integer(row, 'sequence'));
  if (sequences.length === 0) return 0;
  const deprived = await transaction.query(
    `SELECT id FROM notifications
    WHERE id IN (SELECT notification_id FROM events WHERE sequence = ANY($1)) FOR UPDATE`,
    [sequences],
  );
  const ids = deprived.rows.map((row) => text(row, 'id'));
  await transaction.query(
    `INSERT INTO former_notifications (event_sequence, notification_id)
    SELECT sequence, notification_id FROM events WHERE sequence = ANY($1) AND notification_id IS NOT NULL
    ON CONFLICT DO NOTHING`,
    [sequences],
  );
  await transaction.query(
    `UPDATE events SET state = 'pending', settled_ms = NULL, notification_id = NULL, replays = replays + 1
    WHERE sequence = ANY($1)`,
    [sequences],
  );
  await transaction.query(
    `UPDATE notifications
    SET event_count = (SELECT count(*) FROM events WHERE notification_id = notifications.id)
    WHERE id = ANY($1)`,
    [ids],
  );
  // What waits without an event would still be sent: after later ones of the object, since nothing holds it back.
  await transaction.query('DELETE FROM notifications WHERE id = ANY($1) AND event_count = 0', [ids]);
  await countIntervention(transaction);
  return sequences.length;
}

function selectReplayed(condition: string): string {
  return `
    WITH first AS MATERIALIZED (
      SELECT poll_key, object_id, min(sequence) AS sequence FROM events
      WHERE state IN ('delivered', 'dead') AND ${condition} GROUP BY poll_key, object_id)
    SELECT events.sequence FROM first JOIN events
      ON events.poll_key = first.poll_key AND events.object_id = first.object_id
      AND events.sequence >= first.sequence
    WHERE events.state IN ('delivered', 'dead') OR events.notification_id IS NOT NULL`;
}

async function prune(
  transaction: Connection,
  { deliveredBeforeMs, attemptsBeforeMs, limit }: Parameters<OutboxStore['prune']>[0],
): Promise<number> {
  const events = await transaction.query(
    `WITH old AS MATERIALIZED (
      SELECT sequence FROM events WHERE state = 'delivered' AND settled_ms < $1
      ORDER BY settled_ms LIMIT $2 FOR UPDATE SKIP LOCKED),
    forgotten AS (DELETE FROM former_notifications WHERE event_sequence IN (SELECT sequence FROM old))
    DELETE FROM events WHERE sequence IN (SELECT sequence FROM old)`,
    [deliveredBeforeMs, limit],
  );
  const attempts = await transaction.query(
    `DELETE FROM attempts WHERE sequence IN (
      SELECT sequence FROM attempts AS old
      WHERE started_ms < $1
        AND NOT EXISTS (
          SELECT 1 FROM events WHERE events.notification_id = old.notification_id AND events.state <> 'delivered')
        AND NOT EXISTS (
          SELECT 1 FROM former_notifications AS former JOIN events ON events.sequence = former.event_sequence
          WHERE former.notification_id = old.notification_id AND events.state <> 'delivered')
      ORDER BY started_ms LIMIT $2)`,
    [attemptsBeforeMs, limit],
  );
  return events.affected + attempts.affected;
}
