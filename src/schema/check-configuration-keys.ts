import { appendToPointer } from '../document/json-pointer.ts';
import { entryOf, type MappingEntry, type MappingNode, type Node } from '../document/node.ts';
import { didYouMean } from '../problem/did-you-mean.ts';
import { baseKeys, sageKeys } from './configuration-keys.ts';
import type { SchemaFault } from './schema-fault.ts';

/**
 * The configuration is open, since every element has keys of its own. Three things are wrong all the same: a key of the
 * platform's own space that the platform does not know, a key that is nearly a known one, and keys that are nested.
 * A missing key that turns out to be misspelt is taken off `faults`.
 */
export function checkConfigurationKeys(root: Node, faults: SchemaFault[]): SchemaFault[] {
  const configuration = root.kind === 'mapping' ? entryOf(root, 'configuration')?.value : undefined;
  if (configuration?.kind !== 'mapping') return [];
  const known = isSage(root) ? keysOfSage : keysOfAll;
  const unknown = configuration.entries.filter(({ key }) => !known.has(key) && !key.startsWith('x-'));
  if (unknown.length === 0) return [];
  const names = [...known];
  const taken = new Set(configuration.entries.map(({ key }) => key));
  const unused = names.filter((key) => !taken.has(key));
  return unknown.flatMap((entry, index) =>
    describeKey(entry, index < mostHints ? unused : [], names, faults),
  );
}

/** A configuration has forty keys; to look for what was meant by each of a hundred thousand takes a quarter of a minute. */
const mostHints = 2000;

const keysOfAll: ReadonlySet<string> = new Set(baseKeys);
const keysOfSage: ReadonlySet<string> = new Set([...baseKeys, ...sageKeys]);

function isSage(root: Node): boolean {
  const element = root.kind === 'mapping' ? entryOf(root, 'element')?.value : undefined;
  const key = element?.kind === 'mapping' ? entryOf(element, 'key')?.value : undefined;
  return key?.kind === 'scalar' && key.value === 'sageone';
}

function describeKey(
  entry: MappingEntry,
  unused: readonly string[],
  known: readonly string[],
  faults: SchemaFault[],
): SchemaFault[] {
  const fault = {
    rule: 'unknown-key',
    pointer: appendToPointer('/configuration', entry.key),
    at: 'key',
  } as const;
  const nested = known.find((key) => key.startsWith(`${entry.key}.`));
  if (nested !== undefined && entry.value.kind === 'mapping')
    return [{ ...fault, ...nestedKey(entry.key, entry.value, nested) }];

  const withSpace = `event.${entry.key}`;
  const suggestion = unused.includes(withSpace) ? withSpace : didYouMean(entry.key, unused);
  if (suggestion === undefined)
    return entry.key.startsWith('event.') ? [{ ...fault, ...foreignKey(entry.key) }] : [];
  const wasMissing = removeMissing(faults, suggestion);
  const isCertain = wasMissing || entry.key.toLowerCase().startsWith('event');
  return [
    {
      ...fault,
      ...(!isCertain && { severity: 'warning' as const }),
      message: `unknown key ${JSON.stringify(entry.key)}: did you mean "${suggestion}"?`,
      help: 'A key with another name is ignored without a word.',
      rename: { to: suggestion, safe: suggestion.toLowerCase() === entry.key.toLowerCase() },
    },
  ];
}

function nestedKey(key: string, value: MappingNode, example: string): Pick<SchemaFault, 'message' | 'help'> {
  const first = value.entries[0]?.key;
  return {
    message: `key "${key}" holds an object, but the keys of a configuration are flat`,
    help: `The dots are part of the key: write "${example}"${first === undefined ? '' : `, not "${key}" with "${first}" inside`}.`,
  };
}

function foreignKey(key: string): Pick<SchemaFault, 'message' | 'help'> {
  return {
    message: `unknown key ${JSON.stringify(key)}`,
    help: 'Keys that begin with "event." belong to the platform, and it has none of this name.',
  };
}

function removeMissing(faults: SchemaFault[], key: string): boolean {
  const pointer = appendToPointer('/configuration', key);
  const index = faults.findIndex((fault) => fault.rule === 'missing-key' && fault.pointer === pointer);
  if (index === -1) return false;
  faults.splice(index, 1);
  return true;
}
