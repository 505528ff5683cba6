import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { openDatabase } from '../../../../src/runtime/adapters/store/sqlite-database.ts';
import { createEndpointStore } from '../../../../src/runtime/adapters/store/sqlite-endpoints.ts';
import { createOutboxStore } from '../../../../src/runtime/adapters/store/sqlite-outbox.ts';
import { createPollStore } from '../../../../src/runtime/adapters/store/sqlite-polls.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';

/** Tables that grow with what is polled; the others have a row a tenant, a poll or a receiver. */
const large = [
  'events',
  'records',
  'ledger',
  'waiting',
  'notifications',
  'carried',
  'deliveries',
  'attempts',
  'former_notifications',
  'scanned',
];

/** Questions about all that is not delivered, and replay, which looks at everything that is kept. */
const allowed = ['SCAN waiting', 'SCAN notifications', 'USING COVERING INDEX notifications_due'];

/** A database that remembers what it was asked. */
class ListeningDatabase extends DatabaseSync {
  readonly asked = new Set<string>();

  override prepare(...parameters: Parameters<DatabaseSync['prepare']>): ReturnType<DatabaseSync['prepare']> {
    this.asked?.add(parameters[0]);
    return super.prepare(...parameters);
  }
}

it('finds what it asks for, and reads through no table that grows', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'state.db');
  openDatabase(file).close();
  const database = new ListeningDatabase(file);
  createPollStore(database, () => undefined);
  createEndpointStore(database);
  const outbox = createOutboxStore(database);
  await outbox.listEvents({}, { limit: 1 });
  await outbox.listEvents({ ids: ['e1'] }, { limit: 1 });
  expect(database.asked.size).toBeGreaterThan(30);
  const slow = [...database.asked].flatMap((sql) =>
    database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => String(detail))
      .filter((step) => large.some((table) => step.startsWith(`SCAN ${table}`)))
      .filter((step) => !allowed.some((index) => step.includes(index)))
      .map((step) => `${step}: ${sql}`),
  );
  // The latest events are read from the end, and no further than is asked for.
  expect(slow.filter((step) => !step.includes('ORDER BY events.sequence DESC LIMIT'))).toEqual([]);
  database.close();
});
