import type { InstancePlan } from '../poll-plan.ts';
import type { Notification } from '../ports/store.ts';
import type { WakeUp } from '../wake-up.ts';
import { groupEvents } from './group-events.ts';
import { sendNotification } from './send-notification.ts';
import type { DeliverPorts } from './send-notification.ts';

export interface DeliveryRun extends DeliverPorts {
  readonly instances: ReadonlyMap<string, InstancePlan>;
  /** Noticed whenever new events may be in the outbox. */
  readonly wakeUp: WakeUp;
}

const mostInFlight = 64;
/** Of one instance: a receiver that hangs must not take every place. */
const mostInFlightPerInstance = 8;
const eventsPerGrouping = 200;
/** Only a safeguard: every change of the outbox wakes the loop. */
const longestSleepMs = 60_000;

/**
 * Delivers what is in the outbox until the signal aborts, and then waits for what is under way. With `untilIdle` it
 * returns as soon as nothing is due.
 */
export async function runDelivery(
  run: DeliveryRun,
  signal: AbortSignal,
  { untilIdle }: { readonly untilIdle: boolean },
): Promise<void> {
  const inFlight: InFlight = new Map();
  try {
    while (!signal.aborted) {
      const hasGrouped = await groupNewEvents(run);
      const hasStarted = await startDue(inFlight, run);
      if (hasGrouped || hasStarted) continue;
      if (untilIdle && inFlight.size === 0) return;
      await waitForWork(inFlight, run, signal);
    }
  } finally {
    await Promise.all([...inFlight.values()].map(({ sending }) => sending));
  }
}

type InFlight = Map<string, { readonly instanceId: string; readonly sending: Promise<void> }>;

async function groupNewEvents({ store, instances, clock, crash }: DeliveryRun): Promise<boolean> {
  const events = await store.outbox.readUngrouped([...instances.keys()], eventsPerGrouping);
  const notifications = groupEvents(events, instances, clock.now());
  if (notifications.length === 0) return false;
  await store.outbox.addNotifications(notifications, clock.now());
  crash('outbox-after-group');
  return true;
}

/** Starts what is due and has a place. A notification that has ended makes room by waking the loop. */
async function startDue(inFlight: InFlight, run: DeliveryRun): Promise<boolean> {
  const places = mostInFlight - inFlight.size;
  const instanceIds = [...run.instances.keys()].filter((id) => placesOf(id, inFlight) > 0);
  if (places === 0 || instanceIds.length === 0) return false;
  const due = await run.store.outbox.readDue({
    nowMs: run.clock.now(),
    instanceIds,
    inFlight: [...inFlight.keys()],
    limit: places,
  });
  let hasStarted = false;
  for (const notification of due) {
    const instance = run.instances.get(notification.instanceId);
    if (instance === undefined || placesOf(instance.id, inFlight) === 0) continue;
    start(notification, instance, { inFlight, run });
    hasStarted = true;
  }
  return hasStarted;
}

function start(
  notification: Notification,
  instance: InstancePlan,
  { inFlight, run }: { readonly inFlight: InFlight; readonly run: DeliveryRun },
): void {
  const sending = sendNotification(notification, instance, run).finally(() => {
    inFlight.delete(notification.id);
    run.wakeUp.notify();
  });
  // A failure of the store ends the loop, at its next wait; until then it is nobody's unhandled rejection.
  sending.catch(() => undefined);
  inFlight.set(notification.id, { instanceId: instance.id, sending });
}

function placesOf(instanceId: string, inFlight: InFlight): number {
  const taken = [...inFlight.values()].filter((sending) => sending.instanceId === instanceId).length;
  return mostInFlightPerInstance - taken;
}

async function waitForWork(inFlight: InFlight, run: DeliveryRun, signal: AbortSignal): Promise<void> {
  const dueMs = await run.store.outbox.nextDueMs([...run.instances.keys()]);
  const nowMs = run.clock.now();
  // What is due and yet not started waits for something in flight, which will wake the loop.
  const isWaiting = dueMs !== undefined && dueMs > nowMs;
  const sleepMs = isWaiting ? Math.min(dueMs - nowMs, longestSleepMs) : longestSleepMs;
  await run.wakeUp.wait(sleepMs, signal);
}
