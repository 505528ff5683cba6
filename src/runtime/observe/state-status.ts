import type { EndpointState } from '../ports/endpoint-store.ts';
import type { GrantSummary } from '../ports/grant-store.ts';
import type { PollState } from '../ports/poll-store.ts';
import type { Store } from '../ports/store.ts';

/** How one resource of one instance stands. Times are epoch milliseconds. */
export interface PollStatus {
  readonly instance: string;
  readonly resource: string;
  /** `new`: no poll of it has succeeded yet. */
  readonly state: 'ok' | 'new' | 'failing' | 'paused';
  readonly lastSuccessMs: number | undefined;
  /** Changes from before are delivered or wait here. */
  readonly watermarkMs: number | undefined;
  /** When it is polled next; undefined while it is paused. */
  readonly dueMs: number | undefined;
  readonly failures: number;
  readonly reason: string | undefined;
  readonly pendingEvents: number;
  readonly oldestPendingMs: number | undefined;
  readonly deadEvents: number;
}

export interface StateStatus {
  readonly polls: readonly PollStatus[];
  readonly endpoints: readonly (EndpointState & { readonly instanceIds: readonly string[] })[];
  readonly grants: readonly (GrantSummary & { readonly isOver: boolean })[];
  /** What does not get better by itself, with what to do. */
  readonly needs: readonly string[];
}

/** Reads how everything in the state stands, or one instance. Backfills are not polls, and left out. */
export async function readStateStatus(
  store: Pick<Store, 'polls' | 'outbox' | 'endpoints' | 'grants'>,
  { nowMs, instanceId }: { readonly nowMs: number; readonly instanceId: string | undefined },
): Promise<StateStatus> {
  const isMeant = (id: string): boolean => instanceId === undefined || id === instanceId;
  const backlog = new Map((await store.outbox.backlog()).map((entry) => [entry.pollKey, entry]));
  const polls = (await store.polls.list())
    .filter((poll) => isMeant(poll.instanceId) && poll.key === `${poll.instanceId}/${poll.resource}`)
    .map((poll) => ({ ...toStatus(poll), ...countsOf(backlog.get(poll.key)) }));
  const endpoints = (await store.endpoints.list()).filter(({ instanceIds }) => instanceIds.some(isMeant));
  const grants = (await store.grants.list())
    .filter((grant) => isMeant(grant.instanceId))
    .map((grant) => ({ ...grant, isOver: isOver(grant, nowMs) }));
  return { polls, endpoints, grants, needs: needsOf({ polls, endpoints, grants }) };
}

function toStatus(poll: PollState): Omit<PollStatus, 'pendingEvents' | 'oldestPendingMs' | 'deadEvents'> {
  const { instanceId: instance, resource, isPaused, failures, finishedMs, dueMs, notBeforeMs } = poll;
  const settled = finishedMs === undefined ? 'new' : 'ok';
  return {
    instance,
    resource,
    state: isPaused ? 'paused' : failures > 0 ? 'failing' : settled,
    lastSuccessMs: finishedMs,
    watermarkMs: poll.scans.changes.watermarkMs,
    dueMs: isPaused ? undefined : Math.max(dueMs, notBeforeMs),
    failures,
    reason: failures > 0 ? poll.failureReason : undefined,
  };
}

function countsOf(
  backlog: { pendingEvents: number; oldestPendingMs: number | undefined; deadEvents: number } | undefined,
): Pick<PollStatus, 'pendingEvents' | 'oldestPendingMs' | 'deadEvents'> {
  const { pendingEvents = 0, oldestPendingMs, deadEvents = 0 } = backlog ?? {};
  return { pendingEvents, oldestPendingMs, deadEvents };
}

function isOver({ deadReason, refreshExpiresMs }: GrantSummary, nowMs: number): boolean {
  return deadReason !== undefined || (refreshExpiresMs !== undefined && refreshExpiresMs <= nowMs);
}

function needsOf({ polls, endpoints, grants }: Omit<StateStatus, 'needs'>): readonly string[] {
  const paused = polls.filter(({ state }) => state === 'paused').length;
  const dead = polls.reduce((sum, { deadEvents }) => sum + deadEvents, 0);
  const disabled = endpoints.filter(({ state }) => state === 'disabled').length;
  const over = grants.filter((grant) => grant.isOver).length;
  return [
    ...(paused === 0
      ? []
      : [`${count(paused, 'poll')} paused: mend what the reason says, then sagecfg resume`]),
    ...(over === 0 ? [] : [`${count(over, 'grant')} over: sagecfg auth`]),
    ...(disabled === 0
      ? []
      : [`${count(disabled, 'endpoint')} disabled: mend the receiver, then sagecfg resume`]),
    ...(dead === 0
      ? []
      : [
          `${count(dead, 'event')} given up: sagecfg events list --event-state dead, then sagecfg events replay --event-state dead`,
        ]),
  ];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
