import type { Rule } from '../rule.ts';

export default {
  id: 'duplicate-key',
  severity: 'error',
  summary: 'a key that stands twice in one object',
  supersedes: true,
  why: 'Only the last of them counts, and nobody says so. A second `customers` entry replaces the first one whole: its URL, its dates, everything. Remove one, or give it the name that was meant.',
  examples: [
    {
      bad: 'customers:\n  url: /hubs/finance/customers\n  idField: id\n  idField: key\n',
      says: ['key "idField" is already defined in this object'],
      good: 'customers:\n  url: /hubs/finance/customers\n  idField: id\n',
    },
  ],
} satisfies Rule;
