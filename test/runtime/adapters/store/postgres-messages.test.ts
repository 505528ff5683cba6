import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTroubles } from '../../../../src/runtime/adapters/engine/troubles.ts';
import { asDatabaseError } from '../../../../src/runtime/adapters/store/postgres-failure.ts';
import type { RuntimeEvent } from '../../../../src/runtime/report.ts';
import { runCommand } from '../../../command-line.ts';
import { freePort } from '../../../free-port.ts';
import { startPostgres } from '../../../postgres-server.ts';
import type { PostgresServer } from '../../../postgres-server.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';

let server: PostgresServer;
let address: string;

beforeAll(async () => {
  server = await startPostgres();
  address = await server.createDatabase();
});

afterAll(() => server[Symbol.asyncDispose]());

function changed(change: (url: URL) => void): string {
  const url = new URL(address);
  change(url);
  return url.href;
}

/** What `sagecfg` says to it: one line, always with exit code 4. */
async function told(store: string, ...words: readonly string[]): Promise<string> {
  await using folder = await temporaryFolder();
  const command = words.length === 0 ? ['db', 'migrate'] : words;
  const { exitCode, stderr } = await runCommand([...command, '--store', store], {
    workingDirectory: folder.path,
  });
  expect(exitCode).toBe(4);
  return stderr;
}

describe('a database that cannot be used', () => {
  it('that does not run is told as one that does not answer', async () => {
    const port = String(await freePort());
    expect(await told(changed((url) => (url.port = port)))).toBe(
      `sagecfg: the database does not answer: connect ECONNREFUSED 127.0.0.1:${port}: is it running, and is the address right?\n`,
    );
  });

  it('names the user whose password is wrong, and not the password', async () => {
    const said = await told(changed((url) => (url.password = 'planted')));
    expect(said).toBe(
      'sagecfg: the database refuses: password authentication failed for user "postgres": look at the user and the password of --store\n',
    );
  });

  it('that was never made is told with how to make it', async () => {
    expect(await told(changed((url) => (url.pathname = '/missing')))).toBe(
      'sagecfg: the database refuses: database "missing" does not exist: make it with CREATE DATABASE, then run sagecfg db migrate\n',
    );
  });

  it('without TLS is told where the address asks for it', async () => {
    expect(await told(changed((url) => url.searchParams.set('sslmode', 'require')))).toBe(
      'sagecfg: the database refuses: The server does not support SSL connections: leave sslmode out of the address, or give the server a certificate\n',
    );
  });

  it('that lets nobody in without TLS, or has no place left, is told with what to do', () => {
    const answer = (code: string, message: string): string =>
      String(asDatabaseError(Object.assign(new Error(message), { code })));
    expect(
      answer('28000', 'no pg_hba.conf entry for host "10.0.0.7", user "u", database "d", no encryption'),
    ).toContain('it wants TLS: add ?sslmode=verify-full to the address');
    expect(answer('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain')).toContain(
      'name the authority of its certificate',
    );
    expect(answer('53300', 'sorry, too many clients already')).toContain('a smaller --concurrency');
  });

  it('is told by what is missing: tables, rights, an update', async () => {
    const empty = await server.createDatabase();
    expect(await told(empty, 'status')).toBe(
      "sagecfg: the database has no sagecfg schema: run 'sagecfg db migrate' first\n",
    );
    await using folder = await temporaryFolder();
    expect(
      await runCommand(['db', 'migrate', '--store', empty], { workingDirectory: folder.path }),
    ).toMatchObject({ exitCode: 0 });
    const client = new Client({ connectionString: empty });
    await client.connect();
    await client.query("CREATE ROLE weak LOGIN PASSWORD 'weak'");
    const weak = new URL(empty);
    [weak.username, weak.password] = ['weak', 'weak'];
    expect(await told(weak.href)).toContain(
      "permission denied for database test_2: 'db migrate' needs CREATE",
    );
    expect(await told(weak.href, 'status')).toContain(
      'the user of --store may not use the schema sagecfg: GRANT',
    );
    await client.query('ALTER ROLE weak CONNECTION LIMIT 0');
    expect(await told(weak.href, 'status')).toContain(
      'too many connections for role "weak": fewer processes',
    );
    await client.query('INSERT INTO sagecfg.migrations (version, works_from) VALUES (999, 999)');
    expect(await told(empty, 'status')).toContain('was migrated by a newer sagecfg (schema 999');
    expect(await told(empty)).toContain('was migrated by a newer sagecfg (schema 999');
    await client.end();
  });
});

describe('createTroubles', () => {
  it('tells of a database that is away once a minute, and when it is back', () => {
    let nowMs = 0;
    const reports: RuntimeEvent[] = [];
    const report = (event: RuntimeEvent): void => {
      reports.push(event);
    };
    const troubles = createTroubles({ report, clock: { now: () => nowMs } });
    const away = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' });
    troubles.answered();
    for (; nowMs < 90_000; nowMs += 1000) troubles.tell(away, 'acme/customers');
    troubles.answered();
    troubles.answered();
    const reason =
      'the database does not answer: connect ECONNREFUSED 10.0.0.7:5432: is it running, and is the address right?';
    expect(reports).toEqual([
      { kind: 'worker-trouble', reason },
      { kind: 'worker-trouble', reason },
      { kind: 'database-back', awayMs: 90_000 },
    ]);
  });

  it('tells of everything else each time, with what it was about', () => {
    const reports: RuntimeEvent[] = [];
    const report = (event: RuntimeEvent): void => {
      reports.push(event);
    };
    const troubles = createTroubles({ report, clock: { now: () => 0 } });
    troubles.tell(new Error('odd'), 'acme');
    troubles.tell(new Error('odd'), 'beta');
    expect(reports.map((event) => 'reason' in event && event.reason)).toEqual(["'acme': odd", "'beta': odd"]);
  });
});
