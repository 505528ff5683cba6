import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { instancesFor, instanceText, openWorkplace, pageOf, planOf, settlePolls } from './prepare.ts';
import type { Workplace } from './prepare.ts';

const command = resolve(import.meta.dirname, '../../dist/sagecfg.cjs');
/** Nobody listens there. */
const callbackUrl = 'http://127.0.0.1:9/callback';
const tenants = 10;

export interface LargeState {
  /** From the start of the process to its first look at what is due, milliseconds. */
  readonly startMs: number;
  /** Resident memory at most, MB. */
  readonly mostMb: number;
}

/** Starts the built command on a state with so many rows in its ledger, and watches its memory for a while. */
export async function measureLargeState({
  ledgerRows,
  waitingEvents,
  seconds,
  rounds,
}: {
  readonly ledgerRows: number;
  readonly waitingEvents: number;
  readonly seconds: number;
  readonly rounds: number;
}): Promise<readonly LargeState[]> {
  await using workplace = await openWorkplace();
  const plans = instancesFor(tenants, { callbackUrl }).map(planOf);
  await workplace.fill(async (store) => {
    await settlePolls(store, plans);
    for (const { polls } of plans) {
      const key = polls[0]?.key ?? '';
      const share = waitingEvents / tenants;
      for (let first = 0; first < share; first += 200) {
        await store.polls.commitPage(
          pageOf(key, first, Math.min(200, share - first), () => Math.floor(first / 200)),
        );
      }
    }
  });
  if (ledgerRows > 0) addLedgerRows(workplace.file, plans[0]?.polls[0]?.key ?? '', ledgerRows);
  const measured: LargeState[] = [];
  for (let round = 0; round < rounds; round += 1) measured.push(await startOn(workplace, seconds));
  return measured;
}

function addLedgerRows(file: string, pollKey: string, rows: number): void {
  using database = new DatabaseSync(file);
  database
    .prepare(`
      WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
      INSERT INTO ledger (poll_key, object_id, updated_ms, hash, is_deleted, revision, earlier_hashes)
      SELECT ?, 'old-' || n, n, lower(hex(randomblob(32))), 0, 0, '[]' FROM numbers`)
    .run(rows, pollKey);
}

async function startOn({ file, environment }: Workplace, seconds: number): Promise<LargeState> {
  const folder = await mkdtemp(join(dirname(file), 'run-'));
  const names = await Promise.all(
    Array.from({ length: tenants }, async (_, index) => {
      const name = `tenant-${index}.yaml`;
      await writeFile(join(folder, name), instanceText(index, callbackUrl, ['customers']));
      return name;
    }),
  );
  const source = ['--source', 'simulator', '--sage-base-url', 'http://127.0.0.1:9/v3.1', '--state', file];
  const startedMs = performance.now();
  const child = spawn(process.execPath, [command, 'run', ...source, '--interval-seconds', '3600', ...names], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: string[] = [];
  const started = Promise.withResolvers<number>();
  createInterface({ input: child.stderr }).on('line', (line) => {
    said.push(line);
    if (line.includes('"kind":"started"')) started.resolve(performance.now() - startedMs);
  });
  const exited = once(child, 'exit');
  const startMs = await Promise.race([
    started.promise,
    exited.then(() => Promise.reject(new Error(`it ended: ${said.join('\n')}`))),
  ]);
  let mostMb = 0;
  for (let elapsed = 0; elapsed < seconds * 10; elapsed += 1) {
    mostMb = Math.max(mostMb, await residentMb(child.pid ?? 0));
    await wait(100);
  }
  child.kill('SIGTERM');
  await exited;
  await rm(folder, { recursive: true });
  return { startMs, mostMb };
}

async function residentMb(processId: number): Promise<number> {
  const status = await readFile(`/proc/${processId}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1000;
}
