import type { Rule } from '../rule.ts';

export default {
  id: 'wrong-type',
  severity: 'error',
  summary: 'a value of a type that the key does not take',
  why: 'Text where a number belongs, a list where an object belongs. Numbers and booleans may stand in quotes, as the platform itself writes them.',
  examples: [
    {
      bad: 'customers:\n  url: /hubs/finance/customers\n  idField: id\n  pageSize: many\n',
      says: ['expected a whole number of records, such as 200, found "many"'],
      good: 'customers:\n  url: /hubs/finance/customers\n  idField: id\n  pageSize: 200\n',
    },
  ],
} satisfies Rule;
