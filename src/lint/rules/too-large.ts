import type { Rule } from '../rule.ts';

export default {
  id: 'too-large',
  severity: 'error',
  summary: 'a file that would cost too much to read',
  why: 'A file of some hundred bytes can stand for billions of values when aliases name aliases. Size, nesting and number of values are limited; `--max-bytes`, `--max-depth` and `--max-nodes` raise the limits.',
  examples: [
    {
      bad: `${'['.repeat(101)}${']'.repeat(101)}`,
      says: ['nesting is deeper than 100 levels'],
      good: 'customers:\n  url: /hubs/finance/customers\n',
    },
  ],
} satisfies Rule;
