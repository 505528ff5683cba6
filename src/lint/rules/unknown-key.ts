import type { Rule } from '../rule.ts';

export default {
  id: 'unknown-key',
  severity: 'error',
  summary: 'a key that nobody reads',
  why: 'The platform takes any key and ignores what it does not know: a misspelt `filterByUpdatedDate` is simply off. Keys of your own begin with `x-`.',
  fixable: true,
  examples: [
    {
      bad: 'customers:\n  url: /hubs/finance/customers\n  IdField: id\n',
      says: ['unknown key "IdField": did you mean "idField"?'],
      good: 'customers:\n  url: /hubs/finance/customers\n  idField: id\n',
    },
  ],
} satisfies Rule;
