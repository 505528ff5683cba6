import { retiredCountries, sageCountries } from '../sage-countries.ts';
import type { Rule } from '../rule.ts';

export default {
  id: 'retired-sage-country',
  severity: 'warning',
  summary: 'a country that Sage Business Cloud Accounting has left',
  why: 'Sage’s login takes CA, GB and IE. US, DE, ES and FR were countries of the older API, which ended on 31 July 2026. A login for one of them fails with the misleading reason "Email already in use".',
  examples: [
    {
      bad: 'element: {key: sageone}\nconfiguration:\n  country: US\n',
      says: ['"US" is no longer a country of Sage Business Cloud Accounting: expected CA, GB or IE'],
      good: 'element: {key: sageone}\nconfiguration:\n  country: CA\n',
    },
  ],
  check({ elementKey, configuration }) {
    const country = configuration.get('country');
    if (elementKey?.value !== 'sageone' || typeof country?.value !== 'string') return [];
    if (!retiredCountries.includes(country.value.toUpperCase())) return [];
    return [
      {
        leaf: country,
        message: `"${country.value}" is no longer a country of Sage Business Cloud Accounting: expected ${sageCountries.join(', ').replace(/, (?=\w+$)/, ' or ')}`,
        help: 'The samples of the platform are from the older API. Write the country that Sage’s login returns beside the code.',
      },
    ];
  },
} satisfies Rule;
