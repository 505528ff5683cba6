import { entryOf } from '../document/node.ts';
import type { Instance } from '../model/model.ts';
import { didYouMean } from '../problem/did-you-mean.ts';

/**
 * Whether the configuration lacks `key` only because it stands there under a slightly other name, or inside an object
 * (`event: {notification: …}`): that is the mistake then, and it is reported as an unknown key.
 */
export function isMisspelt({ node }: Instance, key: string): boolean {
  const configuration = entryOf(node, 'configuration')?.value;
  if (configuration?.kind !== 'mapping' || entryOf(configuration, key) !== undefined) return false;
  return configuration.entries.some(
    ({ key: other, value }) =>
      (value.kind === 'mapping' && key.startsWith(`${other}.`)) ||
      key === `event.${other}` ||
      (value.kind === 'scalar' && didYouMean(other, [key]) !== undefined),
  );
}
