import type { Rule } from '../rule.ts';

export default {
  id: 'invalid-encoding',
  severity: 'error',
  summary: 'a file whose bytes are not UTF-8',
  why: 'JSON and YAML travel as UTF-8. A name with an accent saved as Latin-1 reaches the platform broken, if at all.',
  // Bytes cannot be shown in an example; `test/input/decode-text.test.ts` has them.
  examples: [],
} satisfies Rule;
