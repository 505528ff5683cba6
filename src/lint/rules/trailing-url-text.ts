import { pollUrlOf } from '../poll-url.ts';
import type { Rule, RuleReport } from '../rule.ts';

export default {
  id: 'trailing-url-text',
  severity: 'error',
  summary: 'a quote or bracket at the end of a URL that closes nothing, or a bare "&" within a value',
  why: 'A character left over from editing becomes a part of the path or of the last value, and the provider looks for a thing of that name. A bare `&` ends the parameter it stands in: the value is cut off there, and the rest is taken for another parameter.',
  fixable: true,
  examples: [
    {
      bad: "updates:\n  url: /hubs/social/updates?key=abc'\n",
      says: ['"\'" closes nothing: remove it'],
      good: 'updates:\n  url: /hubs/social/updates?key=abc\n',
    },
    {
      bad: 'contacts:\n  url: /hubs/general/contacts}\n',
      says: ['"}" closes nothing: remove it'],
      good: 'contacts:\n  url: /hubs/general/contacts\n',
    },
    {
      bad: "contacts:\n  url: /hubs/crm/contacts?where=company='Rise & Shine' and updated>'${epoch}'\n",
      says: ['an "&" within a value ends the parameter: expected %26'],
      good: "contacts:\n  url: /hubs/crm/contacts?where=company='Rise %26 Shine' and updated>'${epoch}'\n",
    },
  ],
  *checkEntries({ poller }): Iterable<RuleReport> {
    for (const { url } of poller?.entries ?? []) {
      for (const fault of url === undefined ? [] : pollUrlOf(url).faults) {
        if (url === undefined) continue;
        if (fault.code === 'trailing-junk') {
          yield {
            leaf: url,
            span: fault,
            message: fault.message,
            help: 'It is sent along, and the provider looks for something of that name.',
            fix: { safe: true, title: 'remove it', edits: [url.editOf(fault.start, fault.end, '')] },
          };
        } else if (fault.code === 'ampersand-in-value') {
          yield {
            leaf: url,
            span: fault,
            message: fault.message,
            help: 'The value ends there, and what follows is taken for another parameter.',
            fix: { safe: false, title: 'write %26', edits: [url.editOf(fault.start, fault.end, '%26')] },
          };
        }
      }
    }
  },
} satisfies Rule;
