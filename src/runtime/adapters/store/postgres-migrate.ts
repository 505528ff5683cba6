import { SagecfgError } from '../../../problem/sagecfg-error.ts';
import { schemaName } from './postgres-database.ts';
import type { Connection, Database } from './postgres-database.ts';
import { migrations } from './postgres-migrations.ts';
import { integer } from './row.ts';

/** Brings the state's schema to the present version, all or nothing; returns how many steps that took. */
export async function migrateDatabase(database: Database): Promise<number> {
  return database.inTransaction(async (transaction) => {
    // Two who migrate at once: the second finds the work done.
    await transaction.query(`SELECT pg_advisory_xact_lock(hashtextextended('${schemaName} migrate', 0))`);
    await transaction.query(`CREATE SCHEMA IF NOT EXISTS ${schemaName}`);
    await transaction.query('CREATE TABLE IF NOT EXISTS migrations (version integer PRIMARY KEY)');
    await transaction.query(
      'ALTER TABLE migrations ADD COLUMN IF NOT EXISTS works_from integer NOT NULL DEFAULT 0',
    );
    const version = await readVersion(transaction);
    if (version > migrations.length) throw newerError(version);
    for (const [index, { sql, worksFrom }] of migrations.entries()) {
      if (index < version) continue;
      await transaction.query(sql);
      const count = 'INSERT INTO migrations (version, works_from) VALUES ($1, $2)';
      await transaction.query(count, [index + 1, worksFrom]);
    }
    return migrations.length - version;
  });
}

/**
 * Throws `SagecfgError` unless the database has a schema that this version works with: its own, or a newer one that says
 * so.
 */
export async function checkSchema(database: Connection): Promise<void> {
  const { rows } = await database.query(
    `SELECT to_regclass('migrations') IS NOT NULL AS is_there, EXISTS (
      SELECT 1 FROM pg_namespace WHERE nspname = $1 AND NOT has_schema_privilege(oid, 'USAGE')) AS is_closed`,
    [schemaName],
  );
  if (rows[0]?.['is_closed'] === true) {
    throw new SagecfgError(
      'state',
      `the user of --store may not use the schema ${schemaName}: GRANT it what the user of 'db migrate' has, on ${schemaName} and sagecfg_jobs`,
    );
  }
  const version = rows[0]?.['is_there'] === true ? await readVersion(database) : 0;
  if (version === migrations.length) return;
  if (version > migrations.length) {
    if ((await readWorksFrom(database)) <= migrations.length) return;
    throw newerError(version);
  }
  const found = version === 0 ? 'has no sagecfg schema' : `has the schema of an older sagecfg (${version})`;
  throw new SagecfgError('state', `the database ${found}: run 'sagecfg db migrate' first`);
}

async function readVersion(database: Connection): Promise<number> {
  const { rows } = await database.query('SELECT coalesce(max(version), 0) AS version FROM migrations');
  return integer(rows[0] ?? {}, 'version');
}

/** How many steps a program must know at least. */
async function readWorksFrom(database: Connection): Promise<number> {
  const { rows } = await database.query('SELECT max(works_from) AS steps FROM migrations');
  return integer(rows[0] ?? {}, 'steps');
}

function newerError(version: number): SagecfgError {
  return new SagecfgError(
    'state',
    `the database was migrated by a newer sagecfg (schema ${version}, this one knows ${migrations.length}): update this one`,
  );
}
