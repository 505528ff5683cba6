import { didYouMean } from '../../problem/did-you-mean.ts';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import type { PollFilter } from '../../runtime/ports/poll-store.ts';
import type { Store } from '../../runtime/ports/store.ts';

/** Throws `SagecfgError` when the state has never had an instance with this name. */
export async function requireKnownInstance(
  instanceId: string,
  { polls }: Pick<Store, 'polls'>,
): Promise<void> {
  const known = [...new Set((await polls.list()).map((poll) => poll.instanceId))];
  if (!known.includes(instanceId)) throw unknown('instance', instanceId, known);
}

/** What `INSTANCE` or `INSTANCE/RESOURCE` means; both may have slashes of their own. Throws `SagecfgError` for neither. */
export async function findPolls(name: string, { polls }: Pick<Store, 'polls'>): Promise<PollFilter> {
  const known = await polls.list();
  if (known.some(({ instanceId }) => instanceId === name)) return { instanceId: name };
  const poll = known.find((each) => nameOf(each) === name);
  if (poll !== undefined) return { instanceId: poll.instanceId, resource: poll.resource };
  const names = new Set(known.flatMap((each) => [each.instanceId, nameOf(each)]));
  throw unknown('instance or poll', name, [...names]);
}

function nameOf({ instanceId, resource }: Required<PollFilter>): string {
  return `${instanceId}/${resource}`;
}

const mostShown = 10;

function unknown(what: string, name: string, known: readonly string[]): SagecfgError {
  const meant = didYouMean(name, known);
  const shown = known.length === 0 ? 'nothing' : known.slice(0, mostShown).join(', ');
  const rest = known.length > mostShown ? ` and ${known.length - mostShown} more` : '';
  const hint = meant === undefined ? `it has ${shown}${rest}` : `did you mean "${meant}"?`;
  return new SagecfgError('usage', `the state has no ${what} ${JSON.stringify(name)}: ${hint}`);
}
