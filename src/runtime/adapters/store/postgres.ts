import type { Crash } from '../../crash-points.ts';
import type { StateReader, Store } from '../../ports/store.ts';
import type { TokenCipher } from '../../token-cipher.ts';
import type { Database } from './postgres-database.ts';
import { createEndpointStore } from './postgres-endpoints.ts';
import { createGrantStore } from './postgres-grants.ts';
import { createInstanceStore } from './postgres-instances.ts';
import { readInterventions } from './postgres-interventions.ts';
import { createOutboxStore } from './postgres-outbox.ts';
import { createPollStore } from './postgres-polls.ts';
import { createRegistrationStore } from './postgres-registrations.ts';
import { createTransferStore } from './postgres-transfer.ts';

/** The state in a Postgres database, which any number of processes may work on. Takes over the database. */
export function createPostgresStore(
  database: Database,
  { cipher, crash }: { readonly cipher: TokenCipher; readonly crash: Crash },
): Store {
  return {
    polls: createPollStore(database, { crash }),
    outbox: createOutboxStore(database),
    grants: createGrantStore(database, cipher),
    registrations: createRegistrationStore(database, cipher),
    endpoints: createEndpointStore(database),
    instances: createInstanceStore(database),
    transfer: createTransferStore(database),
    interventions: () => readInterventions(database),
    // Postgres does that by itself.
    compact: async () => false,
    probe: async () => {
      // With a transaction id of its own it is written to the log, and so to the disk.
      await database.query('SELECT pg_current_xact_id()');
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

/** The same state, for reading. Takes over the database. */
export function createPostgresReader(database: Database, cipher: TokenCipher): StateReader {
  const { read, readLedger } = createPollStore(database, { crash: () => undefined });
  return {
    findPoll: async (key) => {
      const { rows } = await database.query('SELECT 1 FROM polls WHERE key = $1', [key]);
      return rows.length === 0 ? undefined : read(key);
    },
    readLedger,
    grants: createGrantStore(database, cipher),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}
