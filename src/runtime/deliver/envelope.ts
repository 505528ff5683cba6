import { hash } from 'node:crypto';
import type { InstancePlan } from '../poll-plan.ts';
import type { StoredEvent } from '../ports/event.ts';
import type { BodyRecipe, NewNotification } from '../ports/outbox-store.ts';
import { rememberEach } from '../remember-each.ts';
import { isoSeconds, javaDate } from './body-dates.ts';

/** The platform puts no more into one body. */
export const mostEventsPerNotification = 10;

/**
 * Renders events of one poll as the platform's notification, into the bytes that are kept, signed and sent. Differences
 * to the platform: each event carries its `eventId`, `raw` holds only the records of these events unless told otherwise,
 * and the account numbers of the platform (`accountId`, `companyId`, `userId`) are left out. Without records, there are
 * only ids in `raw`, and each event says so with `recordOmitted`.
 */
export function renderNotification(
  events: Events,
  instance: InstancePlan,
  nowMs: number,
  content: NotificationContent = {},
): NewNotification {
  const id = notificationIdOf(events);
  const { page, omitsRecords = false } = content;
  const about = { id, madeMs: nowMs, head: headOf(instance) };
  const isOfItsEvents = page === undefined && !omitsRecords;
  return {
    id,
    instanceId: instance.id,
    body: renderBody(events, about, {
      omitsRecords,
      records: omitsRecords ? idsOf(events, instance) : recordsOf(page ?? events),
    }),
    eventSequences: events.map(({ sequence }) => sequence),
    recipe: isOfItsEvents ? { ingredients: ingredientsOf(instance), madeMs: nowMs } : undefined,
  };
}

/** The very bytes that `renderNotification` made, from the notification's events in their order. */
export function renderByRecipe(
  id: string,
  { ingredients, madeMs }: BodyRecipe,
  events: readonly StoredEvent[],
): Uint8Array {
  const [first, ...others] = events;
  if (first === undefined) throw new TypeError(`notification ${id} has no events`);
  const about = { id, madeMs, head: readIngredients(ingredients) };
  const records = recordsOf(events);
  return renderBody([first, ...others], about, { records, omitsRecords: false });
}

interface NotificationContent {
  /** Events whose records are in `raw`; left out, those of the notification. */
  readonly page?: readonly StoredEvent[];
  readonly omitsRecords?: boolean;
}

type Events = readonly [StoredEvent, ...StoredEvent[]];

function renderBody(
  events: Events,
  { id, madeMs, head }: { readonly id: string; readonly madeMs: number; readonly head: EnvelopeHead },
  { records, omitsRecords }: { readonly records: readonly string[]; readonly omitsRecords: boolean },
): Buffer {
  const { number, elementKey, instanceName, tags } = head;
  const [{ resource, pollDateMs }] = events;
  const envelope = {
    severity: 'medium',
    createdDate: javaDate(madeMs),
    topic: `instance-${number}-${elementKey}-events`,
    action: 'create',
    id,
    user: 'sagecfg',
  };
  const start = {
    elementKey,
    eventId: id,
    instanceId: number,
    instance_id: number,
    instanceName,
    instanceTags: tags,
  };
  const name = JSON.stringify(resource);
  const same = {
    elementKey: JSON.stringify(elementKey),
    hubKey: JSON.stringify(head.hubKey),
    pollDate: isoSeconds(pollDateMs),
    omitted: omitsRecords ? ',"recordOmitted":true' : '',
  };
  const message = withRest(start, {
    raw: `{${name}:[${records.join(',')}],"pollDate":${pollDateMs},"objectType":${name}}`,
    events: `[${events.map((event) => renderEvent(event, name, same)).join(',')}]`,
  });
  return Buffer.from(withRest(envelope, { message }), 'utf8');
}

/** JSON of an object whose last values are JSON already: records need not be parsed to be put into a body. */
function withRest(first: Readonly<Record<string, unknown>>, rest: Readonly<Record<string, string>>): string {
  const more = Object.entries(rest).map(([name, json]) => `,${JSON.stringify(name)}:${json}`);
  return `${JSON.stringify(first).slice(0, -1)}${more.join('')}}`;
}

function recordsOf(events: readonly StoredEvent[]): readonly string[] {
  return events.map(({ record }) => record);
}

function idsOf(events: Events, { polls }: InstancePlan): readonly string[] {
  const [{ resource }] = events;
  const idField = polls.find((poll) => poll.resource === resource)?.idField ?? 'id';
  return events.map(({ objectId }) => JSON.stringify({ [idField]: objectId }));
}

/** JSON of an event, of which most is the same for each: to make an object of it and write that takes five times as long. */
function renderEvent(
  { id, dateMs, type, objectId }: StoredEvent,
  objectType: string,
  same: Readonly<Record<'elementKey' | 'hubKey' | 'pollDate' | 'omitted', string>>,
): string {
  const { elementKey, hubKey, pollDate, omitted } = same;
  return (
    `{"date":"${isoSeconds(dateMs)}","elementKey":${elementKey},"pollDate":"${pollDate}","eventType":"${type}",` +
    `"hubKey":${hubKey},"objectId":${JSON.stringify(objectId)},"objectType":${objectType},` +
    `"eventId":${JSON.stringify(id)}${omitted}}`
  );
}

/** What a body says of its instance. */
interface EnvelopeHead {
  readonly number: number;
  readonly elementKey: string;
  readonly hubKey: string;
  readonly instanceName: string;
  readonly tags: readonly string[];
}

const headOf = rememberEach(({ number, elementKey, hubKey, id, tags }: InstancePlan): EnvelopeHead => {
  return { number, elementKey, hubKey, instanceName: id, tags };
});

/**
 * How a body is put together. States hold notifications that were sent under one and are to be sent again as they were:
 * a body that looks different needs another, and this one has to go on working.
 */
const form = 1;

const ingredientsOf = rememberEach((instance: InstancePlan) => JSON.stringify({ form, ...headOf(instance) }));

function readIngredients(ingredients: string): EnvelopeHead {
  // Written by `ingredientsOf`.
  const { form: found, ...head } = JSON.parse(ingredients) as EnvelopeHead & { readonly form: number };
  if (found !== form) throw new TypeError(`a body of form ${found} cannot be made`);
  return head;
}

/** The same for the same events, so that a notification that is sent again can be told. */
function notificationIdOf(events: readonly StoredEvent[]): string {
  // One that is replayed is another: a receiver that drops repeats is to take it.
  const ids = JSON.stringify(events.map(({ id, replays }) => (replays === 0 ? id : [id, replays])));
  return hash('sha256', ids, 'base64url').slice(0, 20);
}
