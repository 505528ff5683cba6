import { pollUrlOf } from '../poll-url.ts';
import type { Rule } from '../rule.ts';

export default {
  id: 'empty-url',
  severity: 'error',
  summary: 'an entry whose URL is empty',
  why: 'The URL is the request that each poll makes. Without one there is nothing to ask, and the entry stands for nothing.',
  examples: [
    {
      bad: 'contacts:\n  url: ""\n  idField: id\n',
      says: ['the URL is empty: expected a path'],
      good: 'contacts:\n  url: /hubs/crm/contacts\n  idField: id\n',
    },
  ],
  *checkEntries({ poller }) {
    for (const { url } of poller?.entries ?? []) {
      const fault = url && pollUrlOf(url).faults.find(({ code }) => code === 'empty-url');
      if (url === undefined || fault === undefined) continue;
      const help = 'Write the path that is polled, such as /hubs/finance/customers, or take the entry out.';
      yield { leaf: url, message: fault.message, help };
    }
  },
} satisfies Rule;
