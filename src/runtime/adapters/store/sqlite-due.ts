import type { DatabaseSync } from 'node:sqlite';
import type { Notification, OutboxStore } from '../../ports/outbox-store.ts';
import { integer, optionalInteger, text } from './row.ts';
import type { Row } from './row.ts';
import { bodyColumns, prepareBodyOf } from './sqlite-bodies.ts';
import { theirEvents } from './sqlite-carried.ts';
import { isBehindReplay } from './sqlite-ungrouped.ts';

export function prepareReadDue(database: DatabaseSync): OutboxStore['readDue'] {
  const select = database.prepare(`
    WITH due AS MATERIALIZED (
      SELECT sequence, instance_id FROM notifications INDEXED BY notifications_due
      WHERE state = 'pending'
        AND instance_id IN (SELECT value FROM json_each(?))
        AND next_attempt_ms <= ?
        AND (next_attempt_ms, sequence) > (?, ?)
        AND id NOT IN (SELECT value FROM json_each(?))),
    underWay AS MATERIALIZED (
      SELECT notification_sequence, events.sequence, events.instance_id, events.poll_key, events.object_id
      FROM (SELECT DISTINCT instance_id FROM due) AS asked
        CROSS JOIN notifications INDEXED BY notifications_of_instance
          ON notifications.state = 'pending' AND notifications.instance_id = asked.instance_id
        ${theirEvents}),
    behind AS (
      SELECT notification_sequence
      FROM (
        SELECT notification_sequence, first_value(notification_sequence)
          OVER (PARTITION BY poll_key, object_id ORDER BY sequence) AS first
        FROM underWay)
      WHERE notification_sequence <> first
      UNION ALL
      SELECT notification_sequence FROM underWay AS candidate WHERE ${isBehindReplay})
    SELECT ${bodyColumns}, sequence, instance_id, event_count, attempts, first_failed_ms, next_attempt_ms
    FROM notifications
    WHERE sequence IN (SELECT sequence FROM due) AND sequence NOT IN (SELECT notification_sequence FROM behind)
    ORDER BY next_attempt_ms, sequence LIMIT ?`);
  const bodyOf = prepareBodyOf(database);
  // To look at what is under way costs most. Instances that have no place left are left out, not looked at.
  return async ({ nowMs, instanceIds, inFlight, limit, places }) => {
    const sending = JSON.stringify(inFlight);
    const left = new Map(instanceIds.map((id) => [id, places?.get(id) ?? limit]));
    const due: Notification[] = [];
    let after: readonly [number, number] = [Number.MIN_SAFE_INTEGER, 0];
    while (due.length < limit && left.size > 0) {
      const most = rowsAtOnce(left, limit - due.length);
      const rows = select.all(JSON.stringify([...left.keys()]), nowMs, ...after, sending, most);
      for (const row of rows) {
        after = [integer(row, 'next_attempt_ms'), integer(row, 'sequence')];
        if (takePlace(text(row, 'instance_id'), left)) due.push(toNotification(row, bodyOf(row)));
      }
      if (rows.length < most) break;
    }
    return due;
  };
}

/** Of few instances no more than the first may use; of many, the first rows belong to several. */
function rowsAtOnce(left: ReadonlyMap<string, number>, wanted: number): number {
  return left.size >= wanted ? wanted : Math.min(wanted, Math.max(...left.values()));
}

function takePlace(instanceId: string, left: Map<string, number>): boolean {
  const places = left.get(instanceId);
  if (places === undefined) return false;
  if (places > 1) left.set(instanceId, places - 1);
  else left.delete(instanceId);
  return true;
}

export function toNotification(row: Row, body: Uint8Array): Notification {
  return {
    id: text(row, 'id'),
    instanceId: text(row, 'instance_id'),
    body,
    eventCount: integer(row, 'event_count'),
    attempts: integer(row, 'attempts'),
    firstFailedMs: optionalInteger(row, 'first_failed_ms'),
  };
}
