import type { Leaf } from '../../model/model.ts';
import type { Fix } from '../../problem/problem.ts';
import { parsePollUrl } from '../../template/parse-poll-url.ts';
import type { PollUrlFault } from '../../template/poll-url.ts';
import { isFormat } from '../../template/read-template-body.ts';
import { pollUrlOf } from '../poll-url.ts';
import type { Rule } from '../rule.ts';

export default {
  id: 'malformed-template',
  severity: 'error',
  summary: 'a template that cannot be filled in, because a part of it is missing or superfluous',
  why: 'A template is `${name}`, `${name:format}` or, for a time zone of its own, `${dateTimeZone:ZONE:format}`. What is not written like that goes to the provider as it stands, so the filter compares with the text `${…` instead of a time. `sagecfg expand --explain` shows what each part becomes.',
  fixable: true,
  examples: [
    {
      bad: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${gmtDate:yyyy-MM-dd HH:mm:ss\'"\n',
      says: ['"${gmtDate:yyyy-MM-dd HH:mm:ss" is not closed: expected "}"'],
      good: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${gmtDate:yyyy-MM-dd HH:mm:ss}\'"\n',
    },
    {
      bad: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${dateTimeZone:yyyy-MM-dd HH:mm:ss}\'"\n',
      says: ['"dateTimeZone" has no zone: expected dateTimeZone:ZONE:FORMAT'],
      good: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${dateTimeZone:UTC:yyyy-MM-dd HH:mm:ss}\'"\n',
    },
    {
      bad: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'{gmtDate:yyyy-MM-dd}\'"\n',
      says: ['"{gmtDate" opens no template: expected "${gmtDate"'],
      good: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${gmtDate:yyyy-MM-dd}\'"\n',
    },
    {
      bad: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'$${gmtDate:yyyy-MM-dd HH:mm}\'"\n',
      says: ['"$" before ${: remove it'],
      good: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${gmtDate:yyyy-MM-dd HH:mm}\'"\n',
    },
    {
      bad: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'{{gmtDate:yyyy-MM-dd HH:mm}}\'"\n',
      says: ['"{{gmtDate" opens no template: expected "${gmtDate"'],
      good: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${gmtDate:yyyy-MM-dd HH:mm}\'"\n',
    },
    {
      bad: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${gmtDate:yyyy-MM-dd HH:mm}}\'"\n',
      says: ['"}" after the template closes nothing: remove it'],
      good: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${gmtDate:yyyy-MM-dd HH:mm}\'"\n',
    },
    {
      bad: "contacts:\n  url: /hubs/crm/contacts?where=updated>'${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}+00:00'\n",
      says: ['"+00:00" after a time that ends with its zone: remove it'],
      good: "contacts:\n  url: /hubs/crm/contacts?where=updated>'${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'\n",
    },
    {
      bad: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${gmtDate:PST:yyyy-MM-dd HH:mm}\'"\n',
      says: ['"gmtDate" takes no zone: expected dateTimeZone:PST:FORMAT'],
      good: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${dateTimeZone:PST:yyyy-MM-dd HH:mm}\'"\n',
    },
    {
      bad: "contacts:\n  url: /hubs/crm/contacts?where=updated>'${epoch:seconds}'\n",
      says: ['"seconds" is no unit of epoch: expected s, ms or us'],
      good: "contacts:\n  url: /hubs/crm/contacts?where=updated>'${epoch:s}'\n",
    },
    {
      bad: "contacts:\n  url: /hubs/crm/contacts?where=updated>'${milliseconds:yyyy}'\n",
      says: ['"milliseconds" takes no format: remove "yyyy"'],
      good: "contacts:\n  url: /hubs/crm/contacts?where=updated>'${milliseconds}'\n",
    },
    {
      bad: "contacts:\n  url: /hubs/crm/contacts?where=updated>'${gmtDate:timestamp}'\n",
      says: ['"timestamp" is no date pattern in a URL: expected ${epoch:s}'],
      good: "contacts:\n  url: /hubs/crm/contacts?where=updated>'${epoch:s}'\n",
    },
    {
      bad: "contacts:\n  url: /hubs/crm/contacts?where=updated>'${gmtDate:}'\n",
      says: ['the format is empty: expected a date pattern such as yyyy-MM-dd'],
      good: "contacts:\n  url: /hubs/crm/contacts?where=updated>'${gmtDate}'\n",
    },
  ],
  *checkEntries({ poller }) {
    for (const { url } of poller?.entries ?? []) {
      for (const fault of url === undefined ? [] : pollUrlOf(url).faults) {
        if (url === undefined || !isMalformed(fault)) continue;
        const fix = fixOf(url, fault);
        yield {
          leaf: url,
          ...(fault.code !== 'text-too-long' && { span: fault }),
          // Two vendor definitions have `${epoch:0}`, and what it means is written down nowhere.
          ...((isNumberedEpoch(fault) || isBlank(url.value, fault) || isBlankZone(url.value, fault)) && {
            severity: 'warning',
          }),
          message: fault.message,
          help: helps[fault.code],
          ...(fix && { fix }),
        };
      }
    }
  },
} satisfies Rule;

const helps = {
  'text-too-long': 'Real URLs have under 300 characters. Something was pasted here that does not belong.',
  'too-many-templates': 'A URL has one or two. Something was pasted here that does not belong.',
  'template-slip': 'The provider gets it together with the time, and finds no such time.',
  'unopened-template': 'Dollar sign and brace belong together; either alone is only text.',
  'unclosed-template': 'Without the brace nothing is filled in, and the provider gets the text as it stands.',
  'missing-zone': 'Name a zone such as America/Denver before the format, or write gmtDate, which needs none.',
  'unexpected-zone':
    'date and gmtDate have a zone of their own, and take everything behind the colon for the format.',
  'swapped-zone': 'The platform takes what comes first for the zone, does not know it, and writes GMT.',
  'empty-pattern':
    "Name a format after the colon. Without the colon the time is written in the entry's updatedDateFormat.",
  'unknown-epoch-unit':
    'epoch is the number of seconds (s), milliseconds (ms, also without a unit) or microseconds (us) since 1970.',
  'unexpected-argument': 'It is a plain number of milliseconds since 1970. For a date write gmtDate.',
  'keyword-as-pattern':
    'The word says how to read the dates of records. In a URL, epoch gives the time as a number.',
} as const satisfies Partial<Record<PollUrlFault['code'], string>>;

type MalformedFault = Extract<PollUrlFault, { code: keyof typeof helps }>;

function isMalformed(fault: PollUrlFault): fault is MalformedFault {
  return Object.hasOwn(helps, fault.code);
}

function isNumberedEpoch(fault: MalformedFault): boolean {
  return fault.code === 'unknown-epoch-unit' && /^\d+$/.test(fault.unit);
}

/** `${dateTimeZone::…}`: Java takes a blank zone for GMT, which may well be meant. */
function isBlankZone(url: string, fault: MalformedFault): boolean {
  return fault.code === 'missing-zone' && url.charAt(fault.insertAt) === ':';
}

/** Some providers pass over it. */
function isBlank(url: string, { code, start, end }: MalformedFault): boolean {
  return code === 'template-slip' && url.slice(start, end).trim() === '';
}

function fixOf(url: Leaf<string>, fault: MalformedFault): Fix | undefined {
  if (fault.code === 'unclosed-template') return closingFix(url, fault);
  const replacement = replacementFor(url, fault);
  if (replacement === undefined) return undefined;
  const { start, end, text, isSafe = false } = replacement;
  const title = text === '' ? `remove "${url.value.slice(start, end)}"` : `write "${text}"`;
  return { safe: isSafe, title, edits: [url.editOf(start, end, text)] };
}

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly isSafe?: boolean;
}

function replacementFor(url: Leaf<string>, fault: MalformedFault): Replacement | undefined {
  const { start, end } = fault;
  if (fault.code === 'empty-pattern' || fault.code === 'unexpected-argument') return { start, end, text: '' };
  if (fault.code === 'unopened-template' || fault.code === 'template-slip' || fault.code === 'swapped-zone')
    return { start, end, text: fault.replacement, isSafe: true };
  if (fault.code === 'unexpected-zone') return { start, end, text: fault.suggestion };
  if (fault.code === 'missing-zone') {
    const { insertAt } = fault;
    if (url.value.charAt(insertAt - 1) !== ':') return undefined;
    const text = isBlankZone(url.value, fault) ? 'UTC' : 'UTC:';
    return { start: insertAt, end: insertAt, text };
  }
  if (fault.code === 'keyword-as-pattern') {
    const template = pollUrlOf(url).templates.find((part) => part.start < start && end < part.end);
    return template && { start: template.start, end: template.end, text: fault.suggestion };
  }
  if (fault.code === 'unknown-epoch-unit' && isFormat(fault.unit)) {
    const nameAt = start - 'epoch:'.length;
    return { start: nameAt, end: start, text: 'gmtDate:' };
  }
  const unit = fault.code === 'unknown-epoch-unit' ? unitFor(fault.unit) : undefined;
  return unit && { start, end, text: unit, isSafe: true };
}

/** Where the brace belongs is certain only when everything is sound with it. */
function closingFix(
  url: Leaf<string>,
  { insertAt, insert }: Extract<MalformedFault, { code: 'unclosed-template' }>,
): Fix | undefined {
  const closed = url.value.slice(0, insertAt) + insert + url.value.slice(insertAt);
  if (parsePollUrl(closed).faults.length >= pollUrlOf(url).faults.length) return undefined;
  return {
    safe: parsePollUrl(closed).faults.length === 0,
    title: `add the missing "${insert}"`,
    edits: [url.editOf(insertAt, insertAt, insert)],
  };
}

function unitFor(written: string): 's' | 'ms' | 'us' | undefined {
  const word = written.trim().toLowerCase();
  if (/^s(?:ec(?:ond)?s?)?$/.test(word)) return 's';
  if (/^m(?:s|illis|illi(?:second)s?)$/.test(word)) return 'ms';
  return /^(?:us|µs|micros|microseconds?)$/.test(word) ? 'us' : undefined;
}
