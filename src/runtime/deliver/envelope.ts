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

const encoder = new TextEncoder();

/** Put together as text: records are JSON already, and to make objects of the rest takes five times as long. */
function renderBody(
  events: Events,
  { id, madeMs, head }: { readonly id: string; readonly madeMs: number; readonly head: EnvelopeHead },
  { records, omitsRecords }: { readonly records: readonly string[]; readonly omitsRecords: boolean },
): Uint8Array {
  const { elementKey, hubKey, topic, instance } = fixedPartsOf(head);
  const [{ resource, pollDateMs }] = events;
  const quotedId = JSON.stringify(id);
  const name = JSON.stringify(resource);
  const rest = omitsRecords ? ',"recordOmitted":true' : '';
  const pollDate = isoSeconds(pollDateMs);
  const rendered = events.map(
    (event) =>
      `{"date":"${isoSeconds(event.dateMs)}","elementKey":${elementKey},"pollDate":"${pollDate}",` +
      `"eventType":"${event.type}","hubKey":${hubKey},"objectId":${JSON.stringify(event.objectId)},` +
      `"objectType":${name},"eventId":${JSON.stringify(event.id)}${rest}}`,
  );
  return encoder.encode(
    `{"severity":"medium","createdDate":"${javaDate(madeMs)}","topic":${topic},"action":"create","id":${quotedId},` +
      `"user":"sagecfg","message":{"elementKey":${elementKey},"eventId":${quotedId},${instance},` +
      `"raw":{${name}:[${records.join(',')}],"pollDate":${pollDateMs},"objectType":${name}},` +
      `"events":[${rendered.join(',')}]}}`,
  );
}

/** JSON of what the bodies of an instance have in common. */
const fixedPartsOf = rememberEach(({ number, elementKey, hubKey, instanceName, tags }: EnvelopeHead) => ({
  elementKey: JSON.stringify(elementKey),
  hubKey: JSON.stringify(hubKey),
  topic: JSON.stringify(`instance-${number}-${elementKey}-events`),
  instance:
    `"instanceId":${number},"instance_id":${number},"instanceName":${JSON.stringify(instanceName)},` +
    `"instanceTags":${JSON.stringify(tags)}`,
}));

function recordsOf(events: readonly StoredEvent[]): readonly string[] {
  return events.map(({ record }) => record);
}

function idsOf(events: Events, { polls }: InstancePlan): readonly string[] {
  const [{ resource }] = events;
  const idField = polls.find((poll) => poll.resource === resource)?.idField ?? 'id';
  return events.map(({ objectId }) => JSON.stringify({ [idField]: objectId }));
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
