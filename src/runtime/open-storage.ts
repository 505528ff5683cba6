import { existsSync } from 'node:fs';
import type { ReferenceSources } from '../model/secret.ts';
import { SagecfgError } from '../problem/sagecfg-error.ts';
import type { Clock } from '../sage/clock.ts';
import { createRequestBudget } from '../sage/request-budget.ts';
import type { BudgetLimits, RequestBudget } from '../sage/request-budget.ts';
import { createEmbeddedEngine } from './adapters/engine/embedded.ts';
import {
  listSqliteGrants,
  openMemoryStore,
  openSqliteBeside,
  openSqliteReader,
  openSqliteStore,
} from './adapters/store/sqlite.ts';
import { createAlarm } from './alarm.ts';
import { parseCrashPoint } from './crash-points.ts';
import type { Crash } from './crash-points.ts';
import { overlayStore } from './dry-run/overlay-store.ts';
import type { Engine } from './ports/engine.ts';
import type { GrantSummary } from './ports/grant-store.ts';
import type { StateReader, Store } from './ports/store.ts';
import type { Report } from './report.ts';
import type { OpenState, RuntimeOptions } from './runtime.ts';
import { databaseUrl } from './store-address.ts';
import type { StoreAddress } from './store-address.ts';
import { createTokenCipher, keylessCipher } from './token-cipher.ts';
import type { TokenCipher } from './token-cipher.ts';
import { readTokenKey } from './token-key.ts';
import type { WorkerOptions } from './worker-options.ts';

/** A store, and what has to be shared by all that work on it. */
export interface Storage extends AsyncDisposable {
  readonly store: Store;
  readonly engine: Engine;
  readonly budget: RequestBudget;
  /** Has the engine look at what is due: somebody has resumed a poll. */
  readonly lookAgain: () => void;
  /** For the start: does the work once more while a database is away for a moment, up to half a minute. */
  readonly patiently: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

interface StorePorts {
  readonly cipher: TokenCipher;
  readonly crash: Crash;
  readonly references: ReferenceSources;
}

interface StoragePorts extends StorePorts {
  readonly clock: Clock;
  readonly report: Report;
  readonly limits: BudgetLimits;
  readonly worker: WorkerOptions;
}

/** Opens the state without running anything: a state file, for as long as no other process has it. */
export async function openState({
  store: address,
  source,
  references,
}: Pick<RuntimeOptions, 'store' | 'source' | 'references'>): Promise<OpenState> {
  const { environment } = references;
  const cipher = createTokenCipher(readTokenKey({ environment, store: address, source }));
  const crash = parseCrashPoint(environment['SAGECFG_CRASH_AT']);
  const store = await openStore(address, { cipher, crash, references });
  return { store, cipher, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
}

/**
 * The state beside whatever runs on it, to keep what may be given to it at any time: a grant. Where nothing runs, the file
 * is made, or brought up to date, before.
 */
export async function openStateBeside(
  options: Pick<RuntimeOptions, 'store' | 'source' | 'references'>,
): Promise<OpenState & { readonly mayBeInUse: boolean }> {
  const { store: address, source, references } = options;
  if (address.kind === 'postgres') return { ...(await openState(options)), mayBeInUse: true };
  const mayBeInUse = await isTaken(options);
  const { environment } = references;
  const cipher = createTokenCipher(readTokenKey({ environment, store: address, source }));
  const store = openSqliteBeside(address.file, { readOnly: false, cipher });
  if (store === undefined)
    throw new SagecfgError('state', `state file '${address.file}' was removed a moment ago`);
  return { store, cipher, mayBeInUse, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
}

async function isTaken(options: Parameters<typeof openState>[0]): Promise<boolean> {
  try {
    await using _ = await openState(options);
    return false;
  } catch (error) {
    if (error instanceof SagecfgError && error.code === 'state-in-use') return true;
    throw error;
  }
}

/**
 * The state beside whatever runs on it, without the key: for questions (`readOnly`), and for what is safe at any time,
 * such as to resume. Undefined where there is none yet.
 */
export async function openBeside(
  address: StoreAddress,
  { references, readOnly }: { readonly references: ReferenceSources; readonly readOnly: boolean },
): Promise<Store | undefined> {
  const cipher = keylessCipher;
  if (address.kind === 'sqlite') return openSqliteBeside(address.file, { readOnly, cipher });
  return openStore(address, { cipher, crash: () => undefined, references });
}

/** The state for this process alone, without the key; made if it is not there. */
export async function openKeyless(address: StoreAddress, references: ReferenceSources): Promise<Store> {
  return openUnused(address, { cipher: keylessCipher, crash: () => undefined, references });
}

/** Every grant of the state, without a key and beside a `run` that has it; none where there is no state. */
export async function listGrants(
  address: StoreAddress,
  references: ReferenceSources,
): Promise<readonly GrantSummary[]> {
  if (address.kind === 'sqlite') return listSqliteGrants(address.file);
  const { openDatabase } = await import('./adapters/store/postgres-database.ts');
  const { listPostgresGrants } = await import('./adapters/store/postgres-grants.ts');
  const { checkSchema } = await import('./adapters/store/postgres-migrate.ts');
  await using database = openDatabase(databaseUrl(address, references), { connections: 1 });
  await checkSchema(database);
  return await listPostgresGrants(database);
}

async function openStore(address: StoreAddress, ports: StorePorts): Promise<Store> {
  if (address.kind === 'sqlite') return openSqliteStore(address.file, ports);
  await using opened = new AsyncDisposableStack();
  const { openDatabase } = await import('./adapters/store/postgres-database.ts');
  const { checkSchema } = await import('./adapters/store/postgres-migrate.ts');
  const { createPostgresStore } = await import('./adapters/store/postgres.ts');
  const database = opened.use(openDatabase(databaseUrl(address, ports.references), { connections: 2 }));
  await checkSchema(database);
  opened.move();
  return createPostgresStore(database, ports);
}

/** Opens the store and the engine that belongs to it. */
export async function openStorage(address: StoreAddress, ports: StoragePorts): Promise<Storage> {
  if (address.kind === 'postgres') return openPostgresStorage(databaseUrl(address, ports.references), ports);
  const { clock, limits } = ports;
  const store = openSqliteStore(address.file, ports);
  const alarm = createAlarm(clock);
  return {
    store,
    engine: createEmbeddedEngine(alarm.clock),
    lookAgain: alarm.ring,
    patiently: (work) => work(),
    budget: createRequestBudget(limits, clock, store.requests),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

/** A state in memory that begins as the one at the address, which is only read, beside whatever process has it. */
export async function openDryStorage(address: StoreAddress, ports: StoragePorts): Promise<Storage> {
  const { cipher, clock, limits } = ports;
  const store = overlayStore(openMemoryStore(cipher), await openReader(address, ports));
  return {
    store,
    engine: createEmbeddedEngine(clock),
    lookAgain: () => undefined,
    patiently: (work) => work(),
    budget: createRequestBudget(limits, clock),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

/** Undefined where there is no state yet. */
async function openReader(
  address: StoreAddress,
  { cipher, references }: StorePorts,
): Promise<StateReader | undefined> {
  if (address.kind === 'sqlite') return openSqliteReader(address.file, cipher);
  const { openDatabase } = await import('./adapters/store/postgres-database.ts');
  const { createPostgresReader } = await import('./adapters/store/postgres.ts');
  const { checkSchema } = await import('./adapters/store/postgres-migrate.ts');
  await using opened = new AsyncDisposableStack();
  const database = opened.use(openDatabase(databaseUrl(address, references), { connections: 2 }));
  await checkSchema(database);
  opened.move();
  return createPostgresReader(database, cipher);
}

/** Beside those that turns use at the same time. */
const spareConnections = 4;

async function openPostgresStorage(url: string, ports: StoragePorts): Promise<Storage> {
  const { clock, crash, report, limits, worker } = ports;
  const { openDatabase } = await import('./adapters/store/postgres-database.ts');
  const { checkSchema } = await import('./adapters/store/postgres-migrate.ts');
  const { whileUnreachable } = await import('./adapters/store/postgres-failure.ts');
  const { createPostgresStore } = await import('./adapters/store/postgres.ts');
  const { createSharedBudget } = await import('./adapters/store/postgres-budget.ts');
  const { openJobs } = await import('./adapters/engine/pg-boss-jobs.ts');
  const { createPgBossEngine } = await import('./adapters/engine/pg-boss.ts');
  const { createTroubles } = await import('./adapters/engine/troubles.ts');
  await using opened = new AsyncDisposableStack();
  const connections = Math.ceil(worker.concurrency / 2) + spareConnections;
  const database = opened.use(openDatabase(url, { connections }));
  const troubles = createTroubles({ report, clock });
  const onTrouble = (error: unknown): void => troubles.tell(error);
  const patiently = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = await whileUnreachable(work, { clock, onTrouble });
    troubles.answered();
    return result;
  };
  await patiently(() => checkSchema(database));
  const jobs = opened.use(await patiently(() => openJobs(url, { onTrouble })));
  const engine = createPgBossEngine({
    ...worker,
    database,
    jobs,
    clock,
    crash,
    report,
    troubles,
    appPerSecond: limits.appPerSecond,
  });
  const owned = opened.move();
  return {
    store: createPostgresStore(database, ports),
    engine,
    lookAgain: () => {
      engine.adjust().catch(onTrouble);
    },
    patiently,
    budget: createSharedBudget(database, limits, clock),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Brings a database to the schema of this version; returns how many steps of the state's own that took. */
export async function migrateStorage(address: StoreAddress, references: ReferenceSources): Promise<number> {
  if (address.kind === 'sqlite') throw new TypeError('a state file is migrated when it is opened');
  const url = databaseUrl(address, references);
  const { openDatabase } = await import('./adapters/store/postgres-database.ts');
  const { migrateDatabase } = await import('./adapters/store/postgres-migrate.ts');
  const { migrateJobs } = await import('./adapters/engine/pg-boss-jobs.ts');
  await using database = openDatabase(url, { connections: 1 });
  const steps = await migrateDatabase(database);
  await migrateJobs(url);
  return steps;
}

/**
 * Carries the whole state over to a store with nothing in it, and tells how many records that were. Throws `SagecfgError`
 * while something works on either: what it does meanwhile would be in one of them only.
 */
export async function copyState(
  from: StoreAddress,
  to: StoreAddress,
  references: ReferenceSources,
): Promise<number> {
  if (from.kind === 'sqlite' && !existsSync(from.file)) {
    throw new SagecfgError('unreadable', `there is no state file '${from.file}'`);
  }
  // Tokens are carried over as they are sealed.
  const ports = { cipher: keylessCipher, crash: () => undefined, references };
  await using source = await openUnused(from, ports);
  await using target = await openUnused(to, ports);
  return await target.transfer.write(source.transfer.read());
}

async function openUnused(address: StoreAddress, ports: StorePorts): Promise<Store> {
  if (address.kind === 'postgres') {
    const { openDatabase } = await import('./adapters/store/postgres-database.ts');
    const { refuseWorkers } = await import('./adapters/engine/pg-boss-jobs.ts');
    await using database = openDatabase(databaseUrl(address, ports.references), { connections: 1 });
    await refuseWorkers(database);
  }
  return openStore(address, ports);
}
