import { entryOf, type MappingEntry, type MappingNode, type Node } from '../../document/node.ts';
import type { Entry } from '../../model/model.ts';
import { keyPlace } from '../key-place.ts';
import type { Rule, RuleReport } from '../rule.ts';

export default {
  id: 'nested-entry',
  severity: 'error',
  summary: 'an entry inside another entry',
  why: 'A brace that closes too late, or a line that is indented too far, puts one resource inside another. The platform reads the outer one and never polls the inner one.',
  supersedes: true,
  examples: [
    {
      bad: 'customers:\n  url: /hubs/ecommerce/customers\n  idField: id\n  orders:\n    url: /hubs/ecommerce/orders\n    idField: id\n',
      says: ['entry "orders" is inside the entry "customers": expected it beside it'],
      good: 'customers:\n  url: /hubs/ecommerce/customers\n  idField: id\norders:\n  url: /hubs/ecommerce/orders\n  idField: id\n',
    },
    {
      bad: 'customers:\n  url: /hubs/ecommerce/customers\n  idField: id\n  orders:\n  url: /hubs/ecommerce/orders\n  idField: id\n',
      says: ['entry "orders" is inside the entry "customers": expected it beside it'],
      good: 'customers:\n  url: /hubs/ecommerce/customers\n  idField: id\norders:\n  url: /hubs/ecommerce/orders\n  idField: id\n',
    },
    {
      bad: 'element: {key: shop}\nconfiguration:\n  event.poller.configuration:\n    resources:\n      customers:\n        url: /hubs/ecommerce/customers\n        idField: id\n',
      says: ['"resources" holds entries, and is none: expected them in its place'],
      good: 'element: {key: shop}\nconfiguration:\n  event.poller.configuration:\n    customers:\n      url: /hubs/ecommerce/customers\n      idField: id\n',
    },
  ],
  *checkEntries({ poller }) {
    for (const outer of poller?.entries ?? []) {
      const wrapper = describeWrapper(outer);
      if (wrapper !== undefined) {
        yield wrapper;
        continue;
      }
      const objects = outer.dates === undefined ? [outer] : [outer, outer.dates];
      for (const { node, pointer } of objects) {
        for (const entry of node.entries) {
          const isHeader = isLostHeader(node, entry);
          if (!isHeader && !isEntry(entry.value)) continue;
          yield {
            leaf: keyPlace(entry, pointer),
            message: `entry "${entry.key}" is inside the entry "${outer.resource.value}": expected it beside it`,
            help: 'It is never polled there. Look for a brace that closes too late, or a line that is indented too far.',
            // Its keys count as those of the outer entry.
            ...(isHeader && { spoils: [pointer] }),
          };
        }
      }
    }
  },
} satisfies Rule;

/** `entries: {customers: …, invoices: …}`, or the key of the poller configuration within itself. */
function describeWrapper({ node, resource, url }: Entry): RuleReport | undefined {
  if (url !== undefined || !node.entries.some(({ value }) => isEntry(value))) return undefined;
  if (!node.entries.every(({ value }) => value.kind === 'mapping')) return undefined;
  return {
    leaf: resource,
    message: `"${resource.value}" holds entries, and is none: expected them in its place`,
    help: 'The platform takes it for a resource without a URL, and polls nothing. Take this level out.',
    spoils: [resource.pointer],
  };
}

function isEntry(node: Node): boolean {
  const url = node.kind === 'mapping' ? entryOf(node, 'url')?.value : undefined;
  return url?.kind === 'scalar' && typeof url.value === 'string';
}

/** A name alone, indented like the keys of the entry before it, whose own keys follow. */
function isLostHeader(node: MappingNode, { key, keyRange, value }: MappingEntry): boolean {
  const url = entryOf(node, 'url');
  const isEmpty = value.kind === 'scalar' && value.value === null && value.range.start === value.range.end;
  return (
    !node.flow && isEmpty && url !== undefined && url.keyRange.start > keyRange.end && !knownKeys.test(key)
  );
}

const knownKeys =
  /^(?:x-.*|url|idField|datesConfiguration|filterBy.*|createdCheckTolerance|pageSize|pollDelay)$/;
