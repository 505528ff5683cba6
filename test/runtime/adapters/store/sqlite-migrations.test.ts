import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { migrations } from '../../../../src/runtime/adapters/store/sqlite-migrations.ts';
import { openSqliteStore } from '../../../../src/runtime/adapters/store/sqlite.ts';
import { createTokenCipher, generateTokenKey } from '../../../../src/runtime/token-cipher.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';

const ports = { cipher: createTokenCipher(generateTokenKey()), crash: () => undefined };
const versionWithRecordsInEvents = 5;

/**
 * A state as it was when an event's row held its record: two events delivered, between them one in a notification that
 * failed, one given up, one in none, and one to be delivered anew.
 */
function writeOldState(file: string): void {
  using database = new DatabaseSync(file);
  database.exec(migrations.slice(0, versionWithRecordsInEvents).join(';'));
  database.exec(`
    PRAGMA user_version = ${versionWithRecordsInEvents};
    INSERT INTO polls (key, instance_id, resource, baseline, due_ms) VALUES ('a/1', 'a', '1', 'now', 0);
    INSERT INTO events
      (sequence, id, poll_key, instance_id, resource, object_id, type, reason, date_ms, poll_date_ms, record,
        notification_id, state, settled_ms)
    VALUES
      (1, 'e1', 'a/1', 'a', '1', 'x', 'CREATED', 'new', 1, 1, '{"id":"x"}', 'n1', 'delivered', 5),
      (2, 'e2', 'a/1', 'a', '1', 'r', 'CREATED', 'new', 1, 1, '{"id":"r"}', NULL, 'pending', NULL),
      (3, 'e3', 'a/1', 'a', '1', 'y', 'CREATED', 'new', 1, 1, '{"id":"y"}', 'n3', 'pending', NULL),
      (4, 'e4', 'a/1', 'a', '1', 'z', 'CREATED', 'new', 1, 1, '{"id":"z"}', NULL, 'pending', NULL),
      (5, 'e5', 'a/1', 'a', '1', 'd', 'CREATED', 'new', 1, 1, '{"id":"d"}', 'n5', 'dead', 6),
      (6, 'e6', 'a/1', 'a', '1', 'w', 'CREATED', 'new', 1, 1, '{"id":"w"}', 'n1', 'delivered', 5);
    UPDATE events SET replays = 1 WHERE sequence = 2;
    INSERT INTO notifications
      (id, instance_id, body, event_count, state, attempts, first_failed_ms, next_attempt_ms, last_failure, created_ms)
    VALUES
      ('n3', 'a', x'7b2261223a317d', 1, 'pending', 2, 4, 5, 'down', 3),
      ('n5', 'a', x'7b7d', 1, 'dead', 10, 4, 5, 'down', 3);
    INSERT INTO former_notifications VALUES (2, 'n1');
    INSERT INTO attempts (notification_id, started_ms, duration_ms, status, failure)
    VALUES ('n3', 4, 1, 503, 'down'), ('n1', 5, 1, 200, NULL)`);
}

function keptRecords(file: string): readonly unknown[] {
  using database = new DatabaseSync(file, { readOnly: true });
  return database
    .prepare('SELECT event_sequence FROM records ORDER BY event_sequence')
    .all()
    .map((row) => row['event_sequence']);
}

it('keeps all events and bodies of a state in which records were part of the events, deletes a record with its event', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'state.db');
  writeOldState(file);
  {
    await using store = openSqliteStore(file, ports);
    const { outbox } = store;
    for (const [id, record] of [
      ['e1', '{"id":"x"}'],
      ['e3', '{"id":"y"}'],
      ['e4', '{"id":"z"}'],
    ] as const) {
      expect(await outbox.readEvent(id)).toMatchObject({ id, record });
    }
    const settled = { notificationId: 'n1', state: 'delivered', settledMs: 5, undelivered: undefined };
    for (const id of ['e1', 'e6']) {
      expect(await outbox.readEvent(id)).toMatchObject({ ...settled, attempts: [{ startedMs: 5 }] });
    }
    expect(await outbox.readEvent('e2')).toMatchObject({
      notificationId: undefined,
      state: 'pending',
      attempts: [{ notificationId: 'n1' }],
    });
    expect(await outbox.readEvent('e5')).toMatchObject({ notificationId: 'n5', state: 'dead', settledMs: 6 });
    expect(await outbox.backlog()).toEqual([
      { pollKey: 'a/1', pendingEvents: 3, oldestPendingMs: 1, deadEvents: 1 },
    ]);
    const query = { instanceIds: ['a'], limit: 10 };
    expect(await outbox.readUngrouped({ kind: 'replayed', ...query })).toMatchObject([{ id: 'e2' }]);
    const [waiting, ...others] = await outbox.readUngrouped({ kind: 'new', ...query });
    expect(waiting).toMatchObject({ id: 'e4', sequence: 4, record: '{"id":"z"}' });
    expect(others).toEqual([]);
    expect(await outbox.readEventsOf('n3')).toMatchObject([{ id: 'e3', record: '{"id":"y"}' }]);
    const [due, ...none] = await outbox.readDue({ nowMs: 5, inFlight: [], ...query });
    expect(none).toEqual([]);
    expect(due).toMatchObject({ id: 'n3', eventCount: 1, attempts: 2, firstFailedMs: 4 });
    expect(Buffer.from(due?.body ?? []).toString()).toBe('{"a":1}');
    expect(await outbox.readEvent('e3')).toMatchObject({ undelivered: { attempts: 2, nextAttemptMs: 5 } });
    expect(await outbox.counts()).toEqual({
      pendingEvents: 3,
      pendingNotifications: 1,
      deadNotifications: 1,
    });
    expect(await outbox.replay({ state: 'dead' })).toBe(1);
    expect(keptRecords(file)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await outbox.prune({ deliveredBeforeMs: 6, attemptsBeforeMs: 0, limit: 10 })).toBe(2);
  }
  expect(keptRecords(file)).toEqual([2, 3, 4, 5]);
});
