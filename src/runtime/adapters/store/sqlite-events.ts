import type { DatabaseSync } from 'node:sqlite';
import type { EventState, EventSummary, EventType, StoredEvent } from '../../ports/event.ts';
import type { OutboxStore, PollBacklog } from '../../ports/outbox-store.ts';
import { conditionOf } from './event-condition.ts';
import type { ConditionWords } from './event-condition.ts';
import { prepareAttemptsOf } from './sqlite-attempts.ts';
import { theirEvents } from './sqlite-carried.ts';
import { integer, optionalInteger, optionalText, text } from './row.ts';
import type { Row } from './row.ts';
import { recordOf } from './sqlite-records.ts';

type EventQueries = Pick<OutboxStore, 'backlog' | 'listEvents' | 'readEvent'>;

export const sqliteWords: ConditionWords<string> = {
  placeholder: () => '?',
  isAmong: (column, placeholder) => `${column} IN (SELECT value FROM json_each(${placeholder}))`,
  list: (texts) => JSON.stringify(texts),
};

/** What people ask about events. */
export function createEventQueries(database: DatabaseSync): EventQueries {
  const selectOne = database.prepare(`${summaryOf(recordOf('events'), states)} WHERE events.id = ?`);
  const attemptsOf = prepareAttemptsOf(database);
  return {
    backlog: prepareBacklog(database),
    listEvents: async (filter, { limit, beforeSequence }) => {
      const { condition, values } = conditionOf(filter, sqliteWords);
      const before = beforeSequence ?? Number.MAX_SAFE_INTEGER;
      const select = database.prepare(`
        ${summaryOf('NULL AS record', states)}
        WHERE ${condition} AND ${isUndelivered[filter.state ?? 'delivered']} AND events.sequence < ? ORDER BY events.sequence DESC LIMIT ?`);
      return select.all(...values, before, limit).map(toSummary);
    },
    readEvent: async (id) => {
      const row = selectOne.get(id);
      if (row === undefined) return undefined;
      const summary = toSummary(row);
      return { ...summary, record: text(row, 'record'), attempts: attemptsOf(summary.sequence) };
    },
  };
}

/** Events, each with its state, as the other database has them in one table. */
const states = 'event_states AS events';

/** What is not delivered is found by itself: there may be millions of events that are. */
const isUndelivered: Readonly<Record<EventState, string>> = {
  delivered: 'TRUE',
  dead: `events.sequence IN (${sequencesIn('dead')})`,
  pending: `events.sequence IN (SELECT event_sequence FROM waiting UNION ALL ${sequencesIn('pending')})`,
};

function sequencesIn(state: 'pending' | 'dead'): string {
  return `SELECT events.sequence FROM notifications ${theirEvents} WHERE notifications.state = '${state}'`;
}

export function summaryOf(record: string, events = 'events'): string {
  return `
    SELECT events.sequence, events.id, events.instance_id, events.resource, events.object_id, events.type,
      events.reason, events.date_ms, events.poll_date_ms, events.replays, events.state, events.settled_ms,
      events.notification_id, ${record},
      notifications.state AS notification_state, notifications.attempts, notifications.last_failure,
      notifications.next_attempt_ms
    FROM ${events} LEFT JOIN notifications ON notifications.id = events.notification_id`;
}

function prepareBacklog(database: DatabaseSync): OutboxStore['backlog'] {
  const select = database.prepare(`
    WITH parts AS (
      SELECT events.poll_key, count(*) AS pending, 0 AS dead, min(events.sequence) AS first
      FROM waiting CROSS JOIN events ON events.sequence = waiting.event_sequence
      GROUP BY events.poll_key
      UNION ALL
      SELECT events.poll_key, count(*) FILTER (WHERE notifications.state = 'pending'),
        count(*) FILTER (WHERE notifications.state = 'dead'),
        min(events.sequence) FILTER (WHERE notifications.state = 'pending')
      FROM notifications
        ${theirEvents}
      GROUP BY events.poll_key),
    sums AS (
      SELECT poll_key, sum(pending) AS pending, sum(dead) AS dead, min(first) AS first FROM parts GROUP BY poll_key)
    SELECT sums.*, (SELECT poll_date_ms FROM events WHERE sequence = sums.first) AS oldest_ms
    FROM sums ORDER BY poll_key`);
  return async () => select.all().map(toBacklog);
}

export function toBacklog(row: Row): PollBacklog {
  return {
    pollKey: text(row, 'poll_key'),
    pendingEvents: integer(row, 'pending'),
    oldestPendingMs: optionalInteger(row, 'oldest_ms'),
    deadEvents: integer(row, 'dead'),
  };
}

/** What `toEvent` needs, but for the record. */
export function eventColumns(events: string): string {
  const columns = 'sequence id instance_id resource object_id type reason date_ms poll_date_ms replays';
  return columns.replaceAll(/\w+/g, (column) => `${events}.${column}`).replaceAll(' ', ', ');
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

export function toSummary(row: Row): EventSummary {
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
