import type { RuntimeHealth } from '../../runtime/observe/health.ts';

/** One line on how a runtime stands: `3 instances, 12 polls: 1 failing, next in 12 s · 40 events waiting, 2 given up`. */
export function describeHealth(
  { instances, resources, outbox, backfill }: RuntimeHealth,
  nowMs: number,
): string {
  const sum = (key: 'polls' | 'failing' | 'paused'): number =>
    resources.reduce((total, resource) => total + resource[key], 0);
  const firstDueMs = Math.min(...resources.map((resource) => resource.firstDueMs ?? Infinity));
  const polls = [
    ...(sum('failing') > 0 ? [`${sum('failing')} failing`] : []),
    ...(sum('paused') > 0 ? [`${sum('paused')} paused`] : []),
    ...(Number.isFinite(firstDueMs) ? [describeNext(firstDueMs - nowMs)] : []),
  ];
  const events = [
    `${outbox.pendingEvents} events waiting`,
    ...(outbox.deadNotifications > 0 ? [`${outbox.deadNotifications} notifications given up`] : []),
  ];
  const again = backfill === undefined ? '' : ` · backfill ${backfill.done} of ${backfill.total} resources`;
  return `${instances} instances, ${sum('polls')} polls: ${polls.join(', ')} · ${events.join(', ')}${again}`;
}

function describeNext(waitMs: number): string {
  return waitMs <= 0 ? 'polling' : `next in ${Math.ceil(waitMs / 1000)} s`;
}
