import type { Rule } from '../rule.ts';

export default {
  id: 'invalid-value',
  severity: 'error',
  summary: 'a value of the right type that the key does not take',
  why: 'The key takes one of a few words, or a number within limits, or may not be empty.',
  examples: [
    {
      bad: 'customers:\n  url: /hubs/finance/customers\n  idField: id\n  pollDelay: -60\n',
      says: ['expected a whole number of seconds, such as 60, found -60'],
      good: 'customers:\n  url: /hubs/finance/customers\n  idField: id\n  pollDelay: 60\n',
    },
  ],
} satisfies Rule;
