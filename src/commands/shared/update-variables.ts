import { chmod, open, readFile } from 'node:fs/promises';
import { writeText } from '../../input/write-text.ts';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import { writeVariables, type Variable } from '../../platform/variables-file.ts';

/** Sets variables in a file that only this user can read; what else is in it stays. */
export async function updateVariables(path: string, variables: readonly Variable[]): Promise<void> {
  try {
    // Made with its mode, so that nobody reads it before that is set.
    await (await open(path, 'a', 0o600)).close();
    await chmod(path, 0o600);
  } catch (cause) {
    throw new SagecfgError('unwritable', `cannot write ${JSON.stringify(path)}: ${reasonOf(cause)}`, {
      cause,
    });
  }
  const before = await readFile(path, 'utf8');
  await writeText(path, writeVariables(before, variables));
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
