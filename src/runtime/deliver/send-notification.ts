import type { Clock } from '../../sage/clock.ts';
import type { Crash } from '../crash-points.ts';
import type { InstancePlan } from '../poll-plan.ts';
import type { Delivery, DeliveryOutcome } from '../ports/delivery.ts';
import type { Attempt, Notification } from '../ports/outbox-store.ts';
import type { Store } from '../ports/store.ts';
import type { Report } from '../report.ts';
import { describeAttempt } from './attempt.ts';
import type { EndpointGate } from './endpoint-gate.ts';
import { endpointNameOf } from './endpoint-name.ts';
import { halve } from './group-events.ts';
import { isBodyRefused, nextAttemptMs } from './retry-schedule.ts';
import { signatureHeaders } from './sign.ts';

export interface DeliverPorts {
  readonly store: Store;
  readonly delivery: Delivery;
  readonly endpoints: EndpointGate;
  readonly clock: Clock;
  readonly crash: Crash;
  readonly report: Report;
}

/** Sends one notification once. Writes a failure down; an acceptance is the caller's to write, many at a time. */
export async function sendNotification(
  notification: Notification,
  instance: InstancePlan,
  ports: DeliverPorts,
): Promise<Attempt> {
  const { id, body } = notification;
  const { target } = instance;
  ports.crash('delivery-before-send');
  const startedMs = ports.clock.now();
  const outcome = await ports.delivery.send({
    target,
    body,
    headers: signatureHeaders({
      id,
      body,
      key: target.signatureKey,
      previousKey: target.previousSignatureKey,
      timestampMs: startedMs,
    }),
  });
  await ports.endpoints.judge(endpointNameOf(target), outcome);
  const attempt = describeAttempt(outcome, { target, startedMs, endedMs: ports.clock.now() });
  if (outcome.kind !== 'accepted') await recordFailed(notification, { instance, outcome, attempt }, ports);
  return attempt;
}

async function recordFailed(
  notification: Notification,
  failed: {
    readonly instance: InstancePlan;
    readonly outcome: FailedOutcome;
    readonly attempt: Attempt;
  },
  ports: DeliverPorts,
): Promise<void> {
  const { store, clock, report } = ports;
  const { outcome, attempt } = failed;
  const { id, instanceId, eventCount } = notification;
  const nowMs = clock.now();
  const failedAttempts = notification.attempts + 1;
  const about = { instance: instanceId, id, events: eventCount, reason: attempt.failure ?? '' };
  const parts = await partsOf(notification, { ...failed, failedAttempts, nowMs }, ports);
  if (parts !== undefined) {
    await store.outbox.split(id, parts, { attempt, nowMs });
    report({ kind: 'notification-split', ...about, parts: parts.length });
    return;
  }
  const retryAtMs = nextAttemptMs({
    failedAttempts,
    firstFailedMs: notification.firstFailedMs ?? nowMs,
    nowMs,
    retryAfterMs: outcome.kind === 'rejected' ? outcome.retryAfterMs : undefined,
  });
  if (retryAtMs === undefined) {
    await store.outbox.markDead(id, { attempt, nowMs });
    report({ kind: 'notification-dead', ...about, attempt: failedAttempts });
  } else {
    await store.outbox.markFailed(id, { attempt, nextAttemptMs: retryAtMs, nowMs });
    report({ kind: 'notification-failed', ...about, attempt: failedAttempts, retryAtMs });
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
    readonly failedAttempts: number;
    readonly nowMs: number;
  },
  { store }: DeliverPorts,
): Promise<ReturnType<typeof halve>> {
  const { instance, outcome, failedAttempts, nowMs } = failure;
  if (outcome.kind !== 'rejected' || !isBodyRefused(outcome.status)) return undefined;
  if (eventCount < 2 || failedAttempts < refusalsBeforeSplit) return undefined;
  return halve(await store.outbox.readEventsOf(id), instance, nowMs);
}
