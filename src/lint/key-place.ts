import { appendToPointer } from '../document/json-pointer.ts';
import type { MappingEntry } from '../document/node.ts';
import type { ConfigurationLeaf } from '../model/model.ts';
import type { RuleReport } from './rule.ts';

/** The place of an entry's key, for what is said of the key and not of its value. */
export function keyPlace({ key, keyRange, via }: MappingEntry, parent: string): RuleReport['leaf'] {
  const rangeOf = (start: number, end: number) => ({
    start: keyRange.start + start,
    end: keyRange.start + end,
  });
  return { pointer: appendToPointer(parent, key), range: keyRange, rangeOf, via };
}

/** The same for a key of the configuration. */
export function keyOf({ pointer, keyRange: range, via }: ConfigurationLeaf): RuleReport['leaf'] {
  return { pointer, range, via, rangeOf: () => range };
}
