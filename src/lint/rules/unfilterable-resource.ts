import { findResource } from '../../catalog/sage-resource.ts';
import { hubPathOf } from '../hub-path.ts';
import { pollUrlOf } from '../poll-url.ts';
import type { Rule } from '../rule.ts';

export default {
  id: 'unfilterable-resource',
  severity: 'warning',
  summary: 'a resource of which Sage cannot tell what has changed',
  why: 'About half of the lists of Sage have no filter by the time of change, and most of those carry no times at all. Each poll then reads the whole list, and what it finds can only be compared with what was there before. Most of them hardly ever change and need no poller.',
  examples: [
    {
      bad: 'element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    countries: {url: /hubs/finance/countries}\n',
      says: ['Sage cannot tell what changed in "countries": expected a resource with a change filter'],
      good: 'element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers: {url: /hubs/finance/customers}\n',
    },
  ],
  *checkEntries({ elementKey, poller }) {
    if (elementKey?.value !== 'sageone') return;
    for (const { url } of poller?.entries ?? []) {
      const path = url && hubPathOf(pollUrlOf(url));
      const resource = path?.hub.text === 'finance' ? findResource(path.resource.text) : undefined;
      if (url === undefined || path === undefined || resource === undefined) continue;
      if (resource.changeFilter !== undefined) continue;
      const why = resource.blindSpots.find(({ to }) => to === 'changes')?.why ?? '';
      const advice = resource.alternative ?? 'read it whole';
      yield {
        leaf: url,
        span: path.resource,
        message: `Sage cannot tell what changed in "${resource.name}": expected a resource with a change filter`,
        help: `${why} Instead, ${advice}.`.trim(),
      };
    }
  },
} satisfies Rule;
