import { didYouMean } from '../problem/did-you-mean.ts';
import { entryOf, type MappingNode, type Node } from '../document/node.ts';

/** What a document is. */
export const documentKinds = ['instance', 'instance-export', 'poller-configuration'] as const;
export type DocumentKind = (typeof documentKinds)[number];

/** Tells by shape what a value is; undefined where no shape fits. */
export function documentKindOf(node: Node): DocumentKind | undefined {
  if (node.kind !== 'mapping') return undefined;
  if (isExport(node)) return 'instance-export';
  if (entryOf(node, 'configuration') !== undefined || entryOf(node, 'element') !== undefined)
    return 'instance';
  return isPollerConfiguration(node) ? 'poller-configuration' : undefined;
}

/** Keys that only the platform's answer has. */
const exportKeys = [
  'elementId',
  'provisionInteractions',
  'valid',
  'cachingEnabled',
  'eventsEnabled',
  'token',
];

function isExport(node: MappingNode): boolean {
  const hasBody = entryOf(node, 'configuration') !== undefined;
  return hasBody && exportKeys.some((key) => entryOf(node, key) !== undefined);
}

/** Keys that nothing but an entry has; `url` is everywhere. */
const entryKeys = [
  'idField',
  'datesConfiguration',
  'filterByUpdatedDate',
  'pollDelay',
  'createdCheckTolerance',
];

/** One entry that looks like one is enough: the others are then wrong in a way that can be named. */
function isPollerConfiguration(node: MappingNode): boolean {
  return node.entries.some(({ value }) => value.kind === 'mapping' && isEntry(value));
}

function isEntry(node: MappingNode): boolean {
  return node.entries.some(
    ({ key, value }) => entryKeys.includes(key) || (isNearly(key, 'url') && isPollUrl(value)),
  );
}

/** A misspelt key counts as well: it is the mistake that has to be found. */
function isNearly(key: string, known: string): boolean {
  return key === known || didYouMean(key, [known]) !== undefined;
}

/** A path, or something with a template or a filter in it; not the address of a web page. */
function isPollUrl(node: Node): boolean {
  return (
    node.kind === 'scalar' && typeof node.value === 'string' && /^\s*\/|^<|\$[{<]|\?where/.test(node.value)
  );
}
