import { constants, promises } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SagecfgError } from '../problem/sagecfg-error.ts';

/**
 * Replaces a file's text so that whoever reads it sees the old or the new one whole, also after a crash: written beside
 * it, synced, renamed. Keeps the mode; a symbolic link stays one, and what it names is replaced. A file that may not be
 * written stays as it is, though its folder would allow to put another one in its place.
 *
 * @throws SagecfgError `unwritable`
 */
export async function writeText(path: string, text: string): Promise<void> {
  const target = await promises.realpath(path).catch(() => path);
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  try {
    const mode = (await promises.stat(target).catch(() => undefined))?.mode;
    if (mode !== undefined) await promises.access(target, constants.W_OK);
    await writeSynced(temporary, text, mode);
    await promises.rename(temporary, target);
  } catch (error) {
    await promises.unlink(temporary).catch(() => undefined);
    const reason = error instanceof Error ? error.message : String(error);
    throw new SagecfgError('unwritable', `cannot write ${JSON.stringify(path)}: ${reason}`, { cause: error });
  }
}

async function writeSynced(path: string, text: string, mode: number | undefined): Promise<void> {
  await using file = await promises.open(path, 'w', mode === undefined ? 0o666 : mode & 0o7777);
  // The mode given to open is cut by the umask; a file that was readable to a group stays so.
  if (mode !== undefined) await file.chmod(mode & 0o7777);
  await file.writeFile(text);
  await file.sync();
}
