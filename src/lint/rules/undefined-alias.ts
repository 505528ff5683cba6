import type { Rule } from '../rule.ts';

export default {
  id: 'undefined-alias',
  severity: 'error',
  supersedes: true,
  summary: 'a YAML alias without an anchor',
  why: 'An alias `*name` repeats the value that was marked `&name` before it. Without the mark there is nothing to repeat.',
  examples: [
    {
      bad: 'customers:\n  url: *customers\n',
      says: ['alias "*customers" has no anchor before it'],
      good: 'customers:\n  url: &customers /hubs/finance/customers\n',
    },
  ],
} satisfies Rule;
