import { pollUrlOf } from '../poll-url.ts';
import type { Rule } from '../rule.ts';

export default {
  id: 'empty-where',
  severity: 'warning',
  summary: 'a where clause with nothing in it',
  why: 'An empty filter lets everything through, so each poll reads the whole list. One vendor ships such a URL, so the platform takes it; a filter by the time of the last poll is what was meant to stand there.',
  examples: [
    {
      bad: 'contacts:\n  url: /hubs/crm/contacts?where=\n',
      says: ['the where clause is empty: expected a condition'],
      good: "contacts:\n  url: /hubs/crm/contacts?where=updated>'${gmtDate:yyyy-MM-dd}'\n",
    },
  ],
  *checkEntries({ poller }) {
    for (const { url } of poller?.entries ?? []) {
      const parsed = url && pollUrlOf(url);
      const fault = parsed?.faults.find(({ code }) => code === 'empty-where');
      if (url === undefined || parsed === undefined || fault === undefined) continue;
      yield {
        leaf: url,
        span: parsed.parameters.find(({ value }) => value?.start === fault.start) ?? fault,
        message: fault.message,
        help: "Every poll reads the whole list. Add a condition such as updated>'${gmtDate:…}', or take ?where= out.",
      };
    }
  },
} satisfies Rule;
