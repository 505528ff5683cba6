import { findResource } from '../../catalog/sage-resource.ts';
import { suggestResource } from '../../catalog/suggest-resource.ts';
import { hubPathOf } from '../hub-path.ts';
import { pollUrlOf } from '../poll-url.ts';
import type { Rule } from '../rule.ts';

export default {
  id: 'unknown-resource',
  severity: 'error',
  summary: 'a resource that Sage does not have',
  why: 'The last part of the path names what is polled, in the words of the hub: `invoices`, not `sales_invoices`; `vendors`, not `suppliers`. Another name is answered with 404 at every poll, and enough failures turn off the polls of the other entries too. `sagecfg resources` lists the names.',
  fixable: true,
  examples: [
    {
      bad: 'element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers: {url: /hubs/finance/custmers}\n',
      says: ['Sage has no resource "custmers": did you mean "customers"?'],
      good: 'element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers: {url: /hubs/finance/customers}\n',
    },
    {
      bad: 'element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    timesheets: {url: /hubs/finance/timesheets}\n',
      says: ['Sage has no resource "timesheets": expected one that "sagecfg resources" lists'],
      good: 'element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    invoices: {url: /hubs/finance/invoices}\n',
    },
  ],
  *checkEntries({ elementKey, poller }) {
    if (elementKey?.value !== 'sageone') return;
    for (const { url } of poller?.entries ?? []) {
      const path = url && hubPathOf(pollUrlOf(url));
      // In another hub the hub is the mistake.
      if (url === undefined || path?.hub.text !== 'finance') continue;
      const { text, start, end } = path.resource;
      if (findResource(text) !== undefined) continue;
      const suggestion = suggestResource(text);
      const hint =
        suggestion === undefined
          ? 'expected one that "sagecfg resources" lists'
          : `did you mean "${suggestion}"?`;
      yield {
        leaf: url,
        span: path.resource,
        message: `Sage has no resource "${text}": ${hint}`,
        help: 'Every poll of this entry fails, and enough failures turn off the polls of the other entries too.',
        ...(suggestion !== undefined && {
          fix: {
            safe: plainName(text) === plainName(suggestion),
            title: `write "${suggestion}"`,
            edits: [url.editOf(start, end, suggestion)],
          },
        }),
      };
    }
  },
} satisfies Rule;

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
