import { createHash } from 'node:crypto';
import type { InstancePlan } from '../poll-plan.ts';
import type { NewNotification, StoredEvent } from '../ports/store.ts';

/** The platform puts no more into one body. */
export const mostEventsPerNotification = 10;

/**
 * Renders events of one poll as the platform's notification, into the bytes that are kept, signed and sent. Differences
 * to the platform: each event carries its `eventId`, `raw` holds only the records of these events unless told otherwise,
 * and the account numbers of the platform (`accountId`, `companyId`, `userId`) are left out. Without records, there are
 * only ids in `raw`, and each event says so with `recordOmitted`.
 */
export function renderNotification(
  events: readonly [StoredEvent, ...StoredEvent[]],
  instance: InstancePlan,
  nowMs: number,
  content: NotificationContent = {},
): NewNotification {
  const id = notificationIdOf(events);
  const envelope = {
    severity: 'medium',
    createdDate: javaDate(nowMs),
    topic: `instance-${instance.number}-${instance.elementKey}-events`,
    action: 'create',
    id,
    user: 'sagecfg',
  };
  const message = withRest(renderHead(instance, id), {
    raw: renderRaw(events, instance, content),
    events: JSON.stringify(events.map((event) => renderEvent(event, instance, content))),
  });
  return {
    id,
    instanceId: instance.id,
    body: Buffer.from(withRest(envelope, { message }), 'utf8'),
    eventSequences: events.map(({ sequence }) => sequence),
  };
}

/** JSON of an object whose last values are JSON already: records need not be parsed to be put into a body. */
function withRest(first: Readonly<Record<string, unknown>>, rest: Readonly<Record<string, string>>): string {
  const more = Object.entries(rest).map(([name, json]) => `,${JSON.stringify(name)}:${json}`);
  return `${JSON.stringify(first).slice(0, -1)}${more.join('')}}`;
}

interface NotificationContent {
  /** Events whose records are in `raw`; left out, those of the notification. */
  readonly page?: readonly StoredEvent[];
  readonly omitsRecords?: boolean;
}

function renderHead(instance: InstancePlan, eventId: string): Record<string, unknown> {
  return {
    elementKey: instance.elementKey,
    eventId,
    instanceId: instance.number,
    instance_id: instance.number,
    instanceName: instance.id,
    instanceTags: instance.tags,
  };
}

function renderRaw(
  events: readonly [StoredEvent, ...StoredEvent[]],
  { polls }: InstancePlan,
  { page = events, omitsRecords = false }: NotificationContent,
): string {
  const [{ resource, pollDateMs }] = events;
  const idField = polls.find((poll) => poll.resource === resource)?.idField ?? 'id';
  const records = omitsRecords
    ? events.map(({ objectId }) => JSON.stringify({ [idField]: objectId }))
    : page.map(({ record }) => record);
  const name = JSON.stringify(resource);
  return `{${name}:[${records.join(',')}],"pollDate":${pollDateMs},"objectType":${name}}`;
}

function renderEvent(
  event: StoredEvent,
  { elementKey, hubKey }: InstancePlan,
  { omitsRecords = false }: NotificationContent,
): Record<string, unknown> {
  return {
    date: isoSeconds(event.dateMs),
    elementKey,
    pollDate: isoSeconds(event.pollDateMs),
    eventType: event.type,
    hubKey,
    objectId: event.objectId,
    objectType: event.resource,
    eventId: event.id,
    ...(omitsRecords ? { recordOmitted: true } : {}),
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
