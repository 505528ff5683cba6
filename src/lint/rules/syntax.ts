import type { Rule } from '../rule.ts';

export default {
  id: 'syntax',
  severity: 'error',
  summary: 'text that is not YAML or JSON',
  why: 'The file cannot be read as it stands, so nothing of it takes effect. Forgotten and superfluous commas can be mended for sure; after any other error the rest of the document is not judged, because most of what could be said would only be an echo.',
  fixable: true,
  examples: [
    {
      bad: '{"customers": {"url": "/hubs/finance/customers" "idField": "id"}}',
      says: ['missing comma between two values'],
      good: '{"customers": {"url": "/hubs/finance/customers", "idField": "id"}}',
    },
    {
      bad: '{"customers": {"url": "/hubs/finance/customers", "idField": "id",}}',
      says: ['superfluous comma'],
      good: '{"customers": {"url": "/hubs/finance/customers", "idField": "id"}}',
    },
  ],
} satisfies Rule;
