import { findResource } from '../../catalog/sage-resource.ts';
import type { Entry } from '../../model/model.ts';
import { entryPath, isSameResource } from '../hub-path.ts';
import type { Rule } from '../rule.ts';

export default {
  id: 'resource-url-mismatch',
  severity: 'info',
  summary: 'an entry whose name is not what its URL reads',
  why: 'The name of an entry becomes `objectType` in its events. It is free, but a receiver that gets `accounts` and looks them up as accounts finds nothing when they are contacts.',
  examples: [
    {
      bad: 'timesheets:\n  url: /hubs/ecommerce/customers\n  idField: id\n',
      says: ['entry "timesheets" reads "customers": expected one name for both'],
      good: 'customers:\n  url: /hubs/ecommerce/customers\n  idField: id\n',
    },
    {
      bad: '/customers:\n  url: /hubs/ecommerce/customers\n  idField: id\n',
      says: ['the name "/customers" begins with a slash: expected "customers"'],
      good: 'customers:\n  url: /hubs/ecommerce/customers\n  idField: id\n',
    },
  ],
  *check({ elementKey, poller }) {
    const isSage = elementKey?.value === 'sageone';
    const entries = poller?.entries ?? [];
    const odd = entries.filter((entry) => isOdd(entry, isSage));
    if (odd.length === 0) return;
    const byResource = Map.groupBy(entries, resourceOf);
    for (const entry of odd) {
      const { resource } = entry;
      const read = resourceOf(entry);
      // A copy of another entry is `clone-drift` or `duplicate-url`.
      if ((byResource.get(read)?.length ?? 0) > 1) continue;
      const name = resource.value;
      yield {
        leaf: resource,
        message: hasSlash(name)
          ? `the name "${name}" begins with a slash: expected "${name.slice(1)}"`
          : `entry "${name}" reads "${read}": expected one name for both`,
        help: 'The name of the entry is what the events call the records.',
      };
    }
  },
} satisfies Rule;

function isOdd(entry: Entry, isSage: boolean): boolean {
  const name = entry.resource.value;
  const read = resourceOf(entry);
  if (read !== undefined && hasSlash(name)) return true;
  if (read === undefined || /[<{]/.test(name) || isSameResource(name, read, isSage)) return false;
  // A name that Sage does not have is `unknown-resource`.
  return !isSage || findResource(read) !== undefined;
}

/** Seen in the documentation, for resources of providers that have such paths. */
function hasSlash(name: string): boolean {
  return /^\/[^/<{]+$/.test(name);
}

function resourceOf(entry: Entry): string | undefined {
  return entryPath(entry)?.resource.text;
}
