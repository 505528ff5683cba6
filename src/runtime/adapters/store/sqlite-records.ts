import type { DatabaseSync } from 'node:sqlite';

/*
 * An event's record has a table of its own: it is most of the event and never changes, while the event's row is written
 * again when it is put into a notification and when that is delivered.
 */

/** A column `record` for a query of events, under whatever name they go in it. */
export function recordOf(events: string): string {
  return `(SELECT record FROM records WHERE event_sequence = ${events}.sequence) AS record`;
}

export function prepareRecordInsert(
  database: DatabaseSync,
): (eventSequence: number | bigint, record: string) => void {
  const insert = database.prepare('INSERT INTO records (event_sequence, record) VALUES (?, ?)');
  return (eventSequence, record) => {
    insert.run(eventSequence, record);
  };
}
