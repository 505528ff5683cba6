import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { endWithProcess } from './end-with-process.ts';

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
  readonly read: (name: string) => Promise<string>;
}

/** A folder with the given files, gone when the test is over. */
export async function temporaryFolder(
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'sagecfg-test-'));
  const interrupted = endWithProcess(() => rmSync(path, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  return {
    path,
    read: (name) => readFile(join(path, name), 'utf8'),
    [Symbol.asyncDispose]: async () => {
      interrupted.forget();
      await rm(path, { recursive: true, force: true });
    },
  };
}
