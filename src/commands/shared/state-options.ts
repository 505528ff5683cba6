import { SagecfgError } from '../../problem/sagecfg-error.ts';
import type { Io } from '../../io.ts';
import type { Store } from '../../runtime/ports/store.ts';
import { parseStoreAddress } from '../../runtime/store-address.ts';
import type { StoreAddress } from '../../runtime/store-address.ts';
import { readSettings } from '../../settings/read-settings.ts';
import type { OptionDefinitions, OptionValues } from '../command.ts';
import { inputOptions } from './options.ts';
import { runtimeOptions, storeFrom } from './runtime-options.ts';

/** Which state is meant: as `run` has it. */
export const stateOptions = {
  store: runtimeOptions.store,
  state: runtimeOptions.state,
  config: inputOptions.config,
} as const satisfies OptionDefinitions;

type StateFlags = Pick<OptionValues<typeof stateOptions>, 'store' | 'state' | 'config'>;

export function stateAddressFrom(flags: StateFlags, { workingDirectory }: Io): StoreAddress {
  const { runtime } = readSettings({
    workingDirectory,
    ...(flags.config !== undefined && { config: flags.config }),
  });
  return parseStoreAddress(storeFrom(flags, runtime), workingDirectory);
}

/** Opens the state beside a `run` that may have it. Throws `SagecfgError` where there is none. */
export async function openStateBeside(
  flags: StateFlags,
  io: Io,
  { readOnly }: { readonly readOnly: boolean },
): Promise<Store> {
  const { openBeside } = await import('../../runtime/open-storage.ts');
  const { environment, workingDirectory } = io;
  const address = stateAddressFrom(flags, io);
  const references = { environment, workingDirectory };
  const store = await openBeside(address, { references, readOnly });
  if (store !== undefined) return store;
  throw new SagecfgError('no-input', `there is no state yet${where(address)}: 'sagecfg run' makes it`);
}

function where(address: StoreAddress): string {
  return address.kind === 'sqlite' ? ` at ${JSON.stringify(address.file)}` : '';
}
