import { fixedDatesOf } from '../fixed-dates.ts';
import { pollUrlOf } from '../poll-url.ts';
import type { Rule } from '../rule.ts';

export default {
  id: 'hard-coded-date',
  severity: 'warning',
  summary: 'a fixed date where the time of the last poll belongs',
  why: 'A date that was typed in never moves on. Each poll asks for everything since that day, so every poll is longer than the one before. A template such as `${gmtDate:…}` is replaced by the time of the last poll. A fixed date beside such a template is a filter of its own and left alone.',
  fixable: true,
  examples: [
    {
      bad: 'contacts:\n  url: /hubs/crm/contacts?where=mdate>=2017-02-28T16:11:29-06:00\n',
      says: ['"2017-02-28T16:11:29-06:00" never changes: expected ${gmtDate:yyyy-MM-dd\'T\'HH:mm:ssXXX}'],
      good: "contacts:\n  url: /hubs/crm/contacts?where=mdate>=${gmtDate:yyyy-MM-dd'T'HH:mm:ssXXX}\n",
    },
    {
      bad: "contacts:\n  url: /hubs/crm/contacts?where=modified>'1488319889000'\n",
      says: ['"1488319889000" never changes: expected ${epoch}'],
      good: "contacts:\n  url: /hubs/crm/contacts?where=modified>'${epoch}'\n",
    },
  ],
  *checkEntries({ poller }) {
    for (const { url } of poller?.entries ?? []) {
      const parsed = url && pollUrlOf(url);
      if (url === undefined || parsed === undefined) continue;
      if (parsed.faults.length > 0 || parsed.templates.length > 0) continue;
      for (const { text, start, end, template } of fixedDatesOf(parsed)) {
        yield {
          leaf: url,
          span: { start, end },
          message: `"${text}" never changes: expected ${template ?? 'a template such as ${gmtDate:…}'}`,
          help: 'Every poll asks for all that changed since that day, and takes longer than the one before.',
          ...(template !== undefined && {
            fix: { safe: false, title: `write ${template}`, edits: [url.editOf(start, end, template)] },
          }),
        };
      }
    }
  },
} satisfies Rule;
