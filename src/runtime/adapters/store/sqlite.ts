import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { RequestMemory } from '../../../sage/request-budget.ts';
import type { Crash } from '../../crash-points.ts';
import type { GrantSummary } from '../../ports/grant-store.ts';
import type { StateReader, Store } from '../../ports/store.ts';
import { makePrivateFile, makePrivateFolder } from '../../private-files.ts';
import type { TokenCipher } from '../../token-cipher.ts';
import { openDatabase, requirePresentVersion, writeVersion } from './sqlite-database.ts';
import { createEndpointStore } from './sqlite-endpoints.ts';
import { explainFailure, explainFailures, explainMemory } from './sqlite-failure.ts';
import { createGrantStore, selectGrants } from './sqlite-grants.ts';
import { prepareInterventionCount } from './sqlite-interventions.ts';
import { lockStateFile } from './sqlite-lock.ts';
import { createOutboxStore } from './sqlite-outbox.ts';
import { createPollStore } from './sqlite-polls.ts';
import { prepareCompaction } from './sqlite-prune.ts';
import { createRegistrationStore } from './sqlite-registrations.ts';
import { createRequestMemory } from './sqlite-reservations.ts';
import { createInstanceStore } from './sqlite-instances.ts';
import { createTransferStore } from './sqlite-transfer.ts';

/** A store that also remembers what was spent of the request budgets; a budget in a database of its own needs no such memory. */
export interface SqliteStore extends Store {
  readonly requests: RequestMemory;
}

/** Opens the state in one SQLite file, for this process alone; throws `SagecfgError` while another has it. */
export function openSqliteStore(
  file: string,
  { cipher, crash }: { readonly cipher: TokenCipher; readonly crash: Crash },
): SqliteStore {
  makePrivateFolder(dirname(file));
  const lock = lockStateFile(file);
  try {
    makePrivateFile(file);
    const database = openDatabase(file);
    const store: Store = {
      ...storeOn(database, { cipher, crash }),
      [Symbol.asyncDispose]: async () => {
        database.close();
        lock[Symbol.dispose]();
      },
    };
    return { ...explainFailures(store, file), requests: explainMemory(createRequestMemory(database), file) };
  } catch (error) {
    lock[Symbol.dispose]();
    throw explainFailure(error, file);
  }
}

/** A state that is gone with the process. */
export function openMemoryStore(cipher: TokenCipher): Store {
  const database = openDatabase(':memory:');
  return {
    ...storeOn(database, { cipher, crash: () => undefined }),
    [Symbol.asyncDispose]: async () => database.close(),
  };
}

function storeOn(
  database: DatabaseSync,
  { cipher, crash }: { readonly cipher: TokenCipher; readonly crash: Crash },
): Omit<Store, typeof Symbol.asyncDispose> {
  const countInterventions = prepareInterventionCount(database);
  const compact = prepareCompaction(database);
  return {
    polls: createPollStore(database, crash),
    outbox: createOutboxStore(database),
    grants: createGrantStore(database, cipher),
    registrations: createRegistrationStore(database, cipher),
    endpoints: createEndpointStore(database),
    instances: createInstanceStore(database),
    transfer: createTransferStore(database),
    interventions: async () => countInterventions(),
    compact: async () => compact(),
    probe: async () => writeVersion(database),
  };
}

/**
 * The state beside whatever process has it, for questions and small changes; undefined where there is no file. Neither
 * makes a file nor changes its form: throws `SagecfgError` when it has that of another version.
 */
export function openSqliteBeside(
  file: string,
  { readOnly, cipher }: { readonly readOnly: boolean; readonly cipher: TokenCipher },
): Store | undefined {
  if (!existsSync(file)) return undefined;
  let database: DatabaseSync | undefined;
  try {
    const opened = new DatabaseSync(file, { readOnly, timeout: 5000 });
    database = opened;
    // As the process has it that works on the file: what is written is there, also after the machine fails.
    if (!readOnly) opened.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
    requirePresentVersion(opened, file);
    const store = storeOn(opened, { cipher, crash: () => undefined });
    return explainFailures({ ...store, [Symbol.asyncDispose]: async () => opened.close() }, file);
  } catch (error) {
    database?.close();
    throw explainFailure(error, file);
  }
}

/** The state as it is now, for reading, beside whatever process has it; undefined where there is no file yet. */
export function openSqliteReader(file: string, cipher: TokenCipher): StateReader | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
    requirePresentVersion(database, file);
    const { read, readLedger } = createPollStore(database, () => undefined);
    const select = database.prepare('SELECT 1 FROM polls WHERE key = ?');
    return {
      findPoll: async (key) => (select.get(key) === undefined ? undefined : read(key)),
      readLedger,
      grants: createGrantStore(database, cipher),
      [Symbol.asyncDispose]: async () => database.close(),
    };
  } catch (error) {
    throw explainFailure(error, file);
  }
}

/** Reads beside whatever process has the state, as the log beside the file allows; nothing where there is no file yet. */
export function listSqliteGrants(file: string): readonly GrantSummary[] {
  if (!existsSync(file)) return [];
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
    return selectGrants(database);
  } catch (error) {
    throw explainFailure(error, file);
  } finally {
    database?.close();
  }
}
