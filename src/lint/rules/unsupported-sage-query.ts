import { sageRequestFor, type SageRequestFault } from '../../catalog/sage-request.ts';
import type { Severity } from '../../problem/problem.ts';
import { pollUrlOf } from '../poll-url.ts';
import type { Rule } from '../rule.ts';

export default {
  id: 'unsupported-sage-query',
  severity: 'error',
  summary: 'a query that Sage has nothing for',
  why: 'The hub passes conditions on to Sage as query parameters. A filter that Sage does not know may be ignored, and then the whole list comes back at every poll; `or` and an upper bound do not exist at all. `sagecfg run` refuses such an entry instead of reading too much. An order that Sage does not have, or a page that is asked for, is a warning: the poll works without.',
  fixable: true,
  examples: [
    {
      bad: "element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers: {url: \"/hubs/finance/customers?where=updated_at>='${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'\"}\n",
      says: ['Sage\'s "customers" has no filter "updated_at": did you mean "lastModifiedDate"?'],
      good: "element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers: {url: \"/hubs/finance/customers?where=lastModifiedDate>='${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'\"}\n",
    },
    {
      bad: "element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers: {url: \"/hubs/finance/customers?where=search='a' or search='b'\"}\n",
      says: ['Sage has no "or": expected conditions joined by "and"'],
      good: 'element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers: {url: "/hubs/finance/customers?where=search=\'a\'"}\n',
    },
    {
      bad: 'element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers: {url: /hubs/finance/customers?page=1}\n',
      says: ['a poll reads every page: remove "page"'],
      good: 'element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers: {url: /hubs/finance/customers}\n',
    },
  ],
  *checkEntries({ elementKey, poller }) {
    if (elementKey?.value !== 'sageone') return;
    for (const { url } of poller?.entries ?? []) {
      const parsed = url && pollUrlOf(url);
      // With a broken URL nobody can tell what it asks for.
      if (url === undefined || parsed === undefined || parsed.faults.length > 0) continue;
      for (const { code, message, start, end, suggestion } of sageRequestFor(parsed).faults) {
        const severity = severities[code];
        if (severity === undefined) continue;
        yield {
          leaf: url,
          span: { start, end },
          severity,
          message,
          help:
            severity === 'error'
              ? 'What Sage does not know may be ignored, and then every poll reads everything. sagecfg run refuses it.'
              : 'The poll works without it.',
          ...(suggestion !== undefined && {
            fix: {
              safe: false,
              title: `write "${suggestion}"`,
              edits: [url.editOf(start, end, suggestion)],
            },
          }),
        };
      }
    }
  },
} satisfies Rule;

/** The others have rules of their own. */
const severities: Partial<Record<SageRequestFault['code'], Severity>> = {
  'unknown-filter': 'error',
  'unsupported-condition': 'error',
  'not-sortable': 'warning',
  paging: 'warning',
};
