import type { PollStatus, StateStatus } from '../../runtime/observe/state-status.ts';
import { describeDuration, describeTime } from './describe-time.ts';
import { textTable } from './text-table.ts';

/** For people: what is wrong comes last, where the eye is. */
export function renderStatus(status: StateStatus, nowMs: number): string {
  const { polls, endpoints, grants, needs } = status;
  const sections = [
    textTable([pollHeader, ...polls.map((poll) => pollRow(poll, nowMs))]),
    notes(polls.flatMap(({ instance, resource, reason }) => noteOf(`${instance}/${resource}`, reason))),
    textTable([
      ['receiver', 'state', 'since', 'instances'],
      ...endpoints.map(({ endpoint, state, sinceMs, retryAtMs, instanceIds }) => [
        endpoint,
        state === 'open' ? `left alone, next try ${describeTime(retryAtMs, nowMs)}` : endpointStates[state],
        describeTime(sinceMs, nowMs),
        instanceIds.length > 3 ? `${instanceIds.length} instances` : instanceIds.join(', '),
      ]),
    ]),
    notes(endpoints.flatMap(({ endpoint, reason }) => noteOf(endpoint, reason))),
    textTable([
      ['grant', 'state', 'idles out'],
      ...grants.map(({ instanceId, isOver, refreshExpiresMs }) => [
        instanceId,
        isOver ? 'over' : 'good',
        describeTime(refreshExpiresMs, nowMs),
      ]),
    ]),
    notes(grants.flatMap(({ instanceId, deadReason }) => noteOf(instanceId, deadReason))),
  ];
  const shown = [sections[0], sections[1], ...(endpoints.length === 0 ? [] : sections.slice(2, 4))];
  const all = [...shown, ...(grants.length === 0 ? [] : sections.slice(4))];
  return `${all.filter((section) => section !== '').join('\n')}\n${conclusion(needs)}\n`;
}

/** The words of circuit breakers, `closed` and `open`, read the wrong way round at night: programs get those. */
const endpointStates = { closed: 'accepts', disabled: 'disabled' } as const;

const pollHeader = ['poll', 'state', 'last success', 'behind', 'next', 'waiting', 'given up'];

function pollRow(poll: PollStatus, nowMs: number): readonly string[] {
  const { instance, resource, state, failures, watermarkMs, pendingEvents, oldestPendingMs } = poll;
  const waiting =
    oldestPendingMs === undefined || pendingEvents === 0
      ? String(pendingEvents)
      : `${pendingEvents} for ${describeDuration(nowMs - oldestPendingMs)}`;
  return [
    `${instance}/${resource}`,
    failures > 0 ? `${state} (${failures})` : state,
    describeTime(poll.lastSuccessMs, nowMs),
    watermarkMs === undefined ? '-' : describeDuration(nowMs - watermarkMs),
    poll.dueMs !== undefined && poll.dueMs <= nowMs ? 'due' : describeTime(poll.dueMs, nowMs),
    waiting,
    String(poll.deadEvents),
  ];
}

function noteOf(name: string, reason: string | undefined): readonly string[] {
  return reason === undefined ? [] : [`${name}: ${reason}`];
}

function notes(lines: readonly string[]): string {
  return lines.length === 0 ? '' : textTable(lines.map((line) => [line]));
}

function conclusion(needs: readonly string[]): string {
  return needs.length === 0 ? 'nothing needs you' : needs.map((need) => `! ${need}`).join('\n');
}

/** For programs: the contract is in docs/state.md. */
export function statusToJson({ polls, endpoints, grants, needs }: StateStatus): unknown {
  return {
    formatVersion: '1.0',
    needs,
    polls: polls.map(({ lastSuccessMs, watermarkMs, dueMs, reason, oldestPendingMs, ...rest }) => ({
      ...rest,
      reason: reason ?? null,
      lastSuccess: iso(lastSuccessMs),
      watermark: iso(watermarkMs),
      due: iso(dueMs),
      oldestPending: iso(oldestPendingMs),
    })),
    endpoints: endpoints.map(
      ({ endpoint, state, reason, sinceMs, retryAtMs, failingSinceMs, instanceIds }) => ({
        endpoint,
        state,
        reason: reason ?? null,
        since: iso(sinceMs),
        retryAt: iso(retryAtMs),
        failingSince: iso(failingSinceMs),
        instances: instanceIds,
      }),
    ),
    grants: grants.map(({ instanceId, isOver, deadReason, refreshExpiresMs }) => ({
      instance: instanceId,
      state: isOver ? 'over' : 'good',
      reason: deadReason ?? null,
      idlesOut: iso(refreshExpiresMs),
    })),
  };
}

export function iso(epochMs: number | undefined): string | null {
  return epochMs === undefined ? null : new Date(epochMs).toISOString();
}
