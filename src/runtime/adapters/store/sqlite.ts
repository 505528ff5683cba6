import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Crash } from '../../crash-points.ts';
import type { GrantSummary, Store } from '../../ports/store.ts';
import { makePrivateFile, makePrivateFolder } from '../../private-files.ts';
import type { TokenCipher } from '../../token-cipher.ts';
import { openDatabase, writeVersion } from './sqlite-database.ts';
import { createEndpointStore } from './sqlite-endpoints.ts';
import { explainFailure, explainFailures } from './sqlite-failure.ts';
import { createGrantStore, selectGrants } from './sqlite-grants.ts';
import { prepareInterventionCount } from './sqlite-interventions.ts';
import { lockStateFile } from './sqlite-lock.ts';
import { createOutboxStore } from './sqlite-outbox.ts';
import { createPollStore } from './sqlite-polls.ts';
import { prepareCompaction } from './sqlite-prune.ts';
import { createRegistrationStore } from './sqlite-registrations.ts';
import { createTransferStore } from './sqlite-transfer.ts';

/** Opens the state in one SQLite file, for this process alone; throws `SagecfgError` while another has it. */
export function openSqliteStore(
  file: string,
  { cipher, crash }: { readonly cipher: TokenCipher; readonly crash: Crash },
): Store {
  makePrivateFolder(dirname(file));
  const lock = lockStateFile(file);
  try {
    makePrivateFile(file);
    const database = openDatabase(file);
    const countInterventions = prepareInterventionCount(database);
    const compact = prepareCompaction(database);
    const store: Store = {
      polls: createPollStore(database, crash),
      outbox: createOutboxStore(database),
      grants: createGrantStore(database, cipher),
      registrations: createRegistrationStore(database, cipher),
      probe: async () => writeVersion(database),
      endpoints: createEndpointStore(database),
      transfer: createTransferStore(database),
      interventions: async () => countInterventions(),
      compact: async () => compact(),
      [Symbol.asyncDispose]: async () => {
        database.close();
        lock[Symbol.dispose]();
      },
    };
    return explainFailures(store, file);
  } catch (error) {
    lock[Symbol.dispose]();
    throw explainFailure(error, file);
  }
}

/** Reads beside whatever process has the state, as the log beside the file allows; nothing where there is no file yet. */
export function listSqliteGrants(file: string): readonly GrantSummary[] {
  if (!existsSync(file)) return [];
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  try {
    return selectGrants(database);
  } catch (error) {
    throw explainFailure(error, file);
  } finally {
    database.close();
  }
}
