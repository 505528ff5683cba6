import { countriesOf, isOfferedIn } from '../../catalog/offered-in.ts';
import { findResource } from '../../catalog/sage-resource.ts';
import { entryPath } from '../hub-path.ts';
import type { Rule } from '../rule.ts';
import { sageCountries } from '../sage-countries.ts';

export default {
  id: 'resource-not-in-country',
  severity: 'info',
  summary: 'a resource that Sage does not have in the country of the instance',
  why: 'Some lists exist in some countries only: corrective invoices in Spain, journal codes in France. Elsewhere Sage refuses the request, and after 100 refusals the poll is paused. The countries are those of Sage’s reference of February 2025; a newer one may name more.',
  examples: [
    {
      bad: 'element: {key: sageone}\nconfiguration:\n  country: GB\n  event.poller.configuration:\n    journal-codes: {url: /hubs/finance/journal-codes}\n',
      says: ['Sage has "journal-codes" in FR only, and the country of this instance is "GB"'],
      good: 'element: {key: sageone}\nconfiguration:\n  country: GB\n  event.poller.configuration:\n    journal-entries: {url: /hubs/finance/journal-entries}\n',
    },
  ],
  *check({ elementKey, configuration, poller }) {
    const country = configuration.get('country')?.value;
    if (elementKey?.value !== 'sageone' || typeof country !== 'string') return;
    // Any other country is a mistake of its own.
    if (!sageCountries.includes(country.toUpperCase())) return;
    for (const entry of poller?.entries ?? []) {
      const { url } = entry;
      const path = entryPath(entry);
      const resource = path?.hub.text === 'finance' ? findResource(path.resource.text) : undefined;
      if (url === undefined || path === undefined || resource === undefined) continue;
      if (isOfferedIn(resource, country)) continue;
      yield {
        leaf: url,
        span: path.resource,
        message: `Sage has "${resource.name}" in ${countriesOf(resource).join(', ')} only, and the country of this instance is "${country}"`,
        help: 'Remove the entry, or correct the country.',
      };
    }
  },
} satisfies Rule;
