import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { migrations } from '../../../../src/runtime/adapters/store/sqlite-migrations.ts';
import { openSqliteStore } from '../../../../src/runtime/adapters/store/sqlite.ts';
import { createTokenCipher, generateTokenKey } from '../../../../src/runtime/token-cipher.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';

const ports = { cipher: createTokenCipher(generateTokenKey()), crash: () => undefined };
const versionWithRecordsInEvents = 4;

/** A state as it was when an event's row held its record: one event delivered, one in a notification, one in none. */
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
      (3, 'e3', 'a/1', 'a', '1', 'y', 'CREATED', 'new', 1, 1, '{"id":"y"}', 'n3', 'pending', NULL),
      (4, 'e4', 'a/1', 'a', '1', 'z', 'CREATED', 'new', 1, 1, '{"id":"z"}', NULL, 'pending', NULL);
    INSERT INTO notifications (id, instance_id, body, event_count, next_attempt_ms, created_ms)
    VALUES ('n3', 'a', x'7b7d', 1, 0, 0)`);
}

function keptRecords(file: string): readonly unknown[] {
  using database = new DatabaseSync(file, { readOnly: true });
  return database
    .prepare('SELECT event_sequence FROM records ORDER BY event_sequence')
    .all()
    .map((row) => row['event_sequence']);
}

it('keeps every event of a state in which records were part of them, and deletes a record with its event', async () => {
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
    const query = { instanceIds: ['a'], limit: 10 };
    const [waiting, ...others] = await outbox.readUngrouped({ kind: 'new', ...query });
    expect(waiting).toMatchObject({ id: 'e4', sequence: 4, record: '{"id":"z"}' });
    expect(others).toEqual([]);
    expect(await outbox.readEventsOf('n3')).toMatchObject([{ id: 'e3', record: '{"id":"y"}' }]);
    expect(await outbox.readDue({ nowMs: 1, inFlight: [], ...query })).toMatchObject([{ id: 'n3' }]);
    expect(keptRecords(file)).toEqual([1, 3, 4]);
    expect(await outbox.prune({ deliveredBeforeMs: 6, attemptsBeforeMs: 0, limit: 10 })).toBe(1);
  }
  expect(keptRecords(file)).toEqual([3, 4]);
});
