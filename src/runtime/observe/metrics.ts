import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { BudgetLimits } from '../../sage/request-budget.ts';
import type { RuntimeEvent } from '../report.ts';
import { grantStateOf } from './grant-state.ts';
import type { RuntimeHealth } from './health.ts';

export interface Metrics {
  readonly observe: (event: RuntimeEvent) => void;
  /** A request to the source that was answered, or not (`none`). */
  readonly observeRequest: (request: { readonly status: string; readonly seconds: number }) => void;
  readonly setRequestsInFlight: (count: number) => void;
  readonly observeDelivery: (delivery: { readonly outcome: string; readonly seconds: number }) => void;
  readonly render: () => Promise<{ readonly contentType: string; readonly text: string }>;
}

/** Names come from configurations: so many are told apart, the rest counts together. */
const mostResources = 100;

/** What Prometheus is told. Gauges are read when it asks. */
export function createMetrics({
  readHealth,
  now,
  limits,
}: {
  readonly readHealth: () => Promise<RuntimeHealth>;
  readonly now: () => number;
  readonly limits: BudgetLimits;
}): Metrics {
  const registry = new Registry();
  const resourceLabel = boundLabel();
  collectDefaultMetrics({ register: registry });
  const counters = createCounters(registry);
  const gauges = createGauges(registry);
  gauges.budgetPerSecond.set(limits.appPerSecond);
  gauges.budgetInFlight.set(limits.appInFlight);
  return {
    observe: (event) => countEvent(event, counters, resourceLabel),
    observeRequest: ({ status, seconds }) => {
      counters.requests.inc({ status });
      counters.requestSeconds.observe(seconds);
    },
    setRequestsInFlight: (count) => gauges.inFlight.set(count),
    observeDelivery: ({ outcome, seconds }) => counters.deliverySeconds.observe({ outcome }, seconds),
    render: async () => {
      setGauges(await readHealth(), gauges, { nowMs: now(), resourceLabel });
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

function boundLabel(): (resource: string) => string {
  const seen = new Set<string>();
  return (resource) => {
    if (seen.size < mostResources) seen.add(resource);
    return seen.has(resource) ? resource : 'other';
  };
}

const secondsBuckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

function createCounters(registry: Registry) {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter({ name: `sagecfg_${name}`, help, labelNames: [...labelNames], registers });
  const histogram = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Histogram({
      name: `sagecfg_${name}`,
      help,
      labelNames: [...labelNames],
      buckets: secondsBuckets,
      registers,
    });
  return {
    polls: counter('polls_total', 'Polls that ended, by what came of them.', ['resource', 'outcome']),
    pollSeconds: histogram('poll_seconds', 'How long finished polls took.', ['resource']),
    records: counter('records_read_total', 'Records read by finished polls.', ['resource']),
    unreadable: counter('unreadable_dates_total', 'Records with a date that its format does not read.', [
      'resource',
    ]),
    dropped: counter('records_dropped_total', 'Records that made no event, by reason.', [
      'resource',
      'reason',
    ]),
    events: counter('events_total', 'Events made, by type.', ['resource', 'type']),
    notifications: counter(
      'notifications_total',
      'Attempts to deliver a notification, by what came of them.',
      ['outcome'],
    ),
    deliverySeconds: histogram('delivery_seconds', 'How long receivers took to answer.', ['outcome']),
    requests: counter('source_requests_total', 'Requests to Sage, by status; 429 is the limit.', ['status']),
    requestSeconds: histogram('source_request_seconds', 'How long Sage took to answer.', []),
    refreshes: counter('token_refreshes_total', 'Token refreshes, by what came of them.', ['outcome']),
    reloads: counter('reloads_total', 'Changed files, by whether they were taken over.', ['outcome']),
  };
}

type Counters = ReturnType<typeof createCounters>;

function countEvent(event: RuntimeEvent, counters: Counters, resourceLabel: (name: string) => string): void {
  if (event.kind === 'poll-finished') countPoll(event, counters, resourceLabel(event.resource));
  else if (event.kind === 'poll-failed')
    counters.polls.inc({ resource: resourceLabel(event.resource), outcome: 'failed' });
  else if (event.kind.startsWith('notification-'))
    counters.notifications.inc({ outcome: event.kind.slice('notification-'.length) });
  else if (event.kind === 'token-refreshed') counters.refreshes.inc({ outcome: 'refreshed' });
  else if (event.kind === 'reauthorisation-needed') counters.refreshes.inc({ outcome: 'refused' });
  else if (event.kind === 'reloaded') counters.reloads.inc({ outcome: 'taken' });
  else if (event.kind === 'reload-refused') counters.reloads.inc({ outcome: 'refused' });
}

function countPoll(
  { counts, durationMs }: Extract<RuntimeEvent, { kind: 'poll-finished' }>,
  counters: Counters,
  resource: string,
): void {
  counters.polls.inc({ resource, outcome: 'finished' });
  counters.pollSeconds.observe({ resource }, durationMs / 1000);
  counters.records.inc({ resource }, counts.records);
  counters.unreadable.inc({ resource }, counts.unreadableDates);
  for (const [type, count] of Object.entries(counts.events)) counters.events.inc({ resource, type }, count);
  for (const [reason, count] of Object.entries(counts.dropped)) {
    if (count > 0) counters.dropped.inc({ resource, reason }, count);
  }
}

function createGauges(registry: Registry) {
  const registers = [registry];
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge({ name: `sagecfg_${name}`, help, labelNames: [...labelNames], registers });
  return {
    instances: gauge('instances', 'Instances that are run.'),
    pollStates: gauge('poll_keys', 'Polls: all, those whose latest try failed, those paused.', [
      'resource',
      'state',
    ]),
    watermarkAge: gauge('watermark_age_seconds', 'Age of the watermark that lies furthest back.', [
      'resource',
    ]),
    overdue: gauge('poll_overdue_seconds', 'How long the poll that has waited longest has been due.'),
    pendingEvents: gauge('outbox_events', 'Events that are neither delivered nor given up.'),
    notifications: gauge('outbox_notifications', 'Notifications that are not delivered.', ['state']),
    backfill: gauge('backfill_resources', 'Resources that --since reads again: all, and those done.', [
      'state',
    ]),
    grants: gauge('grants', 'Grants: good, idle for so long that they end within a week, dead.', ['state']),
    loopLag: gauge(
      'event_loop_lag_seconds',
      'How late the event loop runs its timers, the slowest hundredth.',
    ),
    inFlight: gauge('source_requests_in_flight', 'Requests to Sage under way.'),
    budgetPerSecond: gauge('budget_app_requests_per_second', 'Requests a second that one app may make.'),
    budgetInFlight: gauge('budget_app_requests_in_flight', 'Requests that one app may have under way.'),
  };
}

function setGauges(
  health: RuntimeHealth,
  gauges: ReturnType<typeof createGauges>,
  { nowMs, resourceLabel }: { readonly nowMs: number; readonly resourceLabel: (name: string) => string },
): void {
  gauges.instances.set(health.instances);
  gauges.pollStates.reset();
  gauges.watermarkAge.reset();
  for (const { resource: name, polls, failing, paused, oldestWatermarkMs } of health.resources) {
    const resource = resourceLabel(name);
    gauges.pollStates.inc({ resource, state: 'all' }, polls);
    gauges.pollStates.inc({ resource, state: 'failing' }, failing);
    gauges.pollStates.inc({ resource, state: 'paused' }, paused);
    if (oldestWatermarkMs !== undefined)
      gauges.watermarkAge.set({ resource }, Math.max(0, nowMs - oldestWatermarkMs) / 1000);
  }
  gauges.overdue.set(health.overdueMs / 1000);
  gauges.pendingEvents.set(health.outbox.pendingEvents);
  gauges.notifications.set({ state: 'pending' }, health.outbox.pendingNotifications);
  gauges.notifications.set({ state: 'dead' }, health.outbox.deadNotifications);
  if (health.backfill !== undefined) {
    gauges.backfill.set({ state: 'all' }, health.backfill.total);
    gauges.backfill.set({ state: 'done' }, health.backfill.done);
  }
  gauges.loopLag.set(health.loopLagMs / 1000);
  for (const state of ['good', 'idle', 'dead'] as const) {
    gauges.grants.set(
      { state },
      health.grants.filter((grant) => grantStateOf(grant, nowMs) === state).length,
    );
  }
}
