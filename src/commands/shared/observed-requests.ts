import type { Io } from '../../io.ts';
import type { ObservedRequests } from '../../lint/poll-load.ts';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import { readObservedRequests } from '../../runtime/observe/observed-requests.ts';
import type { Store } from '../../runtime/ports/store.ts';
import { openStateBeside } from './state-options.ts';

/** What polls took, as the state knows, which is only read; undefined where there is none and none was named. */
export async function observedRequests(
  flags: Parameters<typeof openStateBeside>[0],
  io: Io,
): Promise<ObservedRequests | undefined> {
  let store: Store;
  try {
    store = await openStateBeside(flags, io, { readOnly: true });
  } catch (error) {
    const isNamed = flags.store !== undefined || flags.state !== undefined;
    if (!isNamed && error instanceof SagecfgError && error.code === 'no-input') return undefined;
    throw error;
  }
  await using opened = store;
  return await readObservedRequests(opened);
}
