import type { Rule } from '../rule.ts';

export default {
  id: 'same-date-field',
  severity: 'warning',
  summary: 'one field for both the created and the updated date',
  why: 'A record counts as CREATED when its two dates are the same. With one field for both they always are: a changed record is reported as CREATED, and UPDATED never happens. Where the provider has one date only, `filterByUpdatedDate: false` says that this is meant.',
  fixable: true,
  examples: [
    {
      bad: 'leads:\n  url: /hubs/crm/leads\n  idField: id\n  datesConfiguration:\n    updatedDateField: changed\n    createdDateField: changed\n',
      says: ['"changed" is the created and the updated date: expected two fields'],
      good: 'leads:\n  url: /hubs/crm/leads\n  idField: id\n  filterByUpdatedDate: false\n  datesConfiguration:\n    updatedDateField: changed\n    createdDateField: changed\n',
    },
    {
      bad: 'element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers:\n      url: /hubs/finance/customers\n      datesConfiguration:\n        updatedDateField: updated_at\n        createdDateField: updated_at\n',
      says: ['"updated_at" is the created and the updated date: expected two fields'],
      good: 'element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers:\n      url: /hubs/finance/customers\n      datesConfiguration:\n        updatedDateField: updated_at\n        createdDateField: created_at\n',
    },
  ],
  *checkEntries({ elementKey, poller }) {
    for (const { dates, filterByUpdatedDate } of poller?.entries ?? []) {
      const [updated, created] = [dates?.updatedDateField, dates?.createdDateField];
      if (updated === undefined || created === undefined || filterByUpdatedDate?.value === false) continue;
      const { value } = created;
      if (value.trim() === '' || value !== updated.value || /[<{]/.test(value)) continue;
      const [wrong, other] =
        value === 'created_at' ? ([updated, 'updated_at'] as const) : ([created, 'created_at'] as const);
      const isSage = elementKey?.value === 'sageone' && /^(?:created|updated)_at$/.test(value);
      yield {
        leaf: wrong,
        message: `"${value}" is the created and the updated date: expected two fields`,
        help: 'Every record is then reported as CREATED, changed ones too. If there is only one date, say filterByUpdatedDate: false.',
        related: [{ range: (wrong === created ? updated : created).range, message: 'the same field' }],
        ...(isSage && {
          fix: {
            safe: false,
            title: `write "${other}"`,
            edits: [wrong.editOf(0, value.length, other)],
          },
        }),
      };
    }
  },
} satisfies Rule;
