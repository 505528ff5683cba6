import { constants, createReadStream } from 'node:fs';
import { access, open, rename, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { readFailureReason } from '../../input/read-input.ts';
import type { Io } from '../../io.ts';
import { exitCodes, SagecfgError, type ExitCode } from '../../problem/sagecfg-error.ts';
import type { Store } from '../../runtime/ports/store.ts';
import { privateFileMode } from '../../runtime/private-files.ts';
import { parseStateLines, renderHeader, renderRecord } from '../../runtime/state-lines.ts';
import { systemClock } from '../../sage/clock.ts';
import { stateAddressFrom } from './state-options.ts';

/** Writes the whole state as lines, and tells how many. A file is there complete, or not at all. */
export async function exportState(
  { transfer }: Store,
  { outputFile, io }: { readonly outputFile: string | undefined; readonly io: Io },
): Promise<number> {
  if (outputFile === undefined) {
    return writeLines(transfer.read(), async (text) => void io.stdout.write(text));
  }
  const path = resolve(io.workingDirectory, outputFile);
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, 'wx', privateFileMode);
    let count = 0;
    try {
      count = await writeLines(transfer.read(), (text) => file.appendFile(text));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    return count;
  } catch (cause) {
    await rm(temporary, { force: true });
    if (cause instanceof SagecfgError) throw cause;
    throw new SagecfgError('unwritable', `cannot write ${JSON.stringify(path)}: ${String(cause)}`, { cause });
  }
}

const charactersAtOnce = 256 * 1024;

async function writeLines(
  records: ReturnType<Store['transfer']['read']>,
  write: (text: string) => Promise<void>,
): Promise<number> {
  let count = 0;
  let text = renderHeader(systemClock.now());
  for await (const record of records) {
    text += renderRecord(record);
    count += 1;
    if (text.length < charactersAtOnce) continue;
    await write(text);
    text = '';
  }
  await write(text);
  return count;
}

interface StateFlags {
  readonly store: string | undefined;
  readonly state: string | undefined;
  readonly config: string | false | undefined;
}

/** Fills a new state from lines that were exported: all of them, or none. */
export async function importState(file: string, flags: StateFlags, io: Io): Promise<ExitCode> {
  const { openKeyless } = await import('../../runtime/open-storage.ts');
  const { environment, workingDirectory } = io;
  const address = stateAddressFrom(flags, io);
  // A mistyped name must leave no empty state behind, which would look like one that was filled.
  if (file !== '-') await requireReadable(resolve(workingDirectory, file));
  await using store = await openKeyless(address, { environment, workingDirectory });
  const count = await store.transfer.write(parseStateLines(readLines(file, io)));
  io.stdout.write(`${count} lines imported; 'sagecfg run' goes on where they were\n`);
  return exitCodes.clean;
}

export async function* readLines(file: string, io: Io): AsyncGenerator<string> {
  const path = resolve(io.workingDirectory, file);
  const input = file === '-' ? io.stdin : createReadStream(path);
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) yield line;
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

async function requireReadable(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
    if (!(await stat(path)).isDirectory()) return;
  } catch (cause) {
    throw unreadable(path, cause);
  }
  throw new SagecfgError('unreadable', `cannot read ${JSON.stringify(path)}: is a folder`);
}

function unreadable(path: string, cause: unknown): SagecfgError {
  const reason = readFailureReason(cause);
  return new SagecfgError('unreadable', `cannot read ${JSON.stringify(path)}: ${reason}`, { cause });
}
