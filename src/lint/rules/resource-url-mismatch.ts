import { findResource } from '../../catalog/sage-resource.ts';
import type { Entry } from '../../model/model.ts';
import { hubPathOf, isSameResource } from '../hub-path.ts';
import { pollUrlOf } from '../poll-url.ts';
import type { Rule, RuleReport } from '../rule.ts';

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
  ],
  *check({ elementKey, poller }) {
    const isSage = elementKey?.value === 'sageone';
    const byResource = Map.groupBy(poller?.entries ?? [], resourceOf);
    for (const [read, entries] of byResource) {
      const [entry, ...others] = entries;
      // A copy of another entry is `clone-drift` or `duplicate-url`.
      if (entry && read !== undefined && others.length === 0) yield* checkEntry(entry, read, isSage);
    }
  },
} satisfies Rule;

function* checkEntry({ resource }: Entry, read: string, isSage: boolean): Iterable<RuleReport> {
  if (/[<{]/.test(resource.value) || isSameResource(resource.value, read, isSage)) return;
  // A name that Sage does not have is `unknown-resource`.
  if (isSage && findResource(read) === undefined) return;
  yield {
    leaf: resource,
    message: `entry "${resource.value}" reads "${read}": expected one name for both`,
    help: 'The name of the entry is what the events call the records.',
  };
}

function resourceOf({ url }: Entry): string | undefined {
  return url && hubPathOf(pollUrlOf(url))?.resource.text;
}
