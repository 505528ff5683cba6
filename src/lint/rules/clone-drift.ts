import { findResource } from '../../catalog/sage-resource.ts';
import type { Entry } from '../../model/model.ts';
import { entryPath, isSameResource, type HubPath } from '../hub-path.ts';
import type { Rule } from '../rule.ts';

export default {
  id: 'clone-drift',
  severity: 'warning',
  summary: 'a copied entry that still reads what the original reads',
  why: 'An entry for a new resource is usually a copy with another name. When its URL is forgotten, the same records are read twice, and the copies are delivered as what they are not: customers that are called invoices.',
  fixable: true,
  examples: [
    {
      bad: 'element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers: {url: /hubs/finance/customers, idField: id}\n    invoices: {url: /hubs/finance/customers, idField: id}\n',
      says: ['entry "invoices" reads "customers", as the entry "customers" does: expected "invoices"'],
      good: 'element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers: {url: /hubs/finance/customers, idField: id}\n    invoices: {url: /hubs/finance/invoices, idField: id}\n',
    },
  ],
  *check({ elementKey, poller }) {
    const entries = poller?.entries ?? [];
    const isSage = elementKey?.value === 'sageone';
    for (const { entry, path, original } of findDrift(entries, isSage)) {
      const name = entry.resource.value.replace(/^\//, '');
      const isKnown = isSage && findResource(name) !== undefined;
      const { start, end, text } = path.resource;
      const { url } = entry;
      if (url === undefined) continue;
      yield {
        leaf: url,
        span: path.resource,
        message: `entry "${entry.resource.value}" reads "${text}", as the entry "${original.resource.value}" does: expected ${isKnown || !isSage ? `"${name}"` : 'another resource'}`,
        help: 'The same records are read twice, and their events say that they are something else.',
        related: [{ range: original.resource.range, message: 'this entry reads it already' }],
        // What came in through an alias stands in the original.
        ...(isKnown &&
          [...url.via, ...entry.resource.via].length === 0 && {
            fix: { safe: false, title: `write "${name}"`, edits: [url.editOf(start, end, name)] },
          }),
      };
    }
  },
} satisfies Rule;

interface Drift {
  readonly entry: Entry;
  readonly path: HubPath;
  /** The entry that has what the copy's URL asks for as its name. */
  readonly original: Entry;
}

function findDrift(entries: readonly Entry[], isSage: boolean): Drift[] {
  const isCopy = (entry: Entry): boolean => {
    const path = entryPath(entry);
    return path !== undefined && !isSameResource(entry.resource.value, path.resource.text, isSage);
  };
  const copies = entries.filter(isCopy);
  if (copies.length === 0) return [];
  const originals = new Map(
    entries.filter((entry) => !isCopy(entry)).map((entry) => [entryPath(entry)?.resource.text, entry]),
  );
  return copies.flatMap((entry): Drift[] => {
    const path = entryPath(entry);
    const original = originals.get(path?.resource.text);
    return path === undefined || original === undefined ? [] : [{ entry, path, original }];
  });
}
