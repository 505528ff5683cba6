import type { Leaf } from '../../model/model.ts';
import type { Edit, Range } from '../../problem/problem.ts';
import type { Rule } from '../rule.ts';
import { isSlip } from '../../template/template-slips.ts';
import { pollUrlOf } from '../poll-url.ts';

export default {
  id: 'unknown-template-variable',
  severity: 'error',
  summary: 'a template variable that the platform does not know',
  why: 'Only `date`, `gmtDate`, `dateTimeZone`, `epoch` and a few undocumented names are filled in. Anything else is sent to the provider as it stands, so the filter compares with the text `${…}`.',
  fixable: true,
  examples: [
    {
      bad: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${gmtdDate:yyyy-MM-dd}\'"\n',
      says: ['unknown variable "gmtdDate": did you mean "gmtDate"?'],
      good: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${gmtDate:yyyy-MM-dd}\'"\n',
    },
    {
      bad: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${518862600}\'"\n',
      says: ['unknown variable "518862600": expected date, gmtDate, dateTimeZone or epoch'],
      good: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${epoch:s}\'"\n',
    },
  ],
  *checkEntries({ poller }) {
    for (const { url } of poller?.entries ?? []) {
      if (url === undefined) continue;
      for (const fault of pollUrlOf(url).faults) {
        if (fault.code !== 'unknown-variable' && fault.code !== 'missing-variable') continue;
        if (fault.code === 'unknown-variable' && isOtherCase(fault.name, fault.suggestion)) continue;
        // A slip behind a known name, which `malformed-template` mends.
        if (fault.code === 'unknown-variable' && isSlip(fault.name)) continue;
        const help =
          'The platform leaves what it does not know as it stands, and the filter compares with that text.';
        const suggestion = fault.code === 'unknown-variable' ? fault.suggestion : undefined;
        yield {
          leaf: url,
          span: fault,
          message: fault.message,
          help,
          ...(suggestion !== undefined && {
            fix: {
              safe: false,
              title: `write "${suggestion}"`,
              edits: [url.editOf(fault.start, fault.end, suggestion), ...otherBlank(url, fault)],
            },
          }),
        };
      }
    }
  },
} satisfies Rule;

/** `${ date:yyyy }`: the blank in front of the name mostly has a twin at the end. */
function otherBlank(url: Leaf<string>, { start, end }: Range): readonly Edit[] {
  if (!url.value.startsWith(' ', start)) return [];
  const template = pollUrlOf(url).templates.find((part) => part.start < start && end <= part.end);
  const blank = / +(?=\}$)/.exec(template?.source ?? '');
  if (template === undefined || blank === null) return [];
  const from = template.start + blank.index;
  return [url.editOf(from, from + blank[0].length, '')];
}

/** That is `template-variable-case`, which knows the fix for sure. */
function isOtherCase(name: string, suggestion: string | undefined): boolean {
  return name.toLowerCase() === suggestion?.toLowerCase();
}
