import type { ObservedRequests } from '../../lint/poll-load.ts';
import { instanceIdOf } from '../instance-configuration.ts';
import type { Store } from '../ports/store.ts';

/** What the latest polls of each resource took, as the state knows. */
export async function readObservedRequests({ polls }: Pick<Store, 'polls'>): Promise<ObservedRequests> {
  const known = new Map<string, number>();
  for (const { key, requestsPerHundred } of await polls.list()) {
    if (requestsPerHundred !== undefined) known.set(key, requestsPerHundred / 100);
  }
  return (instance, { resource }) => known.get(`${instanceIdOf(instance)}/${resource.value}`);
}
