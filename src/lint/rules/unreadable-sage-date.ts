import type { Rule } from '../rule.ts';
import { misreadDatesOf, sageDate, sageFormat } from '../sage-dates.ts';

export default {
  id: 'unreadable-sage-date',
  severity: 'error',
  summary: "a date format that does not read the dates of Sage's records",
  why: 'Sage writes `created_at` and `updated_at` as `2018-08-20T15:30:07Z`, in UTC. In a Java pattern `Z` without quotes reads `+0000` and not the letter, `.SSS` wants a fraction, and `yyyy-MM-dd` drops the time. With a date that is not read no record counts as changed; with one that is read wrongly changes are missed, or told again and again.',
  fixable: true,
  examples: [
    {
      bad: "element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers:\n      url: /hubs/finance/customers\n      idField: id\n      datesConfiguration:\n        updatedDateField: updated_at\n        updatedDateFormat: yyyy-MM-dd'T'HH:mm:ssZ\n        createdDateField: created_at\n        createdDateFormat: yyyy-MM-dd'T'HH:mm:ssZ\n",
      says: [
        '"yyyy-MM-dd\'T\'HH:mm:ssZ" does not read a date of Sage such as 2018-08-20T15:30:07Z: expected "yyyy-MM-dd\'T\'HH:mm:ssXXX"',
        '"yyyy-MM-dd\'T\'HH:mm:ssZ" does not read a date of Sage such as 2018-08-20T15:30:07Z: expected "yyyy-MM-dd\'T\'HH:mm:ssXXX"',
      ],
      good: "element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers:\n      url: /hubs/finance/customers\n      idField: id\n      datesConfiguration:\n        updatedDateField: updated_at\n        updatedDateFormat: yyyy-MM-dd'T'HH:mm:ssXXX\n        createdDateField: created_at\n        createdDateFormat: yyyy-MM-dd'T'HH:mm:ssXXX\n",
    },
  ],
  *checkEntries({ elementKey, poller }) {
    if (elementKey?.value !== 'sageone') return;
    for (const entry of poller?.entries ?? []) {
      for (const { format: leaf, readAsMs } of misreadDatesOf(entry)) {
        // No page of Sage's says that there never is a fraction.
        const mayFit = leaf.value.includes('.S');
        const what =
          readAsMs === undefined
            ? `does not read a date of Sage such as ${sageDate}`
            : `reads Sage's ${sageDate} as ${new Date(readAsMs).toISOString().replace('.000Z', 'Z')}`;
        yield {
          leaf,
          ...(mayFit && { severity: 'warning' as const }),
          message: `"${leaf.value}" ${what}: expected "${sageFormat}"`,
          help:
            readAsMs === undefined
              ? 'A record whose date is not read never counts as changed, and is never told.'
              : 'The platform compares it with the time of the last poll: what it takes for older is never told.',
          fix: {
            safe: !mayFit,
            title: `write "${sageFormat}"`,
            edits: [leaf.editOf(0, leaf.value.length, sageFormat)],
          },
        };
      }
    }
  },
} satisfies Rule;
