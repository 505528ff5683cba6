import { findResource } from '../../catalog/sage-resource.ts';
import type { Leaf } from '../../model/model.ts';
import { entryPath, type HubPath } from '../hub-path.ts';
import type { Rule, RuleReport } from '../rule.ts';

export default {
  id: 'wrong-hub',
  severity: 'error',
  summary: 'a URL in a hub that the element does not belong to',
  why: 'An element belongs to one hub, and its resources are found under it alone: `/hubs/finance/…` for Sage. Under another hub there is nothing, and after enough failed polls the platform turns the whole job off. For other elements it is a warning, where a single entry differs from all the rest.',
  fixable: true,
  examples: [
    {
      bad: 'element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers: {url: /hubs/crm/customers}\n',
      says: ['hub "crm" has nothing of Sage\'s: expected "finance"'],
      good: 'element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers: {url: /hubs/finance/customers}\n',
    },
    {
      bad: 'contacts: {url: /hubs/crm/contacts, idField: id}\nleads: {url: /hubs/crm/leads, idField: id}\nusers: {url: /hubs/ecommerce/users, idField: id}\n',
      says: ['hub "ecommerce" is not that of the other entries: expected "crm"'],
      good: 'contacts: {url: /hubs/crm/contacts, idField: id}\nleads: {url: /hubs/crm/leads, idField: id}\nusers: {url: /hubs/crm/users, idField: id}\n',
    },
  ],
  *check({ elementKey, poller }) {
    const isSage = elementKey?.value === 'sageone';
    const places: Place[] = [];
    for (const entry of poller?.entries ?? []) {
      const path = entryPath(entry);
      if (entry.url === undefined || path === undefined || (isSage && path.hub.text === 'finance')) continue;
      places.push({ url: entry.url, path });
    }
    yield* isSage ? places.map(reportForeign) : checkOdd(places);
  },
} satisfies Rule;

interface Place {
  readonly url: Leaf<string>;
  readonly path: HubPath;
}

function reportForeign({ url, path: { hub, resource } }: Place): RuleReport {
  return {
    leaf: url,
    span: hub,
    message: `hub "${hub.text}" has nothing of Sage's: expected "finance"`,
    help: 'Every poll of this entry fails, and enough failures turn off the polls of the other entries too.',
    fix: {
      safe: findResource(resource.text) !== undefined,
      title: 'write "finance"',
      edits: [url.editOf(hub.start, hub.end, 'finance')],
    },
  };
}

/** A single one among at least three. */
function* checkOdd(places: readonly Place[]): Iterable<RuleReport> {
  const byHub = Map.groupBy(places, ({ path }) => path.hub.text);
  const [usual, odd, ...more] = [...byHub].sort(([, left], [, right]) => right.length - left.length);
  const [place] = odd?.[1] ?? [];
  if (usual === undefined || place === undefined || more.length > 0) return;
  if (usual[1].length < 2 || (odd?.[1].length ?? 0) > 1) return;
  const { hub } = place.path;
  yield {
    leaf: place.url,
    span: hub,
    severity: 'warning',
    message: `hub "${hub.text}" is not that of the other entries: expected "${usual[0]}"`,
    help: 'An element belongs to one hub, so a copied entry usually keeps it.',
    fix: {
      safe: false,
      title: `write "${usual[0]}"`,
      edits: [place.url.editOf(hub.start, hub.end, usual[0])],
    },
  };
}
