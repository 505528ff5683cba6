import type { Rule } from '../rule.ts';

export default {
  id: 'unknown-kind',
  severity: 'error',
  summary: 'a document that is neither an instance body nor a poller configuration',
  why: 'Nothing in it could be checked. An instance body has the keys `element` and `configuration`; a poller configuration has an entry with `url` under each resource. Leave other files out of the glob, or say with `--kind` what this one is meant to be.',
  examples: [
    {
      bad: 'name: something\n',
      says: ['expected an instance body or a poller configuration, found an object with "name"'],
      good: 'customers:\n  url: /hubs/finance/customers\n',
    },
  ],
} satisfies Rule;
