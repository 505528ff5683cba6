import { watch } from 'node:fs';
import { basename } from 'node:path';
import type { Io } from '../../io.ts';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import { isUnchanged } from '../../runtime/compare-instances.ts';
import type { Report } from '../../runtime/report.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import { readSettings } from '../../settings/read-settings.ts';
import { foldersOf, readAgain } from './config-files.ts';
import type { ConfigFiles } from './config-files.ts';

/** An editor writes a file in several steps. */
const quietMs = 300;

/**
 * Takes the files over whenever one of them changes, and at SIGHUP, until disposed. What cannot be taken over is
 * reported, and everything goes on as before.
 */
export function reloadOnChange(
  files: ConfigFiles,
  { runtime, report }: { readonly runtime: Runtime; readonly report: Report },
  io: Io,
): Disposable {
  // Standard input cannot be read a second time.
  if (files.names.includes('-')) return { [Symbol.dispose]: () => undefined };
  // Whether the files are in force: what runs was made of them.
  let last: Promise<boolean> = Promise.resolve(true);
  let timer: NodeJS.Timeout | undefined;
  const reload = (): void => {
    last = last.then((isInForce) => reloadOnce(files, { runtime, report, wasRefused: !isInForce }, io));
  };
  const reloadSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(reload, quietMs);
  };
  const stack = new DisposableStack();
  stack.use(io.onHangUp(reload));
  stack.defer(() => clearTimeout(timer));
  if (files.values.watch !== false) stack.use(watchFolders(files, { changed: reloadSoon, report }, io));
  return stack;
}

/** Whether the files are in force. */
async function reloadOnce(
  files: ConfigFiles,
  {
    runtime,
    report,
    wasRefused,
  }: { readonly runtime: Runtime; readonly report: Report; readonly wasRefused: boolean },
  io: Io,
): Promise<boolean> {
  try {
    const changes = await runtime.reload(await readAgain(files, io));
    // Who reads of a refusal must read of its end, too, where the files are as they were before it.
    if (wasRefused && isUnchanged(changes)) report({ kind: 'reloaded', ...changes });
    return true;
  } catch (error) {
    if (!(error instanceof SagecfgError)) throw error;
    report({ kind: 'reload-refused', reason: error.message });
    return false;
  }
}

function watchFolders(
  files: ConfigFiles,
  { changed, report }: { readonly changed: () => void; readonly report: Report },
  io: Io,
): Disposable {
  const { config } = files.values;
  const settings = readSettings({ ...io, ...(config !== undefined && { config }) });
  const stack = new DisposableStack();
  for (const { path, isDeep } of foldersOf(files, settings, io.workingDirectory)) {
    const fail = (error: unknown): void =>
      report({
        kind: 'watch-failed',
        folder: path,
        reason: error instanceof Error ? error.message : 'unknown',
      });
    try {
      const watcher = watch(path, { recursive: isDeep, persistent: false }, (_event, name) => {
        if (name === null || isConfiguration(name)) changed();
      });
      watcher.on('error', fail);
      stack.defer(() => watcher.close());
    } catch (error) {
      fail(error);
    }
  }
  return stack;
}

/** Not the state, which may lie in the same folder; a volume of Kubernetes changes as a whole, by its link `..data`. */
function isConfiguration(path: string): boolean {
  const name = basename(path);
  return /\.(?:ya?ml|jsonc?)$/i.test(name) || name.startsWith('..');
}
