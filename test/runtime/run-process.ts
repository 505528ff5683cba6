import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { endWithProcess } from '../end-with-process.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import type { TemporaryFolder } from '../temporary-folder.ts';

/** The built one. */
export const command = resolve(import.meta.dirname, '../../dist/sagecfg.cjs');

/** A folder with an instance file for each tenant of a simulator, to run the built command in; its polls have several pages. */
export async function tenantFolder(simulator: Simulator): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  for (const { name } of simulator.tenants) {
    const text = simulator.instanceFile(name).replaceAll('idField: id', 'idField: id\n      pageSize: 5');
    await writeFile(join(folder.path, `${name}.yaml`), text);
  }
  return folder;
}

export interface RunningProcess {
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves with the first line of the log that matches; rejects when the process ends without one. */
  readonly line: (pattern: RegExp) => Promise<string>;
  readonly ended: Promise<{
    readonly code: number | null;
    readonly signal: string | null;
    readonly stderr: string;
  }>;
}

interface RunOptions {
  readonly flags?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly store?: string;
  /** Of files, or globs. */
  readonly names?: readonly string[];
  /** Shell commands that change what the process may do: `ulimit -f 100`. */
  readonly limits?: string;
  /** The system's user that it runs as; only root can choose another. */
  readonly user?: number;
}

/** Starts `sagecfg run` against the simulator as a process of its own. */
export function startRun(
  simulator: Simulator,
  folder: string,
  {
    flags = [],
    environment = {},
    store = 'sqlite:state.db',
    names = simulator.tenants.map(({ name }) => `${name}.yaml`),
    limits = ':',
    user,
  }: RunOptions = {},
): RunningProcess {
  const address = ['--source', 'simulator', '--sage-base-url', simulator.sageUrl, '--store', store];
  const pace = ['--interval-seconds', '0.2', '--budget-app-per-second', '500'];
  const log = ['--log-level', 'debug'];
  const run = [process.execPath, command, 'run', ...address, ...pace, ...log, ...flags, ...names];
  // `exec` keeps the process's id, so that a kill reaches it.
  const child = spawn('sh', ['-c', `${limits}; exec "$@"`, 'sh', ...run], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...environment },
    ...(user === undefined ? {} : { uid: user, gid: user }),
  });
  const interrupted = endWithProcess(() => child.kill('SIGKILL'));
  child.once('close', interrupted.forget);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const lines = createInterface({ input: child.stderr });
  const seen: string[] = [];
  lines.on('line', (line) => seen.push(line));
  const ended = once(child, 'close').then(([code, signal]: (number | string | null)[]) => ({
    code: typeof code === 'number' ? code : null,
    signal: typeof signal === 'string' ? signal : null,
    stderr,
  }));
  return { child, ended, line: (pattern) => waitForLine(pattern, { lines, seen, ended }) };
}

const mostRounds = 30;

/**
 * Polls and delivers with `--once` until nothing is left over, and one more time. A notification whose answer a worker has
 * missed, because it stood still or its receiver did, is due again only after some seconds.
 */
export async function runUntilSettled(startOnce: () => RunningProcess): Promise<void> {
  for (let round = 0; round < mostRounds; round += 1) {
    const { code } = await startOnce().ended;
    if (code === 0) break;
  }
  const { code, stderr } = await startOnce().ended;
  if (code !== 0) throw new Error(`run --once ends with ${code}: ${stderr}`);
}

/** Until every list of the simulator's own file was polled: what changes before that is not the poller's to deliver. */
export async function firstPolls(run: Pick<RunningProcess, 'line'>): Promise<void> {
  const lists = ['customers', 'invoices', 'products'];
  await Promise.all(
    lists.map((list) => run.line(new RegExp(`"kind":"poll-finished".*"resource":"${list}"`))),
  );
}

async function waitForLine(
  pattern: RegExp,
  {
    lines,
    seen,
    ended,
  }: { readonly lines: ReturnType<typeof createInterface>; readonly seen: readonly string[] } & Pick<
    RunningProcess,
    'ended'
  >,
): Promise<string> {
  const found = Promise.withResolvers<string>();
  const look = (line: string): void => {
    if (pattern.test(line)) found.resolve(line);
  };
  seen.forEach(look);
  lines.on('line', look);
  const failed = ended.then(({ code, stderr }) => {
    throw new Error(`the process ended with ${code} before it printed ${pattern.source}: ${stderr}`);
  });
  return Promise.race([found.promise, failed]);
}
