import { dirname } from 'node:path';
import type { Crash } from '../../crash-points.ts';
import type { Store } from '../../ports/store.ts';
import { makePrivateFile, makePrivateFolder } from '../../private-files.ts';
import type { TokenCipher } from '../../token-cipher.ts';
import { openDatabase } from './sqlite-database.ts';
import { createGrantStore } from './sqlite-grants.ts';
import { lockStateFile } from './sqlite-lock.ts';
import { createOutboxStore } from './sqlite-outbox.ts';
import { createPollStore } from './sqlite-polls.ts';

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
    return {
      polls: createPollStore(database, crash),
      outbox: createOutboxStore(database),
      grants: createGrantStore(database, cipher),
      [Symbol.asyncDispose]: async () => {
        database.close();
        lock[Symbol.dispose]();
      },
    };
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
}
