import type { Clock } from '../../sage/clock.ts';
import type { Crash } from '../crash-points.ts';
import type { InstancePlan } from '../poll-plan.ts';
import type { Delivery, DeliveryOutcome } from '../ports/delivery.ts';
import type { Notification, Store } from '../ports/store.ts';
import type { Report } from '../report.ts';
import { halve } from './group-events.ts';
import { isBodyRefused, nextAttemptMs } from './retry-schedule.ts';
import { signatureHeaders } from './sign.ts';

export interface DeliverPorts {
  readonly store: Store;
  readonly delivery: Delivery;
  readonly clock: Clock;
  readonly crash: Crash;
  readonly report: Report;
}

/** Sends one notification once. Writes a failure down; an acceptance is the caller's to write, many at a time. */
export async function sendNotification(
  notification: Notification,
  instance: InstancePlan,
  ports: DeliverPorts,
): Promise<DeliveryOutcome> {
  const { id, body } = notification;
  const { target } = instance;
  ports.crash('delivery-before-send');
  const outcome = await ports.delivery.send({
    target,
    body,
    headers: signatureHeaders({ id, body, key: target.signatureKey, timestampMs: ports.clock.now() }),
  });
  if (outcome.kind !== 'accepted') await recordFailed(notification, { instance, outcome }, ports);
  return outcome;
}

async function recordFailed(
  notification: Notification,
  { instance, outcome }: { readonly instance: InstancePlan; readonly outcome: FailedOutcome },
  ports: DeliverPorts,
): Promise<void> {
  const { store, clock, report } = ports;
  const { id, instanceId, eventCount, attempts } = notification;
  const nowMs = clock.now();
  const attempt = attempts + 1;
  const reason = outcome.kind === 'unreachable' ? outcome.reason : `the receiver answered ${outcome.status}`;
  const about = { instance: instanceId, id, events: eventCount, reason };
  const parts = await partsOf(notification, { instance, outcome, attempt, nowMs }, ports);
  if (parts !== undefined) {
    await store.outbox.split(id, parts, nowMs);
    report({ kind: 'notification-split', ...about, parts: parts.length });
    return;
  }
  const retryAtMs = nextAttemptMs({
    failedAttempts: attempt,
    firstFailedMs: notification.firstFailedMs ?? nowMs,
    nowMs,
    retryAfterMs: outcome.kind === 'rejected' ? outcome.retryAfterMs : undefined,
  });
  if (retryAtMs === undefined) {
    await store.outbox.markDead(id, { reason, nowMs });
    report({ kind: 'notification-dead', ...about, attempt });
  } else {
    await store.outbox.markFailed(id, { nextAttemptMs: retryAtMs, reason, nowMs });
    report({ kind: 'notification-failed', ...about, attempt, retryAtMs });
  }
}

type FailedOutcome = Exclude<DeliveryOutcome, { kind: 'accepted' }>;

/** A body is refused this often before it is split: the first refusal may be a hiccup. */
const refusalsBeforeSplit = 2;

async function partsOf(
  { id, eventCount }: Notification,
  failure: {
    readonly instance: InstancePlan;
    readonly outcome: FailedOutcome;
    readonly attempt: number;
    readonly nowMs: number;
  },
  { store }: DeliverPorts,
): Promise<ReturnType<typeof halve>> {
  const { instance, outcome, attempt, nowMs } = failure;
  if (outcome.kind !== 'rejected' || !isBodyRefused(outcome.status)) return undefined;
  if (eventCount < 2 || attempt < refusalsBeforeSplit) return undefined;
  return halve(await store.outbox.readEventsOf(id), instance, nowMs);
}
