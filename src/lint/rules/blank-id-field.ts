import type { Rule } from '../rule.ts';

export default {
  id: 'blank-id-field',
  severity: 'warning',
  summary: 'an id field without a name',
  why: '`idField` names the field whose value becomes `objectId` in the events. With a blank one no event says what it is about, and nothing tells one record from another. Vendors ship it for sources that are events themselves.',
  fixable: true,
  examples: [
    {
      bad: 'element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers:\n      url: /hubs/finance/customers\n      idField: ""\n',
      says: ['"idField" is blank: expected "id"'],
      good: 'element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers:\n      url: /hubs/finance/customers\n      idField: "id"\n',
    },
    {
      bad: 'leads:\n  url: /hubs/crm/leads\n  idField: " "\n',
      says: ['"idField" is blank: expected the path of the field that holds the id of a record'],
      good: 'leads:\n  url: /hubs/crm/leads\n  idField: "leadId"\n',
    },
  ],
  *checkEntries({ elementKey, poller }) {
    for (const { idField } of poller?.entries ?? []) {
      if (idField === undefined || idField.value.trim() !== '') continue;
      const isSage = elementKey?.value === 'sageone';
      const expected = isSage ? '"id"' : 'the path of the field that holds the id of a record';
      yield {
        leaf: idField,
        message: `"idField" is blank: expected ${expected}`,
        help: 'Events then have no objectId, and the receiver cannot tell which record changed.',
        ...(isSage && {
          fix: { safe: true, title: 'write "id"', edits: [idField.editOf(0, idField.value.length, 'id')] },
        }),
      };
    }
  },
} satisfies Rule;
