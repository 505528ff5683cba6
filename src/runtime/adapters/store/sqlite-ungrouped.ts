import type { DatabaseSync } from 'node:sqlite';
import type { StoredEvent } from '../../ports/event.ts';
import type { OutboxStore } from '../../ports/outbox-store.ts';
import { text } from './row.ts';
import type { Row } from './row.ts';
import { eventColumns, toEvent } from './sqlite-events.ts';
import { recordOf } from './sqlite-records.ts';

/** Of records that are read at once: they and the bodies made of them are in memory together. */
const mostCharactersAtOnce = 4 * 1024 * 1024;

export function prepareReadUngrouped(database: DatabaseSync): OutboxStore['readUngrouped'] {
  const readOf = {
    new: prepareReadKind(database, { kind: 'replays = 0', index: 'events_new' }),
    replayed: prepareReadKind(database, { kind: 'replays > 0', index: 'events_replayed' }),
  };
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
        const event = toEvent(row);
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
  readonly read: (instanceId: string, limit: number) => Iterable<Row>;
}

function prepareReadKind(
  database: DatabaseSync,
  { kind, index }: { readonly kind: string; readonly index: string },
): UngroupedQueries {
  const among = `FROM events INDEXED BY ${index} WHERE notification_id IS NULL AND ${kind}`;
  // From one instance to the next: there may be thousands of events of each.
  const selectInstances = database.prepare(`
    WITH RECURSIVE waiting (instance_id) AS (
      SELECT min(instance_id) ${among}
      UNION ALL
      SELECT (SELECT min(instance_id) ${among} AND instance_id > waiting.instance_id)
      FROM waiting WHERE waiting.instance_id IS NOT NULL)
    SELECT instance_id, (SELECT min(sequence) ${among} AND instance_id = waiting.instance_id) AS first
    FROM waiting WHERE instance_id IS NOT NULL ORDER BY first`);
  const select = database.prepare(`
    SELECT ${eventColumns}, ${recordOf('candidate')} FROM events AS candidate INDEXED BY ${index}
    WHERE notification_id IS NULL AND ${kind} AND instance_id = ?
      AND NOT EXISTS (
        SELECT 1 FROM events AS earlier INDEXED BY events_lane
        WHERE earlier.poll_key = candidate.poll_key AND earlier.object_id = candidate.object_id
          AND earlier.sequence < candidate.sequence AND earlier.state = 'pending'
          AND (earlier.notification_id IS NOT NULL OR NOT earlier.${kind}))
    ORDER BY sequence LIMIT ?`);
  return {
    instancesWithSome: () => selectInstances.all().map((row) => text(row, 'instance_id')),
    read: (instanceId, limit) => select.iterate(instanceId, limit),
  };
}
