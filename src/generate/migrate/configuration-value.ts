import type { MappingNode } from '../../document/node.ts';
import { toValue } from '../../document/to-value.ts';
import { isObject, type ObjectValue } from '../fields.ts';

export const pollerKey = 'event.poller.configuration';

/** The configuration as data, with one key replaced in its place and others left out. */
export function changedConfiguration(
  node: MappingNode,
  {
    replaced,
    removed = [],
  }: {
    readonly replaced?: readonly [key: string, by: string, value: ObjectValue[string]];
    readonly removed?: readonly string[];
  },
): ObjectValue {
  const value = toValue(node);
  const entries = Object.entries(isObject(value) ? value : {});
  return Object.fromEntries(
    entries.flatMap(([key, own]) => {
      if (removed.includes(key)) return [];
      return replaced?.[0] === key ? [[replaced[1], replaced[2]] as const] : [[key, own] as const];
    }),
  );
}
