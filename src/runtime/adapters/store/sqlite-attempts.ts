import type { DatabaseSync } from 'node:sqlite';
import type { EventDetail } from '../../ports/event.ts';
import type { Attempt } from '../../ports/outbox-store.ts';
import { holds } from './sqlite-carried.ts';
import { integer, optionalInteger, optionalText, text } from './row.ts';
import type { Row } from './row.ts';

/** Gives its number. One that a delivery knows by that is found by nothing else. */
export type AddAttempt = (
  notificationId: string,
  attempt: Attempt,
  options?: { readonly isOfDelivery: boolean },
) => number;

export function prepareAttemptInsert(database: DatabaseSync): AddAttempt {
  const insert = database.prepare(`
    INSERT INTO attempts (notification_id, started_ms, duration_ms, status, failure, answer, is_of_delivery)
    VALUES (?, ?, ?, ?, ?, ?, ?)`);
  return (notificationId, attempt, { isOfDelivery } = { isOfDelivery: false }) => {
    const { startedMs, durationMs, status = null, failure = null, answer = null } = attempt;
    const times = [startedMs, durationMs] as const;
    const inserted = insert.run(notificationId, ...times, status, failure, answer, Number(isOfDelivery));
    return Number(inserted.lastInsertRowid);
  };
}

/** Attempts of every notification that has carried the event. */
export function prepareAttemptsOf(
  database: DatabaseSync,
): (eventSequence: number) => EventDetail['attempts'] {
  const select = database.prepare(`
    SELECT * FROM attempts INDEXED BY attempts_of_notification
    WHERE is_of_delivery = 0 AND notification_id IN (
      SELECT notification_id FROM event_states WHERE sequence = $event
      UNION SELECT notification_id FROM former_notifications WHERE event_sequence = $event)
    UNION ALL
    SELECT attempts.* FROM carried
      CROSS JOIN deliveries ON deliveries.notification_sequence = carried.notification_sequence
      CROSS JOIN attempts
        ON attempts.sequence = deliveries.attempt_sequence
        -- Numbers of those that were deleted are given again.
        AND attempts.notification_id = deliveries.notification_id AND attempts.is_of_delivery = 1
    WHERE ${holds('$event')}
    ORDER BY sequence`);
  return (eventSequence) => select.all({ $event: eventSequence }).map(toAttempt);
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
