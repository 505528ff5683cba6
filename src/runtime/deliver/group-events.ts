import type { InstancePlan } from '../poll-plan.ts';
import type { NewNotification, StoredEvent } from '../ports/store.ts';
import { mostEventsPerNotification, renderNotification } from './envelope.ts';

/**
 * Puts events into notifications: those of one poll together, in order, at most ten. An event whose object is in one of
 * them already, and which does not fit in there, is left for when that one is delivered: so no notification ever waits
 * for another, and an object that is refused holds back no other. Events of instances that are not configured now are
 * left as well.
 */
export function groupEvents(
  events: readonly StoredEvent[],
  instances: ReadonlyMap<string, InstancePlan>,
  nowMs: number,
): readonly NewNotification[] {
  const groups: Group[] = [];
  const latestOfPoll = new Map<string, Group>();
  const groupOfObject = new Map<string, Group>();
  for (const event of events) {
    const poll = JSON.stringify([event.instanceId, event.resource, event.pollDateMs]);
    const object = JSON.stringify([event.instanceId, event.resource, event.objectId]);
    const latest = latestOfPoll.get(poll);
    const hasRoom = latest !== undefined && latest.length < mostEventsPerNotification;
    const own = groupOfObject.get(object);
    if (own !== undefined && (own !== latest || !hasRoom)) continue;
    const group: Group = hasRoom ? latest : [event];
    if (hasRoom) group.push(event);
    else groups.push(group);
    latestOfPoll.set(poll, group);
    groupOfObject.set(object, group);
  }
  return groups.flatMap((group) => {
    const instance = instances.get(group[0].instanceId);
    return instance === undefined ? [] : [renderNotification(group, instance, nowMs)];
  });
}

type Group = [StoredEvent, ...StoredEvent[]];

/** Two notifications for one that keeps failing, with half of its objects each; undefined when there is but one object. */
export function halve(
  events: readonly StoredEvent[],
  instance: InstancePlan,
  nowMs: number,
): readonly NewNotification[] | undefined {
  const objects = [...new Set(events.map(({ objectId }) => objectId))];
  const firstHalf = new Set(objects.slice(0, Math.ceil(objects.length / 2)));
  const [firstLeft, ...left] = events.filter(({ objectId }) => firstHalf.has(objectId));
  const [firstRight, ...right] = events.filter(({ objectId }) => !firstHalf.has(objectId));
  if (firstLeft === undefined || firstRight === undefined) return undefined;
  return [
    renderNotification([firstLeft, ...left], instance, nowMs),
    renderNotification([firstRight, ...right], instance, nowMs),
  ];
}
