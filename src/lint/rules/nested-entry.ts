import { entryOf, type MappingNode } from '../../document/node.ts';
import { keyPlace } from '../key-place.ts';
import type { Rule } from '../rule.ts';

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
  ],
  *check({ poller }) {
    for (const { node, pointer, resource, dates } of poller?.entries ?? []) {
      const objects = dates === undefined ? [{ node, pointer }] : [{ node, pointer }, dates];
      for (const outer of objects) {
        for (const entry of outer.node.entries) {
          if (entry.value.kind !== 'mapping' || !isEntry(entry.value)) continue;
          yield {
            leaf: keyPlace(entry, outer.pointer),
            message: `entry "${entry.key}" is inside the entry "${resource.value}": expected it beside it`,
            help: 'It is never polled there. Look for a brace that closes too late, or a line that is indented too far.',
          };
        }
      }
    }
  },
} satisfies Rule;

function isEntry(node: MappingNode): boolean {
  const url = entryOf(node, 'url')?.value;
  return url?.kind === 'scalar' && typeof url.value === 'string';
}
