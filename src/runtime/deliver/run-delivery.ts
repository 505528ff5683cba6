import { setImmediate } from 'node:timers/promises';
import type { InstancePlan } from '../poll-plan.ts';
import type { Attempt, Notification } from '../ports/store.ts';
import type { WakeUp } from '../wake-up.ts';
import { countPlaces } from './count-places.ts';
import { endpointNameOf } from './endpoint-name.ts';
import { groupEvents } from './group-events.ts';
import type { NotificationForm } from './notification-form.ts';
import { sendNotification } from './send-notification.ts';
import type { DeliverPorts } from './send-notification.ts';

export interface DeliveryRun extends DeliverPorts {
  readonly instances: ReadonlyMap<string, InstancePlan>;
  readonly notification?: NotificationForm | undefined;
  /** Noticed whenever new events may be in the outbox. */
  readonly wakeUp: WakeUp;
}

const mostInFlight = 64;
const eventsPerGrouping = 200;
/** So many answers come in this time that a quick receiver is never left without work. */
const gatheringMs = 4;
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
  const state: DeliveryState = { inFlight: new Map(), accepted: [], answers: 0, failure: undefined };
  try {
    while (!signal.aborted && state.failure === undefined) {
      await recordAccepted(state, run);
      const { answers } = state;
      const hasGrouped = await groupEventsOf('new', run);
      const hasStarted = await startDue(state, run);
      if (hasGrouped || hasStarted) continue;
      // What is delivered anew goes when there is room.
      if (state.inFlight.size === 0 && (await groupEventsOf('replayed', run))) continue;
      // An answer since may have left something due.
      if (untilIdle && state.answers !== answers) continue;
      if (untilIdle && state.inFlight.size === 0) break;
      if (untilIdle) await Promise.race([...state.inFlight.values()].map(({ sending }) => sending));
      else await waitForWork(run, signal);
    }
  } finally {
    await Promise.all([...state.inFlight.values()].map(({ sending }) => sending));
    await recordAccepted(state, run);
  }
  if (state.failure !== undefined) throw state.failure.cause;
}

interface DeliveryState {
  /** By notification id, until what came of it is written. The promises never reject. */
  readonly inFlight: Map<string, { readonly instanceId: string; readonly sending: Promise<void> }>;
  /** What receivers have accepted and nobody has written yet. */
  readonly accepted: { readonly notification: Notification; readonly attempt: Attempt }[];
  /** How many receivers have answered, or failed to. */
  answers: number;
  /** The first thing that went wrong on our side: the loop ends with it. */
  failure: { readonly cause: unknown } | undefined;
}

/** Writes acceptances down, all that came in meanwhile at once: to sync the disk for each would take longest of all. */
async function recordAccepted(
  state: DeliveryState,
  { store, clock, crash, report }: DeliveryRun,
): Promise<void> {
  if (state.accepted.length === 0) return;
  // One turn of the event loop, in which all answers that have arrived are read, not just the first. While more are on
  // their way, others will come in a moment: one commit and one look at what is due will do for all of them.
  await setImmediate();
  if (state.accepted.length < state.inFlight.size) await clock.sleep(gatheringMs);
  const accepted = state.accepted.splice(0);
  crash('delivery-before-commit');
  await store.outbox.markDelivered(
    accepted.map(({ notification, attempt }) => ({ id: notification.id, attempt })),
    clock.now(),
  );
  crash('delivery-after-commit');
  for (const { notification, attempt: sent } of accepted) {
    const { id, instanceId: instance, eventCount: events, attempts } = notification;
    state.inFlight.delete(id);
    const status = sent.status ?? 0;
    report({ kind: 'notification-delivered', instance, id, events, status, attempt: attempts + 1 });
  }
}

async function groupEventsOf(
  kind: 'new' | 'replayed',
  { store, instances, clock, crash, notification }: DeliveryRun,
): Promise<boolean> {
  const instanceIds = [...instances.keys()];
  const events = await store.outbox.readUngrouped({ kind, instanceIds, limit: eventsPerGrouping });
  const notifications = groupEvents(events, instances, clock.now(), notification);
  if (notifications.length === 0) return false;
  await store.outbox.addNotifications(notifications, clock.now());
  crash('outbox-after-group');
  return true;
}

/** Starts what is due and has a place. A notification that has ended makes room by waking the loop. */
async function startDue(state: DeliveryState, run: DeliveryRun): Promise<boolean> {
  const { inFlight } = state;
  const limit = mostInFlight - inFlight.size;
  if (limit === 0) return false;
  const places = countPlaces(run, inFlight);
  const free = new Map(
    [...run.instances.keys()].map((id) => [id, places.of(id)] as const).filter(([, left]) => left > 0),
  );
  if (free.size === 0) return false;
  const sending = [...inFlight.keys()];
  const due = await run.store.outbox.readDue({
    nowMs: run.clock.now(),
    instanceIds: [...free.keys()],
    places: free,
    inFlight: sending,
    limit,
  });
  let hasStarted = false;
  for (const notification of due) {
    const instance = run.instances.get(notification.instanceId);
    if (instance === undefined || places.of(instance.id) === 0) continue;
    places.take(instance.id);
    start(notification, instance, { state, run });
    hasStarted = true;
  }
  return hasStarted;
}

function start(
  notification: Notification,
  instance: InstancePlan,
  { state, run }: { readonly state: DeliveryState; readonly run: DeliveryRun },
): void {
  const sending = send(notification, instance, { state, run });
  state.inFlight.set(notification.id, { instanceId: instance.id, sending });
}

async function send(
  notification: Notification,
  instance: InstancePlan,
  { state, run }: { readonly state: DeliveryState; readonly run: DeliveryRun },
): Promise<void> {
  try {
    const attempt = await sendNotification(notification, instance, run);
    if (attempt.failure === undefined) state.accepted.push({ notification, attempt });
    else state.inFlight.delete(notification.id);
  } catch (cause) {
    state.failure ??= { cause };
    state.inFlight.delete(notification.id);
  }
  state.answers += 1;
  run.wakeUp.notify();
}

async function waitForWork(run: DeliveryRun, signal: AbortSignal): Promise<void> {
  const { store, instances, clock, wakeUp, endpoints } = run;
  const nowMs = clock.now();
  const open = [...instances.values()].filter(({ target }) => endpoints.places(endpointNameOf(target)) > 0);
  const dueMs = await store.outbox.nextDueMs(
    open.map(({ id }) => id),
    nowMs,
  );
  const receivers = new Set([...instances.values()].map(({ target }) => endpointNameOf(target)));
  const tryMs = endpoints.nextTryMs(receivers) ?? Infinity;
  // What is due already and was not started waits for something in flight, which will wake the loop.
  const nextMs = Math.min(dueMs ?? Infinity, tryMs);
  await wakeUp.wait(Math.min(nextMs - nowMs, longestSleepMs), signal);
}
