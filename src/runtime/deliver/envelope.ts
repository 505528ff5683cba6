import { createHash } from 'node:crypto';
import type { InstancePlan } from '../poll-plan.ts';
import type { NewNotification, StoredEvent } from '../ports/store.ts';

/** The platform puts no more into one body. */
export const mostEventsPerNotification = 10;

/**
 * Renders events of one poll as the platform's notification, into the bytes that are kept, signed and sent. Differences
 * to the platform: each event carries its `eventId`, `raw` holds only the records of these events, and the account
 * numbers of the platform (`accountId`, `companyId`, `userId`) are left out.
 */
export function renderNotification(
  events: readonly [StoredEvent, ...StoredEvent[]],
  instance: InstancePlan,
  nowMs: number,
): NewNotification {
  const id = notificationIdOf(events);
  const body = {
    severity: 'medium',
    createdDate: javaDate(nowMs),
    topic: `instance-${instance.number}-${instance.elementKey}-events`,
    action: 'create',
    id,
    user: 'sagecfg',
    message: renderMessage(events, instance, id),
  };
  return {
    id,
    instanceId: instance.id,
    body: Buffer.from(JSON.stringify(body), 'utf8'),
    eventSequences: events.map(({ sequence }) => sequence),
  };
}

function renderMessage(
  events: readonly [StoredEvent, ...StoredEvent[]],
  instance: InstancePlan,
  eventId: string,
): Record<string, unknown> {
  const [{ resource, pollDateMs }] = events;
  const records: unknown[] = events.map(({ record }): unknown => JSON.parse(record));
  return {
    elementKey: instance.elementKey,
    eventId,
    instanceId: instance.number,
    instance_id: instance.number,
    instanceName: instance.id,
    instanceTags: instance.tags,
    raw: { [resource]: records, pollDate: pollDateMs, objectType: resource },
    events: events.map((event) => renderEvent(event, instance)),
  };
}

function renderEvent(event: StoredEvent, { elementKey, hubKey }: InstancePlan): Record<string, unknown> {
  return {
    date: isoSeconds(event.dateMs),
    elementKey,
    pollDate: isoSeconds(event.pollDateMs),
    eventType: event.type,
    hubKey,
    objectId: event.objectId,
    objectType: event.resource,
    eventId: event.id,
  };
}

/** The same for the same events, so that a notification that is sent again can be told. */
function notificationIdOf(events: readonly StoredEvent[]): string {
  // One that is replayed is another: a receiver that drops repeats is to take it.
  const ids = JSON.stringify(events.map(({ id, replays }) => (replays === 0 ? id : [id, replays])));
  return createHash('sha256').update(ids).digest().subarray(0, 15).toString('base64url');
}

function isoSeconds(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}

/** As `java.util.Date` prints itself: `Mon Aug 20 15:30:07 UTC 2018`. */
function javaDate(epochMs: number): string {
  const [weekday = '', day = '', month = '', year = '', time = ''] = new Date(epochMs)
    .toUTCString()
    .split(' ');
  return `${weekday.replace(',', '')} ${month} ${day} ${time} UTC ${year}`;
}
