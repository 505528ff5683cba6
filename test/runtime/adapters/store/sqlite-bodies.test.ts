import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { openSqliteStore } from '../../../../src/runtime/adapters/store/sqlite.ts';
import { renderNotification } from '../../../../src/runtime/deliver/envelope.ts';
import type { NewEvent } from '../../../../src/runtime/ports/event.ts';
import { createTokenCipher, generateTokenKey } from '../../../../src/runtime/token-cipher.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';
import { planInstance } from '../../deliver/instance-plan.ts';

const ports = { cipher: createTokenCipher(generateTokenKey()), crash: () => undefined };

function event(id: string): NewEvent {
  const times = { dateMs: 1, pollDateMs: 2 };
  return { id, objectId: id, type: 'CREATED', reason: 'new', ...times, record: `{"id":"${id}"}` };
}

function countIn(file: string, what: string): unknown {
  using database = new DatabaseSync(file, { readOnly: true });
  return database.prepare(`SELECT count(*) AS count FROM ${what}`).get()?.['count'];
}

it('keeps one recipe for an instance and no body beside it, and forgets it with the instance', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'state.db');
  await using store = openSqliteStore(file, ports);
  const poll = { key: 'acme/customers', instanceId: 'acme', resource: 'customers' };
  await store.polls.ensure(poll, { baseline: { kind: 'now' }, nowMs: 1 });
  await store.polls.commitPage({
    pollKey: poll.key,
    scan: 'changes',
    startsScan: true,
    objectIds: [],
    ledger: [],
    events: [event('e1'), event('e2')],
    checkpoint: undefined,
  });
  const events = await store.outbox.readUngrouped({ kind: 'new', instanceIds: ['acme'], limit: 9 });
  const made = events.map((each, index) => renderNotification([each], planInstance(), index));
  await store.outbox.addNotifications(made, 5);
  expect(countIn(file, 'recipes')).toBe(1);
  expect(countIn(file, 'notifications WHERE body IS NOT NULL')).toBe(0);
  const due = await store.outbox.readDue({ nowMs: 5, instanceIds: ['acme'], inFlight: [], limit: 9 });
  expect(due.map(({ body }) => body)).toEqual(made.map(({ body }) => body));
  await store.instances.forget('acme');
  expect(countIn(file, 'recipes')).toBe(0);
  expect(countIn(file, 'records')).toBe(0);
});
