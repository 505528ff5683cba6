import { pollUrlOf } from '../poll-url.ts';
import type { Rule } from '../rule.ts';

export default {
  id: 'undocumented-template-variable',
  severity: 'info',
  summary: 'a template variable that is in use, but documented nowhere',
  why: "The platform's documentation names `date`, `gmtDate`, `dateTimeZone` and `epoch`. A few vendors' own definitions have `milliseconds` and `nowTimeZone` as well, so they work, or did once. `sagecfg` fills them in; another product may not. `${epoch}` says the same as `${milliseconds}`.",
  fixable: true,
  examples: [
    {
      bad: "updates:\n  url: /hubs/social/updates?where=timestamp>'${milliseconds}'\n",
      says: ['"milliseconds" is documented nowhere: expected "epoch"'],
      good: "updates:\n  url: /hubs/social/updates?where=timestamp>'${epoch}'\n",
    },
    {
      bad: "shifts:\n  url: \"/hubs/hr/shifts?where=from='${gmtDate:yyyy-MM-dd}' and to='${nowTimeZone:GMT:yyyy-MM-dd}'\"\n",
      says: ['"nowTimeZone" is documented nowhere: expected date, gmtDate, dateTimeZone or epoch'],
      good: 'shifts:\n  url: "/hubs/hr/shifts?where=from=\'${gmtDate:yyyy-MM-dd}\'"\n',
    },
  ],
  *checkEntries({ poller }) {
    for (const { url } of poller?.entries ?? []) {
      for (const { name, variable, faults } of url === undefined ? [] : pollUrlOf(url).templates) {
        const isUndocumented =
          variable === 'milliseconds' || variable === 'now' || variable === 'nowTimeZone';
        if (url === undefined || !isUndocumented || faults.length > 0) continue;
        const other = variable === 'milliseconds' ? '"epoch"' : 'date, gmtDate, dateTimeZone or epoch';
        const help =
          variable === 'milliseconds'
            ? 'It is the time of the last poll in milliseconds since 1970. ${epoch} is the same, and documented.'
            : 'It is the time of this poll, as an upper bound. Where it is not known, the text goes to the provider as it stands.';
        yield {
          leaf: url,
          span: name,
          message: `"${name.text}" is documented nowhere: expected ${other}`,
          help,
          ...(variable === 'milliseconds' && {
            fix: { safe: false, title: 'write "epoch"', edits: [url.editOf(name.start, name.end, 'epoch')] },
          }),
        };
      }
    }
  },
} satisfies Rule;
