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
    const entries = poller?.entries ?? [];
    for (const entry of entries) yield* checkEntry(entry, entries, isSage);
  },
} satisfies Rule;

function* checkEntry(entry: Entry, entries: readonly Entry[], isSage: boolean): Iterable<RuleReport> {
  const { resource, url } = entry;
  const read = resourceOf(entry);
  if (url === undefined || read === undefined || /[<{]/.test(resource.value)) return;
  if (isSameResource(resource.value, read, isSage)) return;
  // A name that Sage does not have is `unknown-resource`, a copy of another entry is `clone-drift` or `duplicate-url`.
  if (isSage && findResource(read) === undefined) return;
  if (entries.some((other) => other !== entry && resourceOf(other) === read)) return;
  yield {
    leaf: resource,
    message: `entry "${resource.value}" reads "${read}": expected one name for both`,
    help: 'The name of the entry is what the events call the records.',
  };
}

function resourceOf({ url }: Entry): string | undefined {
  return url && hubPathOf(pollUrlOf(url))?.resource.text;
}
