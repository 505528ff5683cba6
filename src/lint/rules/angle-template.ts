import { pollUrlOf } from '../poll-url.ts';
import type { Rule } from '../rule.ts';

export default {
  id: 'angle-template',
  severity: 'info',
  summary: 'a template written with angle brackets, `$<…>`',
  why: 'Both notations mean the same, but only `${…}` is in the documentation and in the files of others, and a tool that knows only that one leaves `$<…>` as it stands.',
  fixable: true,
  examples: [
    {
      bad: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'$<gmtDate:yyyy-MM-dd>\'"\n',
      says: ['"$<gmtDate:yyyy-MM-dd>" is in angle brackets: expected "${gmtDate:yyyy-MM-dd}"'],
      good: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${gmtDate:yyyy-MM-dd}\'"\n',
    },
  ],
  *checkEntries({ poller }) {
    for (const { url } of poller?.entries ?? []) {
      for (const { opener, source, start, end, faults } of url === undefined
        ? []
        : pollUrlOf(url).templates) {
        if (url === undefined || opener !== '$<' || faults.length > 0) continue;
        const usual = `\${${source.slice(2, -1)}}`;
        yield {
          leaf: url,
          span: { start, end },
          message: `"${source}" is in angle brackets: expected "${usual}"`,
          help: 'Braces are what the documentation has and what every tool knows.',
          fix: {
            safe: true,
            title: 'write braces',
            edits: [url.editOf(start + 1, start + 2, '{'), url.editOf(end - 1, end, '}')],
          },
        };
      }
    }
  },
} satisfies Rule;
