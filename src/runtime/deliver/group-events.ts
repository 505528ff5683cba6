import type { InstancePlan } from '../poll-plan.ts';
import type { StoredEvent } from '../ports/event.ts';
import type { NewNotification } from '../ports/outbox-store.ts';
import { mostEventsPerNotification, renderNotification } from './envelope.ts';
import { defaultNotificationForm } from './notification-form.ts';
import type { NotificationForm } from './notification-form.ts';

/**
 * Puts events into notifications: those of one poll together, in order, at most ten, and one of each object. A further
 * event of the object is left for when this one is delivered. So a receiver that looks a record up by its id finds the
 * right one, no notification ever waits for another, and an object that is refused holds back no other. Events of
 * instances that are not configured now are left as well.
 */
export function groupEvents(
  events: readonly StoredEvent[],
  instances: ReadonlyMap<string, InstancePlan>,
  nowMs: number,
  form: NotificationForm = defaultNotificationForm,
): readonly NewNotification[] {
  const groups: [StoredEvent, ...StoredEvent[]][] = [];
  const resources = new Map<string, OfResource>();
  for (const event of events) {
    const { objects, latestOfPoll } = ofResource(event, resources);
    if (objects.has(event.objectId)) continue;
    objects.add(event.objectId);
    const latest = latestOfPoll.get(event.pollDateMs);
    if (latest !== undefined && latest.length < mostEventsPerNotification) {
      latest.push(event);
      continue;
    }
    const group: [StoredEvent, ...StoredEvent[]] = [event];
    groups.push(group);
    latestOfPoll.set(event.pollDateMs, group);
  }
  const pages = form.raw === 'page' ? Map.groupBy(events, pollOf) : undefined;
  return groups.flatMap((group) => {
    const instance = instances.get(group[0].instanceId);
    if (instance === undefined) return [];
    return renderWithin(group, { instance, nowMs, form, page: pages?.get(pollOf(group[0])) });
  });
}

/** What has been put into notifications, of a resource of an instance. */
interface OfResource {
  readonly objects: Set<string>;
  /** By the poll's time: its last notification, which may have room. */
  readonly latestOfPoll: Map<number, StoredEvent[]>;
}

function ofResource({ instanceId, resource }: StoredEvent, known: Map<string, OfResource>): OfResource {
  const key = `${instanceId.length} ${instanceId} ${resource}`;
  const found = known.get(key) ?? { objects: new Set(), latestOfPoll: new Map() };
  known.set(key, found);
  return found;
}

type Group = readonly [StoredEvent, ...StoredEvent[]];

function pollOf({ instanceId, resource, pollDateMs }: StoredEvent): string {
  return JSON.stringify([instanceId, resource, pollDateMs]);
}

interface Rendering {
  readonly instance: InstancePlan;
  readonly nowMs: number;
  readonly form: NotificationForm;
  readonly page?: readonly StoredEvent[] | undefined;
}

/**
 * As few notifications as keep within the size: first of all the rest of the page is left out, then there are fewer events
 * in each, and of a record that is too large by itself there is only the id: the receiver can ask for it.
 */
function renderWithin(group: Group, rendering: Rendering): readonly NewNotification[] {
  const { instance, nowMs, form, page } = rendering;
  const whole = renderNotification(group, instance, nowMs, page === undefined ? {} : { page });
  if (whole.body.length <= form.mostBytes) return [whole];
  if (page !== undefined) return renderWithin(group, { ...rendering, page: undefined });
  const halves = halvesOf(group);
  if (halves === undefined) return [renderNotification(group, instance, nowMs, { omitsRecords: true })];
  return halves.flatMap((half) => renderWithin(half, rendering));
}

function halvesOf(events: readonly StoredEvent[]): readonly [Group, Group] | undefined {
  const middle = Math.ceil(events.length / 2);
  const [firstLeft, ...left] = events.slice(0, middle);
  const [firstRight, ...right] = events.slice(middle);
  if (firstLeft === undefined || firstRight === undefined) return undefined;
  return [
    [firstLeft, ...left],
    [firstRight, ...right],
  ];
}

/** Two notifications for one that keeps failing, with half of its events each; undefined when there is but one. */
export function halve(
  events: readonly StoredEvent[],
  instance: InstancePlan,
  nowMs: number,
): readonly NewNotification[] | undefined {
  return halvesOf(events)?.map((half) => renderNotification(half, instance, nowMs));
}
