import { findResource } from '../../catalog/sage-resource.ts';
import { resourceNameIn } from '../../catalog/sage-request.ts';
import type { Entry, Leaf } from '../../model/model.ts';
import type { PollUrl } from '../../template/poll-url.ts';
import { templateVariables } from '../../template/template-variables.ts';
import { fixedDatesOf } from '../fixed-dates.ts';
import { pollUrlOf } from '../poll-url.ts';
import type { Rule, RuleReport } from '../rule.ts';

export default {
  id: 'no-change-filter',
  severity: 'warning',
  summary: 'a URL that asks for everything instead of what changed since the last poll',
  why: "Without the time of the last poll in it, the URL gives the whole list at every poll. That costs as many requests as there are pages, every few minutes, and a list that is only looked at for its first 20 records hides what changed further down. Ask for changes, `?where=updated>='${gmtDate:…}'`, or sort by the date of change, newest first (`orderBy=updated desc`), so that reading can stop at the last poll.",
  examples: [
    {
      bad: 'contacts:\n  url: /hubs/crm/contacts\n',
      says: ['"/hubs/crm/contacts" has no filter by time: expected a template such as ${gmtDate:…}'],
      good: "contacts:\n  url: /hubs/crm/contacts?where=updated>'${epoch}'\n",
    },
    {
      bad: "contacts:\n  url: /hubs/crm/contacts?where=status='open'\n",
      says: ['"status=\'open\'" has no filter by time: expected a template such as ${gmtDate:…}'],
      good: 'contacts:\n  url: /hubs/crm/contacts?orderBy=updated desc\n',
    },
    {
      bad: "shifts:\n  url: /hubs/hr/shifts?where=to='${nowTimeZone:GMT:yyyy-MM-dd}'\n",
      says: [
        '"to=\'${nowTimeZone:GMT:yyyy-MM-dd}\'" has only the time of this poll: expected also that of the last one',
      ],
      good: "shifts:\n  url: /hubs/hr/shifts?where=from='${gmtDate:yyyy-MM-dd}' and to='${nowTimeZone:GMT:yyyy-MM-dd}'\n",
    },
  ],
  *checkEntries({ elementKey, poller }) {
    for (const entry of poller?.entries ?? []) {
      if (entry.url !== undefined) yield* checkUrl(entry, entry.url, elementKey?.value === 'sageone');
    }
  },
} satisfies Rule;

function* checkUrl(entry: Entry, leaf: Leaf<string>, isSage: boolean): Iterable<RuleReport> {
  const url = pollUrlOf(leaf);
  // With a broken URL nobody can tell what it asks for.
  if (url.faults.length > 0 || hasLastPoll(url) || tracksChanges(url, entry)) return;
  if (isSage && isUnfilterable(url)) return;
  const shown = url.where === undefined || url.where.text === '' ? url.path : url.where;
  const hasNow = url.templates.length > 0;
  yield {
    leaf,
    span: shown,
    message: hasNow
      ? `"${shown.text}" has only the time of this poll: expected also that of the last one`
      : `"${shown.text}" has no filter by time: expected a template such as \${gmtDate:…}`,
    help: 'Each poll reads the whole list, or its first page only. Ask for what changed since the last poll, or sort by the date of change, newest first.',
  };
}

function hasLastPoll({ templates }: PollUrl): boolean {
  return templates.some(({ name }) => templateVariables[name.text]?.instant === 'since');
}

/** The provider remembers what was read, the order lets reading stop, or a fixed date stands there (another rule's). */
function tracksChanges(url: PollUrl, { filterByUpdatedDate }: Entry): boolean {
  const order = url.parameters.find(({ name }) => name.text.toLowerCase() === 'orderby')?.value?.text ?? '';
  const isNewestFirst = /(?:\s|%20|\+)desc\b/i.test(order) && filterByUpdatedDate?.value !== false;
  const conditions = url.where?.conditions ?? [];
  return (
    isNewestFirst ||
    /\/(?:poll|changed?|changes)(?=[-/]|$)/i.test(url.path.text) ||
    conditions.some(({ name }) => name.name.toLowerCase() === 'fetchchanges') ||
    fixedDatesOf(url).length > 0
  );
}

function isUnfilterable(url: PollUrl): boolean {
  const resource = findResource(resourceNameIn(url)?.text ?? '');
  return resource !== undefined && resource.changeFilter === undefined;
}
