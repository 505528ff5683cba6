import { readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { SagecfgError } from '../../../problem/sagecfg-error.ts';
import { makePrivateFile, writePrivateFile } from '../../private-files.ts';
import { explainFailure } from './sqlite-failure.ts';

/**
 * Makes this process the only one with the state file, until disposed. The lock is an exclusive transaction on a file
 * beside it: the system drops it with the process, however that ends, so no stale lock can remain. Who holds it stands in
 * a second file, because a locked one cannot be read. Throws `SagecfgError` at once when it is taken.
 */
export function lockStateFile(stateFile: string): Disposable {
  const ownerFile = `${stateFile}-owner`;
  makePrivateFile(`${stateFile}-lock`);
  const lock = new DatabaseSync(`${stateFile}-lock`, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    if (!isBusy(cause)) throw explainFailure(cause, `${stateFile}-lock`);
    const message = `state file '${stateFile}' is in use by ${readOwner(ownerFile)}; stop that one, or name another file`;
    throw new SagecfgError('state-in-use', message, { cause });
  }
  const started = new Date().toISOString();
  const owner = `process ${process.pid} on ${hostname()}, started ${started}\n`;
  writePrivateFile(ownerFile, owner);
  return {
    [Symbol.dispose]: () => {
      rmSync(ownerFile, { force: true });
      lock.close();
    },
  };
}

function readOwner(ownerFile: string): string {
  try {
    return readFileSync(ownerFile, 'utf8').trim();
  } catch {
    return 'another process';
  }
}

const busyCode = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === busyCode;
}
