import type { DatabaseSync } from 'node:sqlite';
import { holds } from './sqlite-carried.ts';

/** Where the events of an import stand, which their rows do not say. For use in one transaction. */
export interface ImportedStates {
  readonly add: (event: {
    readonly sequence: number;
    readonly notificationId: string | null;
    readonly state: string;
    readonly settledMs: number | null;
  }) => void;
  /** When events and notifications are there. */
  readonly write: () => void;
}

export function prepareImportedStates(database: DatabaseSync): ImportedStates {
  database.exec(`
    CREATE TEMP TABLE imported (
      sequence INTEGER PRIMARY KEY,
      notification_id TEXT NOT NULL,
      state TEXT NOT NULL,
      settled_ms INTEGER
    ) STRICT`);
  const insert = database.prepare('INSERT INTO imported VALUES (?, ?, ?, ?)');
  return {
    add: ({ sequence, notificationId, state, settledMs }) => {
      if (notificationId !== null) insert.run(sequence, notificationId, state, settledMs);
    },
    write: () => {
      for (const statement of statements) database.exec(statement);
    },
  };
}

/** What was delivered has no number any more: it gets one below zero, which no notification ever has. */
const carriers = `
  SELECT imported.sequence,
    CASE imported.state
      WHEN 'delivered' THEN -min(imported.sequence) OVER (
        PARTITION BY imported.state, imported.notification_id, imported.settled_ms)
      ELSE notifications.sequence
    END AS carrier
  FROM imported
    LEFT JOIN notifications
      ON notifications.id = imported.notification_id AND notifications.state = imported.state`;

const statements = [
  `INSERT INTO deliveries
  SELECT -min(sequence), notification_id, coalesce(settled_ms, 0), NULL FROM imported
  WHERE state = 'delivered' GROUP BY notification_id, settled_ms`,
  `INSERT INTO carried
  SELECT min(sequence), max(sequence), carrier
  FROM (
    SELECT sequence, carrier, sequence - row_number() OVER (PARTITION BY carrier ORDER BY sequence) AS run
    FROM (${carriers}) WHERE carrier IS NOT NULL)
  GROUP BY carrier, run ORDER BY min(sequence)`,
  `UPDATE notifications SET settled_ms = dead.settled_ms
  FROM (
    SELECT notification_id, max(settled_ms) AS settled_ms FROM imported WHERE state = 'dead'
    GROUP BY notification_id) AS dead
  WHERE notifications.id = dead.notification_id AND notifications.state = 'dead'`,
  // All that nothing carries: no event is left behind.
  `INSERT INTO waiting
  SELECT replays > 0, instance_id, sequence FROM events
  WHERE NOT EXISTS (SELECT 1 FROM carried WHERE ${holds('events.sequence')})`,
  'DROP TABLE imported',
];
