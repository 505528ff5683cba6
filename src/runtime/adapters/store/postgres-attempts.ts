import type { EventDetail } from '../../ports/event.ts';
import type { Attempt } from '../../ports/outbox-store.ts';
import type { Connection } from './postgres-database.ts';
import { toAttempt } from './sqlite-attempts.ts';

export async function insertAttempts(
  transaction: Connection,
  attempts: readonly { readonly id: string; readonly attempt: Attempt }[],
): Promise<void> {
  const column = <Value>(of: (attempt: Attempt) => Value | undefined): readonly (Value | null)[] =>
    attempts.map(({ attempt }) => of(attempt) ?? null);
  await transaction.query(
    `INSERT INTO attempts (notification_id, started_ms, duration_ms, status, failure, answer)
    SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::integer[], $5::text[], $6::text[])`,
    [
      attempts.map(({ id }) => id),
      column(({ startedMs }) => startedMs),
      column(({ durationMs }) => durationMs),
      column(({ status }) => status),
      column(({ failure }) => failure),
      // Postgres keeps no text with a zero byte.
      column(({ answer }) => answer?.replaceAll('\0', '\uFFFD')),
    ],
  );
}

/** Attempts of every notification that has carried the event. */
export async function readAttemptsOf(
  database: Connection,
  eventSequence: number,
): Promise<EventDetail['attempts']> {
  const { rows } = await database.query(
    `SELECT * FROM attempts
    WHERE notification_id IN (
      SELECT notification_id FROM events WHERE sequence = $1
      UNION SELECT notification_id FROM former_notifications WHERE event_sequence = $1)
    ORDER BY sequence`,
    [eventSequence],
  );
  return rows.map(toAttempt);
}
