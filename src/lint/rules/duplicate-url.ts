import type { Entry } from '../../model/model.ts';
import { entryPath, isSameResource } from '../hub-path.ts';
import type { Rule } from '../rule.ts';

export default {
  id: 'duplicate-url',
  severity: 'warning',
  summary: 'two entries with the same URL',
  why: 'Both read the same records, which costs twice the requests, and each change is delivered twice under two names.',
  examples: [
    {
      bad: "customers:\n  url: /hubs/ecommerce/customers?where=changed>'${epoch}'\nall-customers:\n  url: /hubs/ecommerce/customers?where=changed>'${epoch}'\n",
      says: ['entry "all-customers" has the URL of the entry "customers": expected one of them'],
      good: "customers:\n  url: /hubs/ecommerce/customers?where=changed>'${epoch}'\n",
    },
  ],
  *check({ elementKey, poller }) {
    const isSage = elementKey?.value === 'sageone';
    const firstByUrl = new Map<string, Entry>();
    for (const entry of poller?.entries ?? []) {
      const { url, resource } = entry;
      const text = url?.value.trim() ?? '';
      if (url === undefined || text === '') continue;
      const first = firstByUrl.get(text);
      if (first === undefined) firstByUrl.set(text, entry);
      if (first === undefined || isDrift(first, entry, isSage)) continue;
      yield {
        leaf: url,
        message: `entry "${resource.value}" has the URL of the entry "${first.resource.value}": expected one of them`,
        help: 'The same records are read twice, and every change is delivered under two names.',
        related: [{ range: first.resource.range, message: 'this entry has it already' }],
      };
    }
  },
} satisfies Rule;

/** Only one of the two names fits what is read: the other entry is `clone-drift`. */
function isDrift(first: Entry, second: Entry, isSage: boolean): boolean {
  const path = entryPath(first);
  if (path === undefined) return false;
  const [one, other] = [first, second].map(({ resource }) =>
    isSameResource(resource.value, path.resource.text, isSage),
  );
  return one !== other;
}
