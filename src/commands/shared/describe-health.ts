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
    `${countOf(outbox.pendingEvents, 'event')} waiting`,
    ...(outbox.deadNotifications > 0
      ? [`${countOf(outbox.deadNotifications, 'notification')} given up`]
      : []),
  ];
  const again = backfill === undefined ? '' : ` · backfill ${backfill.done} of ${backfill.total} resources`;
  return `${countOf(instances, 'instance')}, ${countOf(sum('polls'), 'poll')}: ${polls.join(', ')} · ${events.join(', ')}${again}`;
}

function countOf(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function describeNext(waitMs: number): string {
  return waitMs <= 0 ? 'polling' : `next in ${Math.ceil(waitMs / 1000)} s`;
}
