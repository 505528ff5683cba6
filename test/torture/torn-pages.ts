import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * A page's ledger, events and checkpoint are one transaction. Torn is what one of them knows and another does not: an
 * event of an object that the ledger has never seen, or a version in the ledger that was never an event.
 */
export function findTornPages(folder: string): readonly string[] {
  const database = new DatabaseSync(join(folder, 'state.db'), { readOnly: true });
  try {
    const broken: string[] = [];
    const integrity = String(database.prepare('PRAGMA integrity_check').get()?.['integrity_check']);
    if (integrity !== 'ok') broken.push(`integrity_check says '${integrity}'`);
    for (const [what, query] of Object.entries(tears)) {
      const count = Number(database.prepare(query).get()?.['count']);
      if (count > 0) broken.push(`${count} × ${what}`);
    }
    return broken;
  } finally {
    database.close();
  }
}

const tears = {
  'an event of an object that is not in the ledger': `
    SELECT count(*) AS count FROM events AS event
    WHERE NOT EXISTS (SELECT 1 FROM ledger WHERE poll_key = event.poll_key AND object_id = event.object_id)`,
  'an object in the ledger, changed after the baseline, without an event': `
    SELECT count(*) AS count FROM ledger AS seen JOIN polls ON polls.key = seen.poll_key
    WHERE seen.updated_ms >= polls.baseline_ms
      AND NOT EXISTS (SELECT 1 FROM events WHERE poll_key = seen.poll_key AND object_id = seen.object_id)`,
  'an event without its record, or a record without its event': `
    SELECT count(*) AS count FROM events FULL JOIN records ON event_sequence = sequence
    WHERE sequence IS NULL OR event_sequence IS NULL`,
  'a notification without its events': `
    SELECT count(*) AS count FROM notifications AS notification
    WHERE event_count <> (
      SELECT count(*) FROM carried JOIN events ON sequence BETWEEN first_sequence AND last_sequence
      WHERE notification_sequence = notification.sequence)`,
  'an event that neither waits nor is carried, or both, or twice': `
    SELECT count(*) AS count FROM events AS event
    WHERE 1 <> (SELECT count(*) FROM waiting WHERE event_sequence = event.sequence)
      + (SELECT count(*) FROM carried WHERE event.sequence BETWEEN first_sequence AND last_sequence)`,
  'a run of events whose notification is gone, or a delivery without events': `
    SELECT count(*) AS count
    FROM carried FULL JOIN (
      SELECT sequence FROM notifications UNION ALL SELECT notification_sequence FROM deliveries)
      ON sequence = notification_sequence
    WHERE sequence IS NULL OR notification_sequence IS NULL`,
} as const;
