import type { DatabaseSync } from 'node:sqlite';
import type { EventDetail } from '../../ports/event.ts';
import type { Attempt } from '../../ports/outbox-store.ts';
import { integer, optionalInteger, optionalText, text } from './row.ts';
import type { Row } from './row.ts';

export type AddAttempt = (notificationId: string, attempt: Attempt) => void;

export function prepareAttemptInsert(database: DatabaseSync): AddAttempt {
  const insert = database.prepare(`
    INSERT INTO attempts (notification_id, started_ms, duration_ms, status, failure, answer)
    VALUES (?, ?, ?, ?, ?, ?)`);
  return (notificationId, { startedMs, durationMs, status, failure, answer }) => {
    insert.run(notificationId, startedMs, durationMs, status ?? null, failure ?? null, answer ?? null);
  };
}

/** Attempts of every notification that has carried the event. */
export function prepareAttemptsOf(
  database: DatabaseSync,
): (eventSequence: number) => EventDetail['attempts'] {
  const select = database.prepare(`
    SELECT * FROM attempts
    WHERE notification_id IN (
      SELECT notification_id FROM events WHERE sequence = ?
      UNION SELECT notification_id FROM former_notifications WHERE event_sequence = ?)
    ORDER BY sequence`);
  return (eventSequence) => select.all(eventSequence, eventSequence).map(toAttempt);
}

export function toAttempt(row: Row): EventDetail['attempts'][number] {
  return {
    notificationId: text(row, 'notification_id'),
    startedMs: integer(row, 'started_ms'),
    durationMs: integer(row, 'duration_ms'),
    status: optionalInteger(row, 'status'),
    failure: optionalText(row, 'failure'),
    answer: optionalText(row, 'answer'),
  };
}
