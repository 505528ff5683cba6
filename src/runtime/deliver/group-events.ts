import type { InstancePlan } from '../poll-plan.ts';
import type { NewNotification, StoredEvent } from '../ports/store.ts';
import { mostEventsPerNotification, renderNotification } from './envelope.ts';

/**
 * Puts events into notifications: those of one poll together, in order, at most ten. Events of instances that are not
 * configured now are left for when they are.
 */
export function groupEvents(
  events: readonly StoredEvent[],
  instances: ReadonlyMap<string, InstancePlan>,
  nowMs: number,
): readonly NewNotification[] {
  const groups = new Map<string, [StoredEvent, ...StoredEvent[]][]>();
  for (const event of events) addToGroup(groups, event);
  const all = [...groups.values()].flat().sort(([left], [right]) => left.sequence - right.sequence);
  return all.flatMap((group) => {
    const instance = instances.get(group[0].instanceId);
    return instance === undefined ? [] : [renderNotification(group, instance, nowMs)];
  });
}

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

function addToGroup(groups: Map<string, [StoredEvent, ...StoredEvent[]][]>, event: StoredEvent): void {
  const key = JSON.stringify([event.instanceId, event.resource, event.pollDateMs]);
  const chunks = groups.get(key) ?? [];
  groups.set(key, chunks);
  const last = chunks.at(-1);
  if (last !== undefined && last.length < mostEventsPerNotification) last.push(event);
  else chunks.push([event]);
}
