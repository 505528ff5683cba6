import type { DatesConfiguration, Entry } from '../../model/model.ts';
import { datePatternsOf, isBlank } from '../date-patterns.ts';
import type { Rule, RuleReport } from '../rule.ts';

export default {
  id: 'single-timezone',
  severity: 'warning',
  summary: 'a time zone for one of the two record dates only',
  why: 'Created and updated dates of a record come from the same system, so they are in the same zone. With a zone for one of them, the other is read as GMT, the two no longer fit together, and what decides between CREATED and UPDATED compares times that are hours apart.',
  fixable: true,
  examples: [
    {
      bad: 'leads:\n  url: /hubs/crm/leads\n  idField: id\n  datesConfiguration:\n    updatedDateField: changed\n    updatedDateFormat: yyyy-MM-dd HH:mm:ss\n    updatedDateTimezone: America/Denver\n    createdDateField: created\n    createdDateFormat: yyyy-MM-dd HH:mm:ss\n    createdDateTimezone: ""\n',
      says: [
        '"createdDateTimezone" is empty, which is GMT: expected "America/Denver" as for the updated date',
      ],
      good: 'leads:\n  url: /hubs/crm/leads\n  idField: id\n  datesConfiguration:\n    updatedDateField: changed\n    updatedDateFormat: yyyy-MM-dd HH:mm:ss\n    updatedDateTimezone: America/Denver\n    createdDateField: created\n    createdDateFormat: yyyy-MM-dd HH:mm:ss\n    createdDateTimezone: "America/Denver"\n',
    },
    {
      bad: 'leads:\n  url: /hubs/crm/leads\n  idField: id\n  datesConfiguration:\n    updatedDateField: changed\n    updatedDateFormat: yyyy-MM-dd HH:mm:ss\n    createdDateField: created\n    createdDateFormat: yyyy-MM-dd HH:mm:ss\n    createdDateTimezone: America/Denver\n',
      says: [
        '"updatedDateTimezone" is missing, which is GMT: expected "America/Denver" as for the created date',
      ],
      good: 'leads:\n  url: /hubs/crm/leads\n  idField: id\n  datesConfiguration:\n    updatedDateField: changed\n    updatedDateFormat: yyyy-MM-dd HH:mm:ss\n    updatedDateTimezone: America/Denver\n    createdDateField: created\n    createdDateFormat: yyyy-MM-dd HH:mm:ss\n    createdDateTimezone: America/Denver\n',
    },
  ],
  *checkEntries({ poller }) {
    for (const entry of poller?.entries ?? []) {
      if (entry.dates !== undefined) yield* checkDates(entry, entry.dates);
    }
  },
} satisfies Rule;

function* checkDates(entry: Entry, dates: DatesConfiguration): Iterable<RuleReport> {
  const updated = dates.updatedDateTimezone;
  const created = dates.createdDateTimezone;
  if (isBlank(updated) === isBlank(created)) return;
  const isUpdated = isBlank(updated);
  const format = isUpdated ? dates.updatedDateFormat : dates.createdDateFormat;
  const pattern = datePatternsOf(entry).find(({ leaf }) => leaf === format);
  const zone = isUpdated ? created : updated;
  // A date that says its zone itself needs none, and GMT is what the other one gets anyway.
  if (pattern === undefined || pattern.mark !== undefined || zone === undefined || isGmt(zone.value)) return;
  const blank = isUpdated ? updated : created;
  const [key, other] = isUpdated ? ['updatedDateTimezone', 'created'] : ['createdDateTimezone', 'updated'];
  const state = blank === undefined ? 'missing' : 'empty';
  yield {
    leaf: blank ?? pattern.leaf,
    message: `"${key}" is ${state}, which is GMT: expected "${zone.value}" as for the ${other} date`,
    help: 'Both dates of a record come from the same clock. Read in two zones, a new record looks like a changed one.',
    related: [{ range: zone.range, message: `the zone of the ${other} date` }],
    ...(blank !== undefined && {
      fix: {
        safe: false,
        title: `write "${zone.value}"`,
        edits: [blank.editOf(0, blank.value.length, zone.value)],
      },
    }),
  };
}

function isGmt(zone: string): boolean {
  return ['GMT', 'UTC', 'Etc/UTC', 'Etc/GMT', 'Z'].includes(zone);
}
