import { chmod, open, readFile } from 'node:fs/promises';
import { writeText } from '../../input/write-text.ts';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import type { TextFile } from '../../platform/variables-registrations.ts';

/** A file of variables that only this user can read; throws `SagecfgError` where it cannot be written. */
export async function openPrivateText(path: string): Promise<TextFile> {
  try {
    // Made with its mode, so that nobody reads it before that is set.
    await (await open(path, 'a', 0o600)).close();
    await chmod(path, 0o600);
  } catch (cause) {
    throw new SagecfgError('unwritable', `cannot write ${JSON.stringify(path)}: ${reasonOf(cause)}`, {
      cause,
    });
  }
  return { read: () => readFile(path, 'utf8'), write: (text) => writeText(path, text) };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
