import type { InstancePlan } from '../poll-plan.ts';
import type { NewNotification, Notification } from '../ports/outbox-store.ts';
import type { WakeUp } from '../wake-up.ts';
import { countPlaces, mostInFlight } from './count-places.ts';
import type { Fill } from './count-places.ts';
import { beginDelivery, gather, isTimeToWrite, mostUnwritten } from './delivery-state.ts';
import type { DeliveryState } from './delivery-state.ts';
import { endpointNameOf } from './endpoint-name.ts';
import { groupWaiting } from './group-waiting.ts';
import type { NotificationForm } from './notification-form.ts';
import { sendNotification } from './send-notification.ts';
import type { DeliverPorts } from './send-notification.ts';

export interface DeliveryRun extends DeliverPorts {
  readonly instances: ReadonlyMap<string, InstancePlan>;
  readonly notification?: NotificationForm | undefined;
  /** Noticed whenever new events may be in the outbox. */
  readonly wakeUp: WakeUp;
}

/** What is due again is looked for so often, while what is new keeps every place taken. */
const lookAgainMs = 1000;
/** Far less than after which another process takes over. */
const longestSureMs = 1000;
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
  const state = beginDelivery(signal);
  try {
    while (!signal.aborted && state.failure === undefined) {
      await gather(state, run.clock);
      const { answers } = state;
      if (await takeTurn(state, run)) continue;
      // What is delivered anew goes when there is room.
      if (state.inFlight.size === 0 && (await groupReplayed(state, run))) continue;
      // An answer since may have left something due.
      if (untilIdle && state.answers !== answers) continue;
      if (untilIdle && state.inFlight.size === 0) break;
      if (untilIdle) await Promise.race([...state.inFlight.values()].map(({ sending }) => sending));
      else await waitForWork(run, signal);
    }
  } finally {
    state.isEnding = true;
    await Promise.all([...state.inFlight.values()].map(({ sending }) => sending));
    await commit(state, run, []);
  }
  if (state.failure !== undefined) throw state.failure.cause;
}

/** Writes down what was accepted and fills the places that this leaves. False when there was nothing to do. */
async function takeTurn(state: DeliveryState, run: DeliveryRun): Promise<boolean> {
  const hasAccepted = state.accepted.length > 0;
  const fill = placesToFill(state, run);
  const due = await readDue(state, run, fill);
  let hasStarted = false;
  const added = await groupWaiting('new', state, run, fill);
  await commit(state, run, added);
  state.sureMs = run.clock.now();
  for (const notification of due) if (startOne(notification, fill, { state, run })) hasStarted = true;
  for (const notification of state.ready.values()) {
    if (fill.left <= 0) break;
    if (startOne(notification, fill, { state, run })) hasStarted = true;
  }
  forgetHeldUp(state, fill);
  return hasStarted || added.length > 0 || hasAccepted;
}

function placesToFill({ inFlight, accepted }: DeliveryState, run: DeliveryRun): Fill {
  const underWay = new Map(inFlight);
  for (const { notification } of accepted) underWay.delete(notification.id);
  return { left: mostInFlight - underWay.size, places: countPlaces(run, underWay) };
}

/** What the state has that is due, but for what is in memory: there are retries in it, and what an earlier run has left. */
async function readDue(
  state: DeliveryState,
  { instances, store, clock }: DeliveryRun,
  fill: Fill,
): Promise<readonly Notification[]> {
  const nowMs = clock.now();
  const isLongAgo = nowMs - state.lookedMs >= lookAgainMs || nowMs < state.lookedMs;
  // Without an acceptance to write, this is where a store may say that it is not ours any more.
  if (fill.left <= 0 || (state.accepted.length > 0 && !isLongAgo)) return [];
  const free = new Map(
    [...instances.keys()].map((id) => [id, fill.places.of(id)] as const).filter(([, left]) => left > 0),
  );
  if (free.size === 0) return [];
  const due = await store.outbox.readDue({
    nowMs,
    instanceIds: [...free.keys()],
    places: free,
    inFlight: [...state.inFlight.keys(), ...state.ready.keys()],
    limit: fill.left,
  });
  // Where there was something, there may be more.
  state.lookedMs = due.length > 0 ? Number.NEGATIVE_INFINITY : nowMs;
  return due;
}

async function groupReplayed(state: DeliveryState, run: DeliveryRun): Promise<boolean> {
  const added = await groupWaiting('replayed', state, run, placesToFill(state, run));
  await commit(state, run, added);
  return added.length > 0;
}

/** Writes down what was accepted, and what is to be sent next, in one go. */
async function commit(
  { accepted, inFlight }: DeliveryState,
  { store, clock, crash, report }: DeliveryRun,
  added: readonly NewNotification[],
): Promise<void> {
  const count = accepted.length;
  if (count === 0 && added.length === 0) return;
  if (count === 0) await store.outbox.addNotifications(added, clock.now());
  else {
    crash('delivery-before-commit');
    const deliveries = accepted.map(({ notification: { id }, attempt }) => ({ id, attempt }));
    await store.outbox.markDelivered(deliveries, clock.now(), added);
    crash('delivery-after-commit');
  }
  if (added.length > 0) crash('outbox-after-group');
  // Others may have come meanwhile.
  for (const { notification, attempt: sent } of accepted.splice(0, count)) {
    const { id, instanceId: instance, eventCount: events, attempts } = notification;
    inFlight.delete(id);
    const status = sent.status ?? 0;
    report({ kind: 'notification-delivered', instance, id, events, status, attempt: attempts + 1 });
  }
}

/** Starts a notification if there is a place for it. One that has ended makes room by waking the loop. */
function startOne(
  notification: Notification,
  fill: Fill,
  { state, run }: { readonly state: DeliveryState; readonly run: DeliveryRun },
): boolean {
  const instance = run.instances.get(notification.instanceId);
  if (instance === undefined || fill.left <= 0 || fill.places.of(instance.id) === 0) return false;
  fill.places.take(instance.id);
  fill.left -= 1;
  state.ready.delete(notification.id);
  start(notification, instance, { state, run });
  return true;
}

/** What waits for a receiver that gets nothing now, or for an instance that is gone, waits in the state. */
function forgetHeldUp({ ready, inFlight }: DeliveryState, { left, places }: Fill): void {
  if (left <= 0 || ready.size === 0) return;
  const busy = new Set([...inFlight.values()].map(({ instanceId }) => instanceId));
  for (const { id, instanceId } of ready.values()) {
    if (places.of(instanceId) === 0 && !busy.has(instanceId)) ready.delete(id);
  }
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
    if (attempt.failure === undefined) {
      state.accepted.push({ notification, attempt });
      startNext(instance, { state, run });
    } else state.inFlight.delete(notification.id);
  } catch (cause) {
    state.failure ??= { cause };
    state.inFlight.delete(notification.id);
  }
  state.answers += 1;
  if (isTimeToWrite(state)) state.onTimeToWrite?.();
  run.wakeUp.notify();
}

/**
 * Gives the place of one that was accepted to the next of its instance, which need not wait until that is written: events
 * are only added to a notification when nothing before them is under way.
 */
function startNext(
  instance: InstancePlan,
  { state, run }: { readonly state: DeliveryState; readonly run: DeliveryRun },
): void {
  if (state.isEnding || state.signal.aborted || state.accepted.length >= mostUnwritten) return;
  const sinceMs = run.clock.now() - state.sureMs;
  // A process that stood still may have been taken for dead: another has its notifications then.
  if (sinceMs < 0 || sinceMs > longestSureMs) return;
  if (run.endpoints.places(endpointNameOf(instance.target)) < Infinity) return;
  for (const notification of state.ready.values()) {
    if (notification.instanceId !== instance.id) continue;
    state.ready.delete(notification.id);
    start(notification, instance, { state, run });
    return;
  }
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
