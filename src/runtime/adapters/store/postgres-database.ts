import { Pool, types } from 'pg';
import type { PoolClient, PoolConfig } from 'pg';
import { SagecfgError } from '../../../problem/sagecfg-error.ts';
import { createQueues } from '../../queues.ts';
import { asDatabaseError } from './postgres-failure.ts';
import type { Row } from './row.ts';

interface Answer {
  readonly rows: readonly Row[];
  /** Rows that were changed. */
  readonly affected: number;
}

/** Where statements run: a transaction, or none. */
export interface Connection {
  readonly query: (text: string, values?: readonly unknown[]) => Promise<Answer>;
}

/** Connections to one Postgres database, with the state's schema as their own. */
export interface Database extends Connection, AsyncDisposable {
  /** Runs `work` in a transaction, and undoes it when `work` throws. */
  readonly inTransaction: <Result>(work: (transaction: Connection) => Promise<Result>) => Promise<Result>;
  /** Sees the state of one moment, and writes nothing, until it is disposed. */
  readonly openSnapshot: () => Promise<Connection & AsyncDisposable>;
  /** Runs `work` while no other process runs something under the same name. */
  readonly exclusively: <Result>(name: string, work: () => Promise<Result>) => Promise<Result>;
}

export const schemaName = 'sagecfg';

/**
 * A worker that stops in the middle of a transaction (SIGSTOP, a frozen machine) must not hold its locks for longer than
 * this; and the server is to notice soon that a machine has gone.
 */
const sessionSettings = [
  `search_path=${schemaName}`,
  'idle_in_transaction_session_timeout=10s',
  'tcp_keepalives_idle=15',
  'tcp_keepalives_interval=5',
  'tcp_keepalives_count=3',
];
const statementSettings = ['lock_timeout=20s', 'statement_timeout=60s'];
/** Whoever holds a lock may be waiting for an answer from outside. */
const lockSettings = ['lock_timeout=60s', 'statement_timeout=60s'];
const mostLocks = 8;
const connectionTimeoutMs = 10_000;

/** Opens nothing yet: connections are made when they are needed, and again after they broke. */
export function openDatabase(url: string, { connections }: { readonly connections: number }): Database {
  const pool = createPool(url, { max: connections, settings: [...sessionSettings, ...statementSettings] });
  const locks = createPool(url, { max: mostLocks, settings: [...sessionSettings, ...lockSettings] });
  const inQueue = createQueues();
  return {
    query: (text, values) => run(pool, text, values),
    inTransaction: (work) =>
      withClient(pool, async (client) => {
        await run(client, 'BEGIN');
        try {
          const result = await work({ query: (text, values) => run(client, text, values) });
          await run(client, 'COMMIT');
          return result;
        } catch (error) {
          await client.query('ROLLBACK');
          throw error;
        }
      }),
    openSnapshot: () => openSnapshot(pool),
    exclusively: (name, work) =>
      inQueue(name, () =>
        withClient(locks, async (client) => {
          await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [name]);
          try {
            return await work();
          } finally {
            await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [name]);
          }
        }),
      ),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([pool.end(), locks.end()]);
    },
  };
}

function createPool(
  url: string,
  { max, settings }: { readonly max: number; readonly settings: readonly string[] },
): Pool {
  const pool = new Pool({
    ...poolConfig(url),
    max,
    options: settings.map((setting) => `-c ${setting}`).join(' '),
    application_name: 'sagecfg',
    connectionTimeoutMillis: connectionTimeoutMs,
    keepAlive: true,
    types: { getTypeParser },
  });
  // An idle connection that breaks is left out of the pool; whoever asks next gets a new one.
  pool.on('error', ignoreBreak);
  return pool;
}

/** The address is parsed by `pg`, which quotes what it cannot read: its message may hold the password. */
function poolConfig(url: string): PoolConfig {
  if (!URL.canParse(url)) {
    throw new SagecfgError('settings', 'the address of the store is no postgres:// URL');
  }
  return { connectionString: url };
}

const bigintOid = 20;

/** Every bigint of ours is a count or a time in milliseconds. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === bigintOid) return Number;
  return types.getTypeParser(oid, format) as (value: string) => unknown; // `pg` declares no return type
}

async function run(
  client: Pick<Pool, 'query'>,
  text: string,
  values: readonly unknown[] = [],
): Promise<Answer> {
  try {
    const { rows, rowCount } = await client.query<Row>(text, [...values]);
    return { rows, affected: rowCount ?? 0 };
  } catch (error) {
    throw asDatabaseError(error);
  }
}

/** May be idle for long between two statements: whoever reads may have a slow disk. */
async function openSnapshot(pool: Pool): Promise<Connection & AsyncDisposable> {
  const client = await connect(pool);
  client.on('error', ignoreBreak);
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  await client.query("SET LOCAL idle_in_transaction_session_timeout = '10min'");
  return {
    query: (text, values) => run(client, text, values),
    [Symbol.asyncDispose]: async () => {
      client.off('error', ignoreBreak);
      // The transaction ends with its connection, which has settings that others must not get.
      client.release(true);
    },
  };
}

async function connect(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw asDatabaseError(error);
  }
}

/** A client whose work failed is closed: nobody knows what it is in the middle of. */
async function withClient<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await connect(pool);
  client.on('error', ignoreBreak);
  let failure: Error | boolean = true;
  try {
    const result = await work(client);
    failure = false;
    return result;
  } finally {
    client.off('error', ignoreBreak);
    client.release(failure);
  }
}

/** Without a listener, a connection that breaks between two statements would end the process. The next statement tells. */
function ignoreBreak(): void {}
