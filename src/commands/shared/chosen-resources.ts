import { findResource, listResources, type SageResource } from '../../catalog/sage-resource.ts';
import { suggestResource } from '../../catalog/suggest-resource.ts';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import type { Io } from '../../io.ts';

/**
 * The resources that `--resources` and `--all` ask for, each once, in the order in which they were named.
 *
 * @throws SagecfgError `usage` for a name that Sage does not have, and for one that cannot be polled by change
 */
export function chosenResources({
  resources,
  all,
}: {
  readonly resources?: readonly string[] | undefined;
  readonly all?: boolean | undefined;
}): readonly SageResource[] {
  const named = (resources ?? []).flatMap((list) => list.split(',')).map(pollableResource);
  if (all === true && named.length > 0)
    throw new SagecfgError('usage', '--all is every resource: leave out --resources');
  return all === true ? pollableResources() : [...new Set(named)];
}

function pollableResources(): readonly SageResource[] {
  return listResources().filter(({ changeFilter }) => changeFilter !== undefined);
}

function pollableResource(written: string): SageResource {
  const name = written.trim();
  const resource = findResource(name);
  if (resource === undefined) throw unknownResource(name);
  if (resource.changeFilter !== undefined) return resource;
  const [spot] = resource.blindSpots;
  throw new SagecfgError(
    'usage',
    `--resources: "${name}" cannot be polled. ${spot?.why ?? ''} Instead, ${resource.alternative ?? 'read it whole'}.`,
  );
}

function unknownResource(name: string): SagecfgError {
  const suggestion = suggestResource(name);
  const names = pollableResources().map((resource) => resource.name);
  const hint =
    suggestion === undefined ? `expected one of ${names.join(', ')}` : `did you mean "${suggestion}"?`;
  return new SagecfgError('usage', `--resources: Sage has no resource ${JSON.stringify(name)}: ${hint}`);
}

/** Says what nobody will see through a poll of these. */
export function reportBlindSpots(resources: readonly SageResource[], io: Io): void {
  for (const { caveat, blindSpots, name } of resources) {
    const sentences = [...blindSpots.map(({ why }) => why), ...(caveat === undefined ? [] : [caveat])];
    for (const sentence of sentences) io.stderr.write(`note on "${name}": ${sentence}\n`);
  }
}
