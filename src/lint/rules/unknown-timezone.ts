import type { Leaf } from '../../model/model.ts';
import { resolveZone, type Zone } from '../../template/resolve-zone.ts';
import { pollUrlOf } from '../poll-url.ts';
import type { Rule, RuleReport } from '../rule.ts';

export default {
  id: 'unknown-timezone',
  severity: 'error',
  summary: 'a time zone that Java does not know',
  why: 'Java takes every zone that it does not know for GMT and says nothing. A filter meant for Denver then asks for changes seven hours too late or too early. Offsets without GMT, such as `-8:00`, are promised by the documentation and unknown to Java: write `GMT-08:00`, or better a name such as `America/Los_Angeles`.',
  fixable: true,
  examples: [
    {
      bad: 'contacts:\n  url: /hubs/crm/contacts\n  idField: id\n  datesConfiguration:\n    updatedDateField: updated\n    updatedDateFormat: yyyy-MM-dd HH:mm:ss\n    updatedDateTimezone: America/Denvr\n',
      says: ['unknown time zone "America/Denvr", which Java takes for GMT: did you mean "America/Denver"?'],
      good: 'contacts:\n  url: /hubs/crm/contacts\n  idField: id\n  datesConfiguration:\n    updatedDateField: updated\n    updatedDateFormat: yyyy-MM-dd HH:mm:ss\n    updatedDateTimezone: America/Denver\n',
    },
    {
      bad: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${dateTimeZone:-8:00:yyyy-MM-dd HH:mm:ss}\'"\n',
      says: ['unknown time zone "-8:00", which Java takes for GMT: did you mean "GMT-08:00"?'],
      good: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${dateTimeZone:GMT-08:00:yyyy-MM-dd HH:mm:ss}\'"\n',
    },
  ],
  *checkEntries({ poller }) {
    for (const { url, dates } of poller?.entries ?? []) {
      for (const template of url === undefined ? [] : pollUrlOf(url).templates) {
        if (url !== undefined && template.zone !== undefined)
          yield* report(url, template.zone.zone, template.zone);
      }
      for (const zone of [dates?.updatedDateTimezone, dates?.createdDateTimezone]) {
        if (zone !== undefined)
          yield* report(zone, resolveZone(zone.value), { start: 0, end: zone.value.length });
      }
    }
  },
} satisfies Rule;

function* report(
  leaf: Leaf<string>,
  zone: Zone,
  span: { readonly start: number; readonly end: number },
): Iterable<RuleReport> {
  // A blank zone is GMT and may well be meant; a placeholder is another rule's.
  if (zone.isKnown || zone.kind === 'blank' || zone.kind === 'placeholder') return;
  const guess = zone.suggestion === undefined ? '' : `: did you mean "${zone.suggestion}"?`;
  // GMT is what was meant, so that Java is right by chance.
  const isUtc = /^\s*(?:z|ut|utc|gmt|zulu|0|(?:utc?|gmt)?[+-]0?0(?::?00)?)\s*$/i.test(zone.name);
  yield {
    leaf,
    span,
    // The documentation promises that these work; whether the platform reads them for Java is not known.
    ...(isUtc ? { severity: 'info' } : zone.kind === 'bare-offset' && { severity: 'warning' }),
    message: `unknown time zone ${JSON.stringify(zone.name)}, which Java takes for GMT${guess}`,
    help: isUtc
      ? 'GMT is the same time, so nothing is wrong yet. A name that Java knows says so.'
      : (zone.hint ??
        'Times are then off by the whole offset. Names such as America/Denver are known everywhere.'),
    ...(zone.suggestion !== undefined && {
      fix: {
        safe: isUtc,
        title: `write "${zone.suggestion}"`,
        edits: [leaf.editOf(span.start, span.end, zone.suggestion)],
      },
    }),
  };
}
