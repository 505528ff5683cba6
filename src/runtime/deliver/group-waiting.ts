import type { Clock } from '../../sage/clock.ts';
import type { InstancePlan } from '../poll-plan.ts';
import type { NewNotification } from '../ports/outbox-store.ts';
import type { Store } from '../ports/store.ts';
import { mostInFlight, mostPerInstance } from './count-places.ts';
import type { Fill } from './count-places.ts';
import type { DeliveryState } from './delivery-state.ts';
import { mostEventsPerNotification } from './envelope.ts';
import { groupEvents } from './group-events.ts';
import type { NotificationForm } from './notification-form.ts';

/** Where ten are in a body, as many as fill the places of an instance, and others that follow as those are accepted. */
const eventsOfEach = 4 * mostPerInstance * mostEventsPerNotification;
const eventsPerGrouping = 4 * mostInFlight * mostEventsPerNotification;
/** A page of Sage: where bodies carry their page, no larger one is made of several. */
const eventsPerPage = 200;
/** Of bodies that are in memory until there is room for them. */
const mostReadyBytes = 8 * 1024 * 1024;

interface GroupingPorts {
  readonly store: Store;
  readonly instances: ReadonlyMap<string, InstancePlan>;
  readonly clock: Clock;
  readonly notification?: NotificationForm | undefined;
}

/** Makes notifications of events that wait, where there is a place for one. */
export async function groupWaiting(
  kind: 'new' | 'replayed',
  state: DeliveryState,
  { store, instances, clock, notification }: GroupingPorts,
  { left, places }: Fill,
): Promise<readonly NewNotification[]> {
  if (left <= 0) return [];
  const { ready } = state;
  const supplied = new Set([...ready.values()].map(({ instanceId }) => instanceId));
  const instanceIds = [...instances.keys()].filter((id) => places.of(id) > 0 && !supplied.has(id));
  if (instanceIds.length === 0) return [];
  const isByPage = notification?.raw === 'page';
  const events = await store.outbox.readUngrouped({
    kind,
    instanceIds,
    limit: isByPage ? eventsPerPage : eventsPerGrouping,
    ofEach: isByPage ? eventsPerPage : eventsOfEach,
  });
  const added = groupEvents(events, instances, clock.now(), notification);
  let bytes = [...ready.values()].reduce((sum, { body }) => sum + body.length, 0);
  for (const { id, instanceId, body, eventSequences } of added) {
    bytes += body.length;
    if (bytes > mostReadyBytes) {
      // They are read when there is room for them.
      state.lookedMs = Number.NEGATIVE_INFINITY;
      break;
    }
    const eventCount = eventSequences.length;
    ready.set(id, { id, instanceId, body, eventCount, attempts: 0, firstFailedMs: undefined });
  }
  return added;
}
