import type { Io } from '../../io.ts';
import { exitCodes, SagecfgError, type ExitCode } from '../../problem/sagecfg-error.ts';
import { parseStoreAddress } from '../../runtime/store-address.ts';

/** Carries a state over to another store. Throws `SagecfgError` where one end is missing, or cannot be had. */
export async function copyState(
  { from, to }: { readonly from: string | undefined; readonly to: string | undefined },
  io: Io,
): Promise<ExitCode> {
  if (from === undefined || to === undefined) {
    throw new SagecfgError('usage', 'state copy needs --from and --to');
  }
  const storage = await import('../../runtime/open-storage.ts');
  const source = parseStoreAddress(from, io.workingDirectory, '--from');
  const target = parseStoreAddress(to, io.workingDirectory, '--to');
  const count = await storage.copyState(source, target, io);
  io.stdout.write(`${count} records carried over; tokens stay sealed with the same SAGECFG_KEY\n`);
  return exitCodes.clean;
}
