import type { Rule } from '../rule.ts';
import { pollUrlOf } from '../poll-url.ts';

export default {
  id: 'unbalanced-url-quote',
  severity: 'error',
  summary: 'a quote in a URL that is never closed, or closed twice',
  why: "Values in a where clause stand in single quotes. With one missing, the value takes in everything up to the end, and what the provider makes of that is anyone's guess: it may filter by nonsense, or not at all. The sample in the vendor's own documentation has this mistake.",
  fixable: true,
  examples: [
    {
      bad: `customers:\n  url: "/hubs/finance/customers?where=lastModifiedDate>='\${date:yyyy-MM-dd'T'HH:mm:ss'Z'}' and attributes='created_at,updated_at"\n`,
      says: ["the value 'created_at,updated_at has no closing quote: expected ' at its end"],
      good: `customers:\n  url: "/hubs/finance/customers?where=lastModifiedDate>='\${date:yyyy-MM-dd'T'HH:mm:ss'Z'}' and attributes='created_at,updated_at'"\n`,
    },
    {
      bad: `contacts:\n  url: "/hubs/crm/contacts?where=updated>'\${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}''"\n`,
      says: ['the value has two closing quotes: remove one'],
      good: `contacts:\n  url: "/hubs/crm/contacts?where=updated>'\${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'"\n`,
    },
    {
      bad: `accounts:\n  url: "/hubs/erp/accounts?$filter=modified ge datetime'\${gmtDate:yyyy-MM-dd'T'HH:mm:ss}"\n`,
      says: ["the value '${gmtDate:yyyy-MM-dd'T'HH:mm:ss} has no closing quote: expected ' at its end"],
      good: `accounts:\n  url: "/hubs/erp/accounts?$filter=modified ge datetime'\${gmtDate:yyyy-MM-dd'T'HH:mm:ss}'"\n`,
    },
  ],
  *checkEntries({ poller }) {
    for (const { url } of poller?.entries ?? []) {
      if (url === undefined) continue;
      for (const fault of pollUrlOf(url).faults) {
        if (fault.code === 'unclosed-quote') {
          yield {
            leaf: url,
            span: fault,
            message: fault.message,
            help: 'The value takes in everything that follows, so the provider gets another filter than the one written here.',
            fix: {
              safe: true,
              title: `add the ${fault.insertAt === fault.start ? 'opening' : 'closing'} quote`,
              edits: [url.editOf(fault.insertAt, fault.insertAt, fault.quote)],
            },
          };
        } else if (fault.code === 'doubled-quote') {
          yield {
            leaf: url,
            span: fault,
            message: fault.message,
            help: 'The second quote opens a value that never ends.',
            fix: {
              safe: true,
              title: 'remove the second quote',
              edits: [url.editOf(fault.start, fault.end, '')],
            },
          };
        }
      }
    }
  },
} satisfies Rule;
