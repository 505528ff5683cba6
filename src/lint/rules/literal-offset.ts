import { datePatternsOf, yearlyOffsets, type DatePattern, type ZoneMark } from '../date-patterns.ts';
import type { Rule, RuleReport } from '../rule.ts';

export default {
  id: 'literal-offset',
  severity: 'warning',
  summary: 'an offset such as -0800 that is written as text',
  why: 'Text in a pattern never changes, but the offset of a place does: `-0800` is right for California in winter and wrong in summer, when every time is then off by an hour. Write `XXX` (gives -08:00), `XX` or `Z` (give -0800) and the offset follows the zone. An offset that its zone never has is an error.',
  fixable: true,
  examples: [
    {
      bad: 'deals:\n  url: "/hubs/crm/deals?where=updated>\'${dateTimeZone:America/Los_Angeles:yyyy-MM-dd HH:mm:ss -0800}\'"\n',
      says: ['"-0800" is right for America/Los_Angeles in a part of the year only: expected "Z"'],
      good: 'deals:\n  url: "/hubs/crm/deals?where=updated>\'${dateTimeZone:America/Los_Angeles:yyyy-MM-dd HH:mm:ss Z}\'"\n',
    },
    {
      bad: "deals:\n  url: \"/hubs/crm/deals?where=updated>'${gmtDate:yyyy-MM-dd'T'HH:mm:ss'-08:00'}'\"\n",
      says: ['"-08:00" is not the offset of GMT: expected "XXX"'],
      good: "deals:\n  url: \"/hubs/crm/deals?where=updated>'${gmtDate:yyyy-MM-dd'T'HH:mm:ssXXX}'\"\n",
    },
    {
      bad: "deals:\n  url: \"/hubs/crm/deals?where=updated>'${date:yyyy-MM-dd'T'HH:mm:ss+00:00}'\"\n",
      says: ['"+00:00" is right only while "date" is in UTC: expected "XXX"'],
      good: "deals:\n  url: \"/hubs/crm/deals?where=updated>'${date:yyyy-MM-dd'T'HH:mm:ssXXX}'\"\n",
    },
  ],
  *checkEntries({ poller }) {
    for (const entry of poller?.entries ?? []) {
      for (const pattern of datePatternsOf(entry)) {
        if (pattern.mark?.kind !== 'offset') continue;
        const verdict = judge(pattern, pattern.mark);
        if (verdict !== undefined) yield { ...verdict, ...placeOf(pattern, pattern.mark) };
      }
    }
  },
} satisfies Rule;

type Verdict = Pick<RuleReport, 'message' | 'help' | 'severity'>;

function judge({ zone, template }: DatePattern, mark: ZoneMark): Verdict | undefined {
  const expected = `expected "${lettersFor(mark.text)}"`;
  const help = 'The provider believes the offset that is written, whatever the clock was.';
  if (zone === undefined) {
    const message = `"${mark.text}" is right only while "${template?.name.text}" is in ${nameOf(mark)}: ${expected}`;
    return { message, help, ...(mark.offsetMs === 0 && { severity: 'info' }) };
  }
  if (!zone.isKnown) return undefined;
  const offsets = yearlyOffsets(zone);
  if (offsets.every((offset) => offset === mark.offsetMs)) return undefined;
  if (offsets.includes(mark.offsetMs ?? 0)) {
    const message = `"${mark.text}" is right for ${zone.name} in a part of the year only: ${expected}`;
    return { message, help: 'When the clocks change, every time is off by an hour.' };
  }
  return {
    severity: 'error',
    message: `"${mark.text}" is not the offset of ${zone.name}: ${expected}`,
    help,
  };
}

function nameOf({ text, offsetMs }: ZoneMark): string {
  return offsetMs === 0 ? 'UTC' : `GMT${text}`;
}

function lettersFor(offset: string): string {
  if (offset.includes(':')) return 'XXX';
  return offset.length === 3 ? 'X' : 'Z';
}

function placeOf(
  { leaf, template }: DatePattern,
  { text, span }: ZoneMark,
): Pick<RuleReport, 'leaf' | 'span' | 'fix'> {
  const isInside = template === undefined || span.end <= (template.pattern?.end ?? 0);
  const written = leaf.value.slice(span.start, span.end);
  if (!isInside || (written !== text && written !== `'${text}'`)) return { leaf, span };
  const letters = lettersFor(text);
  const edits = [leaf.editOf(span.start, span.end, letters)];
  return { leaf, span, fix: { safe: false, title: `write "${letters}"`, edits } };
}
