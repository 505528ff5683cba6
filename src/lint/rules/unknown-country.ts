import { retiredCountries, sageCountries } from '../sage-countries.ts';
import type { Rule } from '../rule.ts';

export default {
  id: 'unknown-country',
  severity: 'warning',
  summary: 'a country that Sage Business Cloud Accounting never had',
  why: 'Sage’s login takes CA, GB and IE, and sends everyone else away. The United Kingdom is GB; UK is not its code. South Africa, Australia and Asia have another Sage product with another API.',
  fixable: true,
  examples: [
    {
      bad: 'element: {key: sageone}\nconfiguration:\n  country: UK\n',
      says: ['"UK" is no country of Sage Business Cloud Accounting: did you mean "GB"?'],
      good: 'element: {key: sageone}\nconfiguration:\n  country: GB\n',
    },
    {
      bad: 'element: {key: sageone}\nconfiguration:\n  country: ZA\n',
      says: ['"ZA" is no country of Sage Business Cloud Accounting: expected CA, GB or IE'],
      good: 'element: {key: sageone}\nconfiguration:\n  country: IE\n',
    },
  ],
  check({ elementKey, configuration }) {
    const country = configuration.get('country');
    if (elementKey?.value !== 'sageone' || typeof country?.value !== 'string') return [];
    const code = country.value.toUpperCase();
    // Anything but two letters is a matter of the schema.
    if (!/^[A-Z]{2}$/.test(code) || sageCountries.includes(code) || retiredCountries.includes(code))
      return [];
    const meant = code === 'UK' || code === 'EN' ? 'GB' : undefined;
    const hint =
      meant === undefined
        ? `expected ${sageCountries.join(', ').replace(/, (?=\w+$)/, ' or ')}`
        : `did you mean "${meant}"?`;
    return [
      {
        leaf: country,
        message: `"${country.value}" is no country of Sage Business Cloud Accounting: ${hint}`,
        help: 'Write the country that Sage’s login returns beside the code.',
        ...(meant !== undefined && {
          fix: {
            safe: code === 'UK',
            title: `write "${meant}"`,
            edits: [country.editOf(0, code.length, meant)],
          },
        }),
      },
    ];
  },
} satisfies Rule;
