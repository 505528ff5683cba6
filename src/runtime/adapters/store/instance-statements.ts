import type { InstanceContents } from '../../ports/instance-store.ts';
import { integer } from './row.ts';
import type { Row } from './row.ts';

/* Both databases read these alike; `$1` is the instance's id. */

const itsEvents = 'SELECT sequence FROM events WHERE instance_id = $1';
const itsPolls = 'SELECT key FROM polls WHERE instance_id = $1';

/** `events` names what has them with their state. */
export function selectContents(events: string): string {
  return `
  SELECT
    (SELECT count(*) FROM polls WHERE instance_id = $1 AND key = instance_id || '/' || resource) AS polls,
    (SELECT count(*) FROM ledger WHERE poll_key IN (${itsPolls})) AS objects,
    (SELECT count(*) FROM ${events} WHERE instance_id = $1 AND state = 'pending') AS pending_events,
    (SELECT count(*) FROM ${events} WHERE instance_id = $1 AND state = 'dead') AS dead_events,
    (SELECT count(*) FROM ${events} WHERE instance_id = $1 AND state = 'delivered') AS delivered_events,
    (SELECT count(*) FROM grants WHERE instance_id = $1) AS grants`;
}

export function toContents(row: Row): InstanceContents {
  return {
    polls: integer(row, 'polls'),
    objects: integer(row, 'objects'),
    pendingEvents: integer(row, 'pending_events'),
    deadEvents: integer(row, 'dead_events'),
    deliveredEvents: integer(row, 'delivered_events'),
    hasGrant: integer(row, 'grants') > 0,
  };
}

/** `events` names what has them with the notification that carries them, or has delivered them. First of all. */
export function forgetAttempts(events: string): string {
  return `
  DELETE FROM attempts WHERE notification_id IN (
    SELECT notification_id FROM ${events} WHERE instance_id = $1 AND notification_id IS NOT NULL
    UNION SELECT notification_id FROM former_notifications WHERE event_sequence IN (${itsEvents}))`;
}

/** In this order: each finds what it deletes by what is still there. */
export const forgetStatements: readonly string[] = [
  `DELETE FROM former_notifications WHERE event_sequence IN (${itsEvents})`,
  'DELETE FROM notifications WHERE instance_id = $1',
  'DELETE FROM events WHERE instance_id = $1',
  `DELETE FROM ledger WHERE poll_key IN (${itsPolls})`,
  `DELETE FROM scanned WHERE poll_key IN (${itsPolls})`,
  `DELETE FROM scans WHERE poll_key IN (${itsPolls})`,
  'DELETE FROM polls WHERE instance_id = $1',
  'DELETE FROM grants WHERE instance_id = $1',
  `DELETE FROM endpoints
    WHERE endpoint IN (SELECT endpoint FROM instances WHERE id = $1)
      AND NOT EXISTS (SELECT 1 FROM instances WHERE instances.endpoint = endpoints.endpoint AND id <> $1)`,
  'DELETE FROM instances WHERE id = $1',
];
