import { DatabaseSync } from 'node:sqlite';
import { SagecfgError } from '../../../problem/sagecfg-error.ts';
import { migrations } from './sqlite-migrations.ts';

/** Opens the file, durable to the last commit, and brings it to the present schema. */
export function openDatabase(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 5000 });
  try {
    letShrink(database);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
    // A commit that has to copy the log back waits for all of it: 4 MB, not more.
    database.exec('PRAGMA wal_autocheckpoint = 1000; PRAGMA journal_size_limit = 67108864;');
    // What is being delivered stays in memory: 16 MB, where 2 would do for a page or two of records.
    database.exec('PRAGMA cache_size = -16384');
    migrate(database, file);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

const incremental = 2;

/** Room can only be given back bit by bit in a file that was made for it; one that was not is made anew, once. */
function letShrink(database: DatabaseSync): void {
  const row = database.prepare('PRAGMA auto_vacuum').get();
  if (row?.['auto_vacuum'] === incremental) return;
  database.exec(`PRAGMA auto_vacuum = ${incremental}; VACUUM`);
}

/** Runs `work` in a transaction that holds the write lock from the start, and undoes it when `work` throws. */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Writes the version that is there: goes to the disk, and changes nothing. */
export function writeVersion(database: DatabaseSync): void {
  inTransaction(database, () => database.exec(`PRAGMA user_version = ${migrations.length}`));
}

/** Throws `SagecfgError` unless the file has the form that this version works with. */
export function requirePresentVersion(database: DatabaseSync, file: string): void {
  if (readVersion(database, file) === migrations.length) return;
  throw new SagecfgError(
    'state',
    `state file '${file}' was written by an older sagecfg: 'sagecfg run' brings it up to date`,
  );
}

/** Throws `SagecfgError` when it is that of a version to come. */
function readVersion(database: DatabaseSync, file: string): number {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version <= migrations.length) return version;
  throw new SagecfgError('state', `state file '${file}' was written by a newer sagecfg: update this one`);
}

function migrate(database: DatabaseSync, file: string): void {
  const version = readVersion(database, file);
  for (const [index, migration] of migrations.entries()) {
    if (index < version) continue;
    inTransaction(database, () => database.exec(`${migration}; PRAGMA user_version = ${index + 1}`));
  }
}
