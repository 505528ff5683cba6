import { pollUrlOf } from '../poll-url.ts';
import type { Rule, RuleReport } from '../rule.ts';

export default {
  id: 'template-variable-case',
  severity: 'error',
  summary: 'a template variable in the wrong case',
  why: 'Capitals count: `${gmtdate:…}` is not `${gmtDate:…}` and goes to the provider as it stands. `${DateTimeZone:…}` stands in the documentation of one connector, but nothing says that the platform takes it, so it is a warning.',
  fixable: true,
  examples: [
    {
      bad: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${gmtdate:yyyy-MM-dd}\'"\n',
      says: ['"gmtdate" is written in the wrong case: expected "gmtDate"'],
      good: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${gmtDate:yyyy-MM-dd}\'"\n',
    },
    {
      bad: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${DateTimeZone:UTC:yyyy-MM-dd}\'"\n',
      says: ['"DateTimeZone" is written in the wrong case: expected "dateTimeZone"'],
      good: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${dateTimeZone:UTC:yyyy-MM-dd}\'"\n',
    },
  ],
  *checkEntries({ poller }): Iterable<RuleReport> {
    for (const { url } of poller?.entries ?? []) {
      for (const { name, variable, faults } of url === undefined ? [] : pollUrlOf(url).templates) {
        const unknown = faults.find(({ code }) => code === 'unknown-variable');
        const meant = unknown?.code === 'unknown-variable' ? unknown.suggestion : variable;
        if (url === undefined || meant === undefined || !isOtherCase(name.text, meant)) continue;
        yield {
          leaf: url,
          span: name,
          ...(unknown === undefined && { severity: 'warning' }),
          message: `${JSON.stringify(name.text)} is written in the wrong case: expected "${meant}"`,
          help: 'The platform leaves what it does not know as it stands, and the filter compares with that text.',
          fix: { safe: true, title: `write "${meant}"`, edits: [url.editOf(name.start, name.end, meant)] },
        };
      }
    }
  },
} satisfies Rule;

function isOtherCase(written: string, meant: string): boolean {
  return written !== meant && written.toLowerCase() === meant.toLowerCase();
}
