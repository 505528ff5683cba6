import { didYouMean } from '../../problem/did-you-mean.ts';
import type { Rule } from '../rule.ts';

export default {
  id: 'misspelt-element',
  severity: 'error',
  summary: 'an element whose key is nearly sageone',
  why: 'The key of an element is exact: `sageone`, in small letters and one word. Another one is another element, or none: the platform refuses the body, and sagecfg cannot check it as what it is. `sageoneuk` and `sageoneus` are elements of their own, for older APIs.',
  fixable: true,
  examples: [
    {
      bad: 'element: {key: SageOne}\nconfiguration: {country: GB}\n',
      says: ['element "SageOne" is not the key of Sage Business Cloud Accounting: did you mean "sageone"?'],
      good: 'element: {key: sageone}\nconfiguration: {country: GB}\n',
    },
    {
      bad: 'element: {key: sagone}\nconfiguration: {country: GB}\n',
      says: ['element "sagone" is not the key of Sage Business Cloud Accounting: did you mean "sageone"?'],
      good: 'element: {key: sageone}\nconfiguration: {country: GB}\n',
    },
  ],
  check({ elementKey }) {
    const key = elementKey?.value ?? '';
    // Elements that Sage's other products have.
    if (elementKey === undefined || /^sage(?:one(?:[a-z]{2}|v\d+)|live|crm|\d+\w*)$/.test(key)) return [];
    if (key.trim() !== 'sageone' && didYouMean(key, ['sageone']) === undefined) return [];
    if (key === 'sageone') return [];
    const isOnlyForm = key.toLowerCase().replaceAll(/[^a-z]/g, '') === 'sageone';
    return [
      {
        leaf: elementKey,
        ...(!isOnlyForm && { severity: 'warning' }),
        message: `element "${key}" is not the key of Sage Business Cloud Accounting: did you mean "sageone"?`,
        help: 'Keys of elements are exact. With another one nothing of Sage is checked here.',
        fix: {
          safe: isOnlyForm,
          title: 'write "sageone"',
          edits: [elementKey.editOf(0, key.length, 'sageone')],
        },
      },
    ];
  },
} satisfies Rule;
