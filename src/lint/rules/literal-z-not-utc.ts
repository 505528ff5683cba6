import { datePatternsOf, isUtc, type DatePattern, type ZoneMark } from '../date-patterns.ts';
import type { Rule, RuleReport } from '../rule.ts';

export default {
  id: 'literal-z-not-utc',
  severity: 'warning',
  summary: "a quoted 'Z', which says UTC, on a time in another zone",
  why: "In a date pattern `'Z'` in quotes is only the letter Z; it turns nothing into UTC. A reader takes it for UTC all the same, so a time of Denver with a Z is off by seven hours, and changes are missed or read again. With `date` the time is in the zone of the platform's servers: that is UTC on the hosted platform, so the Z is right there by luck, and only an info. `gmtDate` is right everywhere; `XXX` writes the offset that the time really has.",
  fixable: true,
  examples: [
    {
      bad: "contacts:\n  url: \"/hubs/crm/contacts?where=updated>'${dateTimeZone:America/Denver:yyyy-MM-dd'T'HH:mm:ss'Z'}'\"\n",
      says: ['"Z" says UTC, but the time is in America/Denver: expected "XXX"'],
      good: "contacts:\n  url: \"/hubs/crm/contacts?where=updated>'${dateTimeZone:America/Denver:yyyy-MM-dd'T'HH:mm:ssXXX}'\"\n",
    },
    {
      bad: "contacts:\n  url: \"/hubs/crm/contacts?where=updated>'${date:yyyy-MM-dd'T'HH:mm:ss'Z'}'\"\n",
      says: ['"Z" says UTC, but "date" is in the zone of the server: expected "gmtDate"'],
      good: "contacts:\n  url: \"/hubs/crm/contacts?where=updated>'${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'\"\n",
    },
    {
      bad: "contacts:\n  url: /hubs/crm/contacts\n  idField: id\n  datesConfiguration:\n    updatedDateField: updated\n    updatedDateFormat: yyyy-MM-dd'T'HH:mm:ss'Z'\n    updatedDateTimezone: America/Denver\n",
      says: ['"Z" says UTC, but the time is read in America/Denver: expected "XXX"'],
      good: "contacts:\n  url: /hubs/crm/contacts\n  idField: id\n  datesConfiguration:\n    updatedDateField: updated\n    updatedDateFormat: yyyy-MM-dd'T'HH:mm:ssXXX\n    updatedDateTimezone: America/Denver\n",
    },
  ],
  *checkEntries({ poller }) {
    for (const entry of poller?.entries ?? []) {
      for (const pattern of datePatternsOf(entry)) {
        if (pattern.mark?.kind !== 'utc') continue;
        if (pattern.zone === undefined) yield reportPlatformZone(pattern, pattern.mark);
        else if (pattern.zone.isKnown && !isUtc(pattern.zone)) {
          yield reportZone(pattern, pattern.mark, pattern.zone.name);
        }
      }
    }
  },
} satisfies Rule;

function reportPlatformZone({ leaf, template }: DatePattern, mark: ZoneMark): RuleReport {
  const name = template?.name;
  const help = 'Hosted servers run on UTC, so it is right as long as they do. gmtDate is always UTC.';
  const isDate = template?.variable === 'date';
  return {
    leaf,
    span: mark.span,
    severity: 'info',
    message: `"${mark.text}" says UTC, but "${name?.text}" is in the zone of the server: expected ${isDate ? '"gmtDate"' : '"nowTimeZone:UTC"'}`,
    help,
    ...(name !== undefined &&
      isDate && {
        fix: { safe: false, title: 'write "gmtDate"', edits: [leaf.editOf(name.start, name.end, 'gmtDate')] },
      }),
  };
}

function reportZone({ leaf, template }: DatePattern, mark: ZoneMark, zone: string): RuleReport {
  const { start, end } = mark.span;
  const isRead = template === undefined;
  const help = isRead
    ? 'The zone of the entry decides, and the Z is skipped: a date of UTC is read as if its clock were that of the zone.'
    : 'The provider believes the Z and filters by a time that is off by the whole offset.';
  // Text behind the template stands outside the pattern, where XXX would be nothing but text.
  const isInside = template === undefined || end <= (template.pattern?.end ?? 0);
  const isAlone = leaf.value.slice(start, end) === `'${mark.text}'`;
  return {
    leaf,
    span: mark.span,
    message: `"${mark.text}" says UTC, but the time is ${isRead ? 'read ' : ''}in ${zone}: expected "XXX"`,
    help,
    ...(isInside &&
      isAlone && {
        fix: { safe: false, title: "write XXX in place of 'Z'", edits: [leaf.editOf(start, end, 'XXX')] },
      }),
  };
}
