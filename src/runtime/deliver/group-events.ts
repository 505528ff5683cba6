import type { InstancePlan } from '../poll-plan.ts';
import type { NewNotification, StoredEvent } from '../ports/store.ts';
import { mostEventsPerNotification, renderNotification } from './envelope.ts';

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
): readonly NewNotification[] {
  const groups: Group[] = [];
  const latestOfPoll = new Map<string, Group>();
  const objects = new Set<string>();
  for (const event of events) {
    const poll = JSON.stringify([event.instanceId, event.resource, event.pollDateMs]);
    const object = JSON.stringify([event.instanceId, event.resource, event.objectId]);
    if (objects.has(object)) continue;
    objects.add(object);
    const latest = latestOfPoll.get(poll);
    if (latest !== undefined && latest.length < mostEventsPerNotification) {
      latest.push(event);
      continue;
    }
    const group: Group = [event];
    groups.push(group);
    latestOfPoll.set(poll, group);
  }
  return groups.flatMap((group) => {
    const instance = instances.get(group[0].instanceId);
    return instance === undefined ? [] : [renderNotification(group, instance, nowMs)];
  });
}

type Group = [StoredEvent, ...StoredEvent[]];

/** Two notifications for one that keeps failing, with half of its events each; undefined when there is but one. */
export function halve(
  events: readonly StoredEvent[],
  instance: InstancePlan,
  nowMs: number,
): readonly NewNotification[] | undefined {
  const middle = Math.ceil(events.length / 2);
  const [firstLeft, ...left] = events.slice(0, middle);
  const [firstRight, ...right] = events.slice(middle);
  if (firstLeft === undefined || firstRight === undefined) return undefined;
  return [
    renderNotification([firstLeft, ...left], instance, nowMs),
    renderNotification([firstRight, ...right], instance, nowMs),
  ];
}
