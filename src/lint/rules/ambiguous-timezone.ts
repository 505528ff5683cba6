import type { Leaf } from '../../model/model.ts';
import type { Range } from '../../problem/problem.ts';
import { formatGmtOffset, resolveZone, type Zone } from '../../template/resolve-zone.ts';
import { datePatternsOf, isBlank } from '../date-patterns.ts';
import type { Rule, RuleReport } from '../rule.ts';

export default {
  id: 'ambiguous-timezone',
  severity: 'warning',
  summary: 'a time zone whose short name means something else than most people think',
  why: "Java's three-letter zones are a trap: `EST` and `MST` never have summer time, `IST` is India and not Israel or Ireland, `BST` is Bangladesh, `CST` is Chicago and not China. A name such as `America/New_York` means one place, with its summer time. Where the date carries its own offset the zone does not matter, and nothing is said.",
  fixable: true,
  examples: [
    {
      bad: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${dateTimeZone:EST:yyyy-MM-dd HH:mm:ss}\'"\n',
      says: [
        '"EST" is GMT-05:00 all year, without daylight saving: expected a name such as "America/New_York"',
      ],
      good: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${dateTimeZone:America/New_York:yyyy-MM-dd HH:mm:ss}\'"\n',
    },
    {
      bad: 'contacts:\n  url: /hubs/crm/contacts\n  idField: id\n  datesConfiguration:\n    updatedDateField: updated\n    updatedDateFormat: yyyy-MM-dd HH:mm:ss\n    updatedDateTimezone: IST\n',
      says: ['"IST" is Asia/Kolkata for Java: expected a name such as "Asia/Kolkata"'],
      good: 'contacts:\n  url: /hubs/crm/contacts\n  idField: id\n  datesConfiguration:\n    updatedDateField: updated\n    updatedDateFormat: yyyy-MM-dd HH:mm:ss\n    updatedDateTimezone: Asia/Kolkata\n',
    },
  ],
  *checkEntries({ poller }) {
    for (const entry of poller?.entries ?? []) {
      const { dates } = entry;
      for (const { leaf, template, mark } of datePatternsOf(entry)) {
        if (mark !== undefined) continue;
        if (template !== undefined) {
          if (template.zone !== undefined) yield* report(leaf, template.zone.zone, template.zone);
          continue;
        }
        const zone =
          leaf === dates?.updatedDateFormat ? dates.updatedDateTimezone : dates?.createdDateTimezone;
        if (zone !== undefined && !isBlank(zone)) {
          yield* report(zone, resolveZone(zone.value), { start: 0, end: zone.value.length });
        }
      }
    }
  },
} satisfies Rule;

/** Nobody takes these for another place; only that they are short speaks against them. */
const clearAbbreviations = new Set(['PST', 'JST', 'HST']);

/** Sage's customers are in London; Java's place is hardly ever meant. */
const meantPlaces: Readonly<Record<string, string>> = { BST: 'Europe/London' };

function* report(leaf: Leaf<string>, zone: Zone, span: Range): Iterable<RuleReport> {
  if (!zone.isKnown || zone.hint === undefined || zone.fixedOffsetMs === 0) return;
  const isMild = clearAbbreviations.has(zone.name) || zone.kind !== 'abbreviation';
  const region = meantPlaces[zone.name] ?? zone.suggestion;
  yield {
    leaf,
    span,
    ...(isMild && { severity: 'info' }),
    message: `"${zone.name}" is ${meaningOf(zone)}: expected a name such as "${region ?? 'America/Denver'}"`,
    help: `${zone.hint}. Write the name of the place whose clock is meant.`,
    ...(region !== undefined && {
      fix: {
        // The name of the very same zone changes nothing; for EST it brings summer time, for IST it may be another place.
        safe: isMild && zone.fixedOffsetMs === undefined,
        title: `write "${region}"`,
        edits: [leaf.editOf(span.start, span.end, region)],
      },
    }),
  };
}

function meaningOf({ javaId, intlId, fixedOffsetMs, kind }: Zone): string {
  if (fixedOffsetMs === undefined) return `${intlId ?? javaId} for Java`;
  const offset = formatGmtOffset(fixedOffsetMs);
  return kind === 'abbreviation'
    ? `${offset} all year, without daylight saving`
    : `${offset}, with the sign turned round`;
}
