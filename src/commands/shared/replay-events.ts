import type { Io } from '../../io.ts';
import { exitCodes, SagecfgError, type ExitCode } from '../../problem/sagecfg-error.ts';
import type { EventFilter } from '../../runtime/ports/event.ts';
import type { Store } from '../../runtime/ports/store.ts';

/** Has events delivered anew, and says so. Throws `SagecfgError` when nothing says which. */
export async function replayEvents(
  filter: EventFilter,
  { all, store, io }: { readonly all: boolean; readonly store: Store; readonly io: Io },
): Promise<ExitCode> {
  if (Object.keys(filter).length === 0 && !all) {
    throw new SagecfgError(
      'usage',
      'which events? Name ids, or a filter such as --event-state dead, or --all',
    );
  }
  if (filter.state === 'pending') {
    throw new SagecfgError(
      'usage',
      'pending events are on their way: sagecfg resume, if their receiver is disabled',
    );
  }
  const missing = await findMissing(filter, store);
  if (missing.length > 0) {
    const shown = missing.map((id) => JSON.stringify(id)).join(', ');
    throw new SagecfgError('no-input', `no such event: ${shown}; nothing was replayed`);
  }
  const count = await store.outbox.replay(filter);
  if (count === 0) {
    io.stdout.write('nothing to replay: no such event was delivered or given up\n');
    return exitCodes.problems;
  }
  const what = count === 1 ? '1 event waits' : `${count} events wait`;
  io.stdout.write(`${what} to be delivered anew, later ones of the same objects among them\n`);
  return exitCodes.clean;
}

async function findMissing({ ids = [] }: EventFilter, { outbox }: Store): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const found = new Set((await outbox.listEvents({ ids }, { limit: ids.length })).map(({ id }) => id));
  return ids.filter((id) => !found.has(id));
}
