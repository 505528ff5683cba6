import type { DatabaseSync } from 'node:sqlite';
import type { EventType, StoredEvent } from '../../ports/event.ts';
import type { OutboxStore } from '../../ports/outbox-store.ts';
import { text } from './row.ts';
import { theirEvents } from './sqlite-carried.ts';
import { eventColumns } from './sqlite-events.ts';
import { recordOf } from './sqlite-records.ts';

/** Of records that are read at once: they and the bodies made of them are in memory together. */
const mostCharactersAtOnce = 4 * 1024 * 1024;

export function prepareReadUngrouped(database: DatabaseSync): OutboxStore['readUngrouped'] {
  const readOf = { new: prepareReadKind(database, 0), replayed: prepareReadKind(database, 1) };
  return async ({ kind, instanceIds, limit, ofEach = limit }) => {
    const wanted = new Set(instanceIds);
    const { instancesWithSome, read } = readOf[kind];
    const events: StoredEvent[] = [];
    let characters = 0;
    for (const instanceId of instancesWithSome()) {
      const left = Math.min(limit - events.length, ofEach);
      if (left <= 0 || characters > mostCharactersAtOnce) break;
      if (!wanted.has(instanceId)) continue;
      for (const row of read(instanceId, left)) {
        const event = toStoredEvent(row);
        events.push(event);
        characters += event.record.length;
        if (characters > mostCharactersAtOnce) break;
      }
    }
    return events.toSorted((left, right) => left.sequence - right.sequence);
  };
}

interface UngroupedQueries {
  /** Whose event has waited longest comes first. */
  readonly instancesWithSome: () => readonly string[];
  readonly read: (instanceId: string, limit: number) => Iterable<EventRow>;
}

/** Of a row `candidate`: an earlier event of its object waits to be delivered anew. */
export const isBehindReplay = `
  EXISTS (
    SELECT 1 FROM events AS earlier INDEXED BY events_replayed
    CROSS JOIN waiting AS again
      ON again.is_replay = 1 AND again.instance_id = earlier.instance_id AND again.event_sequence = earlier.sequence
    WHERE earlier.poll_key = candidate.poll_key AND earlier.object_id = candidate.object_id
      AND earlier.sequence < candidate.sequence AND earlier.replays > 0)`;

function prepareReadKind(database: DatabaseSync, isReplay: 0 | 1): UngroupedQueries {
  const among = `FROM waiting WHERE is_replay = ${isReplay}`;
  // From one instance to the next: there may be thousands of events of each.
  const selectInstances = database.prepare(`
    WITH RECURSIVE some (instance_id) AS (
      SELECT min(instance_id) ${among}
      UNION ALL
      SELECT (SELECT min(instance_id) ${among} AND instance_id > some.instance_id)
      FROM some WHERE some.instance_id IS NOT NULL)
    SELECT instance_id, (SELECT min(event_sequence) ${among} AND instance_id = some.instance_id) AS first
    FROM some WHERE instance_id IS NOT NULL ORDER BY first`);
  // What is under way is little, however much waits; it is looked up by the object, which tells most apart.
  const select = database.prepare(`
    WITH held AS MATERIALIZED (
      SELECT events.object_id, events.poll_key, events.sequence
      FROM notifications INDEXED BY notifications_of_instance
        ${theirEvents}
      WHERE notifications.state = 'pending' AND notifications.instance_id = ?)
    SELECT ${eventColumns('candidate')}, ${recordOf('candidate')}
    FROM waiting CROSS JOIN events AS candidate ON candidate.sequence = waiting.event_sequence
      LEFT JOIN held ON held.object_id = candidate.object_id AND held.poll_key = candidate.poll_key
        AND held.sequence < candidate.sequence
    WHERE waiting.is_replay = ${isReplay} AND waiting.instance_id = ? AND held.sequence IS NULL
      ${isReplay === 1 ? '' : `AND NOT ${isBehindReplay}`}
    ORDER BY waiting.event_sequence LIMIT ?`);
  select.setReturnArrays(true);
  return {
    instancesWithSome: () => selectInstances.all().map((row) => text(row, 'instance_id')),
    // What the columns hold the tables have made sure of.
    read: (instanceId, limit) =>
      select.iterate(instanceId, instanceId, limit) as Iterable<unknown> as Iterable<EventRow>,
  };
}

/** By column: of the thousands that are read at a time, an object each takes a sixth longer. */
type EventRow = readonly [
  sequence: number,
  id: string,
  instanceId: string,
  resource: string,
  objectId: string,
  type: EventType,
  reason: string,
  dateMs: number,
  pollDateMs: number,
  replays: number,
  record: string,
];

function toStoredEvent(row: EventRow): StoredEvent {
  const [sequence, id, instanceId, resource, objectId, type, reason, dateMs, pollDateMs, replays, record] =
    row;
  return { sequence, id, instanceId, resource, objectId, type, reason, dateMs, pollDateMs, replays, record };
}
