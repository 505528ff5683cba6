import type { DatabaseSync } from 'node:sqlite';
import type {
  EventFilter,
  EventState,
  EventSummary,
  EventType,
  OutboxStore,
  StoredEvent,
} from '../../ports/store.ts';
import { prepareAttemptsOf } from './sqlite-attempts.ts';
import { integer, optionalInteger, optionalText, text } from './sqlite-row.ts';
import type { Row } from './sqlite-row.ts';

type EventQueries = Pick<OutboxStore, 'backlog' | 'listEvents' | 'readEvent'>;

/** What people ask about events. */
export function createEventQueries(database: DatabaseSync): EventQueries {
  const selectOne = database.prepare(`${summaryOf('events.record')} WHERE events.id = ?`);
  const attemptsOf = prepareAttemptsOf(database);
  return {
    backlog: prepareBacklog(database),
    listEvents: async (filter, { limit, beforeSequence }) => {
      const { condition, values } = conditionOf(filter);
      const range = beforeSequence === undefined ? '' : `AND events.sequence < ${Math.trunc(beforeSequence)}`;
      const select = database.prepare(
        `${summaryOf('NULL AS record')} WHERE ${condition} ${range} ORDER BY events.sequence DESC LIMIT ?`,
      );
      return select.all(...values, limit).map(toSummary);
    },
    readEvent: async (id) => {
      const row = selectOne.get(id);
      if (row === undefined) return undefined;
      const summary = toSummary(row);
      return { ...summary, record: text(row, 'record'), attempts: attemptsOf(summary.sequence) };
    },
  };
}

/** A condition on `events`, with the values for its question marks. */
export function conditionOf({ ids, fromMs, untilMs, ...equal }: EventFilter): {
  readonly condition: string;
  readonly values: readonly (string | number)[];
} {
  const parts: { readonly sql: string; readonly value: string | number | undefined }[] = [
    {
      sql: 'events.id IN (SELECT value FROM json_each(?))',
      value: ids === undefined ? undefined : JSON.stringify(ids),
    },
    { sql: 'events.instance_id = ?', value: equal.instanceId },
    { sql: 'events.resource = ?', value: equal.resource },
    { sql: 'events.object_id = ?', value: equal.objectId },
    { sql: 'events.type = ?', value: equal.type },
    { sql: 'events.state = ?', value: equal.state },
    { sql: 'events.poll_date_ms >= ?', value: fromMs },
    { sql: 'events.poll_date_ms < ?', value: untilMs },
  ];
  const given = parts.flatMap(({ sql, value }) => (value === undefined ? [] : [{ sql, value }]));
  return {
    condition: ['TRUE', ...given.map(({ sql }) => sql)].join(' AND '),
    values: given.map(({ value }) => value),
  };
}

function summaryOf(record: string): string {
  return `
    SELECT events.sequence, events.id, events.instance_id, events.resource, events.object_id, events.type,
      events.reason, events.date_ms, events.poll_date_ms, events.replays, events.state, events.settled_ms,
      events.notification_id, ${record},
      notifications.state AS notification_state, notifications.attempts, notifications.last_failure,
      notifications.next_attempt_ms
    FROM events LEFT JOIN notifications ON notifications.id = events.notification_id`;
}

function prepareBacklog(database: DatabaseSync): OutboxStore['backlog'] {
  const select = database.prepare(`
    SELECT poll_key, sum(pending) AS pending, min(oldest_ms) AS oldest_ms, sum(dead) AS dead FROM (
      SELECT poll_key, count(*) AS pending, min(poll_date_ms) AS oldest_ms, 0 AS dead
      FROM events WHERE state = 'pending' GROUP BY poll_key
      UNION ALL
      SELECT poll_key, 0, NULL, count(*) FROM events WHERE state = 'dead' GROUP BY poll_key)
    GROUP BY poll_key`);
  return async () =>
    select.all().map((row) => ({
      pollKey: text(row, 'poll_key'),
      pendingEvents: integer(row, 'pending'),
      oldestPendingMs: optionalInteger(row, 'oldest_ms'),
      deadEvents: integer(row, 'dead'),
    }));
}

export function toEvent(row: Row): StoredEvent {
  return { ...toEventHead(row), record: text(row, 'record') };
}

function toEventHead(row: Row): Omit<StoredEvent, 'record'> {
  return {
    sequence: integer(row, 'sequence'),
    id: text(row, 'id'),
    instanceId: text(row, 'instance_id'),
    resource: text(row, 'resource'),
    objectId: text(row, 'object_id'),
    type: toEventType(text(row, 'type')),
    reason: text(row, 'reason'),
    dateMs: integer(row, 'date_ms'),
    pollDateMs: integer(row, 'poll_date_ms'),
    replays: integer(row, 'replays'),
  };
}

function toSummary(row: Row): EventSummary {
  const notificationState = optionalText(row, 'notification_state');
  return {
    ...toEventHead(row),
    state: toEventState(text(row, 'state')),
    settledMs: optionalInteger(row, 'settled_ms'),
    notificationId: optionalText(row, 'notification_id'),
    undelivered:
      notificationState === undefined
        ? undefined
        : {
            attempts: integer(row, 'attempts'),
            failure: optionalText(row, 'last_failure'),
            nextAttemptMs: notificationState === 'dead' ? undefined : integer(row, 'next_attempt_ms'),
          },
  };
}

function toEventType(type: string): EventType {
  return type === 'CREATED' || type === 'DELETED' ? type : 'UPDATED';
}

function toEventState(state: string): EventState {
  return state === 'delivered' || state === 'dead' ? state : 'pending';
}
