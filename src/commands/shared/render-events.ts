import type { EventDetail, EventSummary } from '../../runtime/ports/event.ts';
import { visibleText } from '../../report/visible-text.ts';
import { describeTime } from './describe-time.ts';
import { maskRecord } from './mask-record.ts';
import { iso } from './render-status.ts';
import { textTable } from './text-table.ts';

/** Newest first, as they come. */
export function renderEvents(events: readonly EventSummary[], nowMs: number): string {
  const rows = events.map((event) => [
    describeTime(event.pollDateMs, nowMs),
    event.id,
    `${event.instanceId}/${event.resource}`,
    event.type,
    event.objectId,
    stateOf(event, nowMs),
  ]);
  return textTable([['found', 'event', 'poll', 'type', 'object', 'state'], ...rows]);
}

function stateOf({ state, settledMs, undelivered, replays }: EventSummary, nowMs: number): string {
  const again = replays === 0 ? '' : `, replayed ${replays === 1 ? 'once' : `${replays} times`}`;
  if (state === 'delivered') return `delivered ${describeTime(settledMs, nowMs)}${again}`;
  const { attempts = 0, failure, nextAttemptMs } = undelivered ?? {};
  if (state === 'dead')
    return `given up after ${attempts} attempt${attempts === 1 ? '' : 's'}: ${failure ?? ''}${again}`;
  if (failure === undefined) return `waits${again}`;
  return `waits, attempt ${attempts} failed: ${failure}; next ${describeTime(nextAttemptMs, nowMs)}${again}`;
}

/** Everything about one event; texts of its record only when `isFull`. */
export function renderEvent(
  event: EventDetail,
  { nowMs, isFull }: EventView & { readonly nowMs: number },
): string {
  const facts = textTable([
    ['event', event.id],
    ['poll', `${event.instanceId}/${event.resource}, ${iso(event.pollDateMs) ?? ''}`],
    ['object', event.objectId],
    ['type', `${event.type}: ${event.reason}`],
    ['changed', iso(event.dateMs) ?? ''],
    ['state', stateOf(event, nowMs)],
    ...(event.notificationId === undefined ? [] : [['notification', event.notificationId]]),
  ]);
  const attempts = event.attempts.map(({ startedMs, durationMs, status, failure, notificationId }) => [
    `  ${iso(startedMs) ?? ''}`,
    status === undefined ? 'no answer' : String(status),
    `${durationMs} ms`,
    notificationId,
    failure ?? 'accepted',
  ]);
  const answer = event.attempts.findLast((attempt) => attempt.answer !== undefined)?.answer;
  const record = JSON.stringify(recordOf(event, { isFull }), undefined, 2);
  return [
    facts,
    attempts.length === 0 ? 'no attempt yet\n' : `attempts\n${textTable(attempts)}`,
    ...(answer === undefined ? [] : [`latest answer\n${indented(answer)}`]),
    `record${isFull ? '' : ', texts masked: --full shows them'}\n${indented(record)}`,
  ].join('\n');
}

interface EventView {
  readonly isFull: boolean;
}

function recordOf({ record }: EventDetail, { isFull }: EventView): unknown {
  const parsed: unknown = JSON.parse(record);
  return isFull ? parsed : maskRecord(parsed);
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${visibleText(line)}\n`)
    .join('');
}

/** For programs: the contract is in docs/state.md. */
export function eventToJson(event: EventSummary) {
  const { sequence, dateMs, pollDateMs, settledMs, notificationId, undelivered, instanceId } = event;
  return {
    id: event.id,
    sequence,
    instance: instanceId,
    resource: event.resource,
    object: event.objectId,
    type: event.type,
    reason: event.reason,
    date: iso(dateMs),
    pollDate: iso(pollDateMs),
    state: event.state,
    settled: iso(settledMs),
    replays: event.replays,
    notification: notificationId ?? null,
    attempts: undelivered?.attempts ?? null,
    failure: undelivered?.failure ?? null,
    nextAttempt: iso(undelivered?.nextAttemptMs),
  };
}

export function eventDetailToJson(event: EventDetail, view: EventView): unknown {
  return {
    formatVersion: '1.0',
    ...eventToJson(event),
    attempts: event.attempts.map(({ startedMs, durationMs, status, failure, answer, notificationId }) => ({
      notification: notificationId,
      started: iso(startedMs),
      milliseconds: durationMs,
      status: status ?? null,
      failure: failure ?? null,
      answer: answer ?? null,
    })),
    record: recordOf(event, view),
  };
}
