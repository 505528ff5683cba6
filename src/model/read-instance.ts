import { appendToPointer } from '../document/json-pointer.ts';
import { entryOf, type MappingEntry, type MappingNode, type Scalar } from '../document/node.ts';
import type { Edit, Range } from '../problem/problem.ts';
import type { DocumentKind } from '../schema/document-kind.ts';
import { readBoolean, readLeaf, readNumber, readText, type Reader } from './read-leaf.ts';
import type {
  ConfigurationLeaf,
  DatesConfiguration,
  Entry,
  Instance,
  Leaf,
  PollerConfiguration,
} from './model.ts';

const pollerKey = 'event.poller.configuration';

/** The typed meaning of a document. Total: what has the wrong shape is left out, the schema has reported it. */
export function readInstance(
  node: MappingNode,
  { kind, pointer, text }: { readonly kind: DocumentKind; readonly pointer: string; readonly text: string },
): Instance {
  const read = leavesOf(node, pointer);
  if (kind === 'poller-configuration') {
    const none = {
      name: undefined,
      elementKey: undefined,
      providerData: new Map(),
      configuration: new Map(),
    };
    return { kind, text, node, pointer, ...none, poller: readPoller(node, undefined, pointer) };
  }
  const configuration = mappingOf(node, 'configuration');
  const configurationPointer = appendToPointer(pointer, 'configuration');
  const element = mappingOf(node, 'element');
  return {
    kind,
    text,
    node,
    pointer,
    name: read('name', readText),
    elementKey: element && leavesOf(element, appendToPointer(pointer, 'element'))('key', readText),
    providerData: readFlat(mappingOf(node, 'providerData'), appendToPointer(pointer, 'providerData')),
    configuration: readFlat(configuration, configurationPointer),
    poller: configuration && readPollerOf(configuration, configurationPointer),
  };
}

function mappingOf(node: MappingNode, key: string): MappingNode | undefined {
  const value = entryOf(node, key)?.value;
  return value?.kind === 'mapping' ? value : undefined;
}

function readFlat(node: MappingNode | undefined, pointer: string): Map<string, ConfigurationLeaf> {
  const leaves = new Map<string, ConfigurationLeaf>();
  for (const entry of node?.entries ?? []) {
    const leaf = readLeaf(entry, pointer, anyScalar);
    if (leaf !== undefined) leaves.set(entry.key, leaf);
  }
  return leaves;
}

function anyScalar(value: Scalar): Scalar {
  return value;
}

function readPollerOf(configuration: MappingNode, parent: string): PollerConfiguration | undefined {
  const entry = entryOf(configuration, pollerKey);
  if (entry?.value.kind !== 'mapping') return undefined;
  const pointer = appendToPointer(parent, pollerKey);
  return readPoller(entry.value, keyLeaf(entry.key, entry.keyRange, entry.via, pointer), pointer);
}

function readPoller(node: MappingNode, key: Leaf<string> | undefined, pointer: string): PollerConfiguration {
  return {
    key,
    node,
    pointer,
    stringified: node.stringified !== undefined,
    entries: node.entries.flatMap((entry) => {
      const { value } = entry;
      return value.kind === 'mapping' ? [readEntry(entry, value, appendToPointer(pointer, entry.key))] : [];
    }),
  };
}

function readEntry({ key, keyRange, via }: MappingEntry, node: MappingNode, pointer: string): Entry {
  const read = leavesOf(node, pointer);
  const dates = mappingOf(node, 'datesConfiguration');
  return {
    resource: keyLeaf(key, keyRange, via, pointer),
    node,
    pointer,
    url: read('url', readText),
    idField: read('idField', readText),
    dates: dates && readDates(dates, appendToPointer(pointer, 'datesConfiguration')),
    filterByUpdatedDate: read('filterByUpdatedDate', readBoolean),
    filterByCurrentDate: read('filterByCurrentDate', readBoolean),
    createdCheckTolerance: read('createdCheckTolerance', readNumber),
    pollDelay: read('pollDelay', readNumber),
    pageSize: read('pageSize', readNumber),
  };
}

function keyLeaf(key: string, keyRange: Range, via: readonly Range[], pointer: string): Leaf<string> {
  const quotes = keyRange.end - keyRange.start === key.length ? 0 : 1;
  const first = keyRange.start + quotes;
  const rangeOf = (start: number, end: number): Range => ({ start: first + start, end: first + end });
  const editOf = (start: number, end: number, text: string): Edit => ({ range: rangeOf(start, end), text });
  return { value: key, range: keyRange, pointer, rangeOf, editOf, via };
}

function readDates(node: MappingNode, pointer: string): DatesConfiguration {
  const read = leavesOf(node, pointer);
  return {
    node,
    pointer,
    updatedDateField: read('updatedDateField', readText),
    updatedDateFormat: read('updatedDateFormat', readText),
    updatedDateTimezone: read('updatedDateTimezone', readText),
    createdDateField: read('createdDateField', readText),
    createdDateFormat: read('createdDateFormat', readText),
    createdDateTimezone: read('createdDateTimezone', readText),
  };
}

/** Reads the leaves of one object by key; undefined where a key is missing or its value is of another type. */
function leavesOf(node: MappingNode, pointer: string) {
  return <Value>(key: string, reader: Reader<Value>): Leaf<Value> | undefined => {
    const entry = entryOf(node, key);
    return entry && readLeaf(entry, pointer, reader);
  };
}
