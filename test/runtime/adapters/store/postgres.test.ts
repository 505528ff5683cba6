import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresStore } from '../../../../src/runtime/adapters/store/postgres.ts';
import { openDatabase } from '../../../../src/runtime/adapters/store/postgres-database.ts';
import { checkSchema, migrateDatabase } from '../../../../src/runtime/adapters/store/postgres-migrate.ts';
import { migrations } from '../../../../src/runtime/adapters/store/postgres-migrations.ts';
import { createTokenCipher, generateTokenKey } from '../../../../src/runtime/token-cipher.ts';
import { startPostgres } from '../../../postgres-server.ts';
import type { PostgresServer } from '../../../postgres-server.ts';
import { describeStoreContract } from '../../store-contract.ts';
import type { OpenedStore } from '../../store-contract.ts';

const options = { cipher: createTokenCipher(generateTokenKey()), crash: () => undefined };
let server: PostgresServer;
/** Databases that no test has open. */
const free: string[] = [];

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(() => server[Symbol.asyncDispose]());

async function open(): Promise<OpenedStore> {
  const address = free.pop() ?? (await server.createDatabase());
  const connect = () => openDatabase(address, { connections: 5 });
  const database = connect();
  await database.query('DROP SCHEMA IF EXISTS sagecfg CASCADE');
  await migrateDatabase(database);
  let store = createPostgresStore(database, options);
  return {
    store,
    reopen: async () => {
      await store[Symbol.asyncDispose]();
      store = createPostgresStore(connect(), options);
      return store;
    },
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      free.push(address);
    },
  };
}

describeStoreContract('Postgres', open);

describe('migrateDatabase', () => {
  it('makes the schema once, however many try at the same time', async () => {
    const address = await server.createDatabase();
    await using first = openDatabase(address, { connections: 2 });
    await using second = openDatabase(address, { connections: 2 });
    const steps = await Promise.all([migrateDatabase(first), migrateDatabase(second)]);
    expect(Math.min(...steps)).toBe(0);
    expect(Math.max(...steps)).toBeGreaterThan(0);
    await expect(checkSchema(first)).resolves.toBeUndefined();
  });
});

describe('migrations', () => {
  it('come with another step when pg-boss changes its schema, for programs from that step on', () => {
    const { pgboss } = createRequire(import.meta.url)('pg-boss/package.json') as {
      pgboss: { schema: number };
    };
    const latest = migrations.findLastIndex(({ worksFrom }, index) => worksFrom === index + 1) + 1;
    expect({ schema: pgboss.schema, ownStep: latest }).toEqual({ schema: 46, ownStep: 3 });
  });
});

describe('checkSchema', () => {
  it('refuses a database without the schema, and says what to do', async () => {
    await using database = openDatabase(await server.createDatabase(), { connections: 1 });
    await expect(checkSchema(database)).rejects.toThrow(
      "the database has no sagecfg schema: run 'sagecfg db migrate' first",
    );
  });

  it('refuses a database of an earlier version, and says what to do', async () => {
    await using database = openDatabase(await server.createDatabase(), { connections: 1 });
    await migrateDatabase(database);
    await database.query('DELETE FROM migrations WHERE version = (SELECT max(version) FROM migrations)');
    await expect(checkSchema(database)).rejects.toThrow(
      /has the schema of an older sagecfg \(\d+\): run 'sagecfg db migrate' first/,
    );
  });

  it('works with a database of a later version that says that this one can', async () => {
    await using database = openDatabase(await server.createDatabase(), { connections: 1 });
    await migrateDatabase(database);
    await database.query(
      'INSERT INTO migrations (version, works_from) SELECT max(version) + 1, max(version) FROM migrations',
    );
    await expect(checkSchema(database)).resolves.toBeUndefined();
    await expect(migrateDatabase(database)).rejects.toThrow('was migrated by a newer sagecfg');
  });

  it('refuses a database of a later version that it does not know enough for', async () => {
    await using database = openDatabase(await server.createDatabase(), { connections: 1 });
    await migrateDatabase(database);
    await database.query('INSERT INTO migrations (version, works_from) VALUES (999, 999)');
    await expect(checkSchema(database)).rejects.toThrow('was migrated by a newer sagecfg (schema 999');
    await expect(migrateDatabase(database)).rejects.toThrow('was migrated by a newer sagecfg');
  });
});

describe('openDatabase', () => {
  it('lets one work at a time under a name, over all that are connected', async () => {
    const address = await server.createDatabase();
    await using first = openDatabase(address, { connections: 1 });
    await using second = openDatabase(address, { connections: 1 });
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await first.query('SELECT pg_sleep(0.01)');
      inside -= 1;
    };
    const names = Array.from({ length: 10 }, (_each, index) => (index % 2 === 0 ? first : second));
    await Promise.all(names.map((database) => database.exclusively('grant', work)));
    expect(most).toBe(1);
  });

  it('gives the password away in no error', async () => {
    const address = await server.createDatabase();
    const missing = address.replace('/test_', '/missing_');
    const { password } = new URL(address);
    for (const url of [missing, address.replace(password, `${password}x`), address]) {
      await using database = openDatabase(url, { connections: 1 });
      const failure = database.query('SELECT * FROM nowhere');
      await expect(failure).rejects.toThrow(/does not exist|authentication failed/);
      await expect(failure).rejects.not.toThrow(password);
    }
    expect(() => openDatabase(`postgres://user:${password}@[bad`, { connections: 1 })).toThrow(
      'the address of the store is no postgres:// URL',
    );
  });

  it('works on after the server crashed and came back', async () => {
    await using crashing = await startPostgres();
    await using database = openDatabase(await crashing.createDatabase(), { connections: 2 });
    await database.query('SELECT 1');
    await crashing.crash();
    await expect(database.query('SELECT 1')).rejects.toThrow(/terminat|ECONN/);
    await crashing.start();
    expect((await database.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });
});
