import type { Rule } from '../rule.ts';

export default {
  id: 'missing-key',
  severity: 'error',
  summary: 'a required key that is not there',
  why: 'Without it the platform refuses the body, or the poller has nothing to work with.',
  examples: [
    {
      bad: 'customers:\n  idField: id\n',
      says: ['missing key "url"'],
      good: 'customers:\n  url: /hubs/finance/customers\n  idField: id\n',
    },
  ],
} satisfies Rule;
