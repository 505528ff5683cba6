import type { Rule } from '../rule.ts';

export default {
  id: 'alias-cycle',
  severity: 'error',
  summary: 'a YAML alias inside the value that it repeats',
  why: 'The value would contain itself without end, and cannot be written as JSON.',
  examples: [
    {
      bad: 'customers: &customers\n  url: *customers\n',
      says: ['alias "*customers" stands inside the value that it names'],
      good: 'customers:\n  url: /hubs/finance/customers\n',
    },
  ],
} satisfies Rule;
