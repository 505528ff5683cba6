import { didYouMean } from '../../problem/did-you-mean.ts';
import type { Leaf } from '../../model/model.ts';
import { fieldSlipOf } from '../field-slip.ts';
import type { Rule, RuleReport } from '../rule.ts';
import { meantDateField } from '../sage-fields.ts';

export default {
  id: 'misspelt-record-field',
  severity: 'error',
  summary: 'a field that the records of Sage have under a slightly other name',
  why: 'Every record of Sage has `id`, and those that can be polled have `created_at` and `updated_at`, in small letters with an underscore. A field of another name is not there: events have no `objectId`, or no record ever counts as changed.',
  fixable: true,
  examples: [
    {
      bad: 'element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers:\n      url: /hubs/finance/customers\n      idField: ID\n      datesConfiguration:\n        updatedDateField: updatedAt\n        createdDateField: created_at\n',
      says: [
        'Sage\'s records have no field "ID": did you mean "id"?',
        'Sage\'s records have no field "updatedAt": did you mean "updated_at"?',
      ],
      good: 'element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers:\n      url: /hubs/finance/customers\n      idField: id\n      datesConfiguration:\n        updatedDateField: updated_at\n        createdDateField: created_at\n',
    },
  ],
  *checkEntries({ elementKey, poller }) {
    if (elementKey?.value !== 'sageone') return;
    for (const { idField, dates } of poller?.entries ?? []) {
      if (idField !== undefined && idField.value !== 'id') {
        yield* report(idField, didYouMean(idField.value, ['id']), idField.value.toLowerCase() === 'id');
      }
      for (const field of [dates?.updatedDateField, dates?.createdDateField]) {
        if (field !== undefined) yield* report(field, meantDateField(field.value), false);
      }
    }
  },
} satisfies Rule;

function* report(leaf: Leaf<string>, meant: string | undefined, isSafe: boolean): Iterable<RuleReport> {
  // What stands around the name is `field-path`.
  if (meant === undefined || leaf.value.trim() === '' || fieldSlipOf(leaf.value) !== undefined) return;
  yield {
    leaf,
    message: `Sage's records have no field "${leaf.value}": did you mean "${meant}"?`,
    help: 'Names of fields are exact. What is read from another one is nothing, for every record.',
    fix: { safe: isSafe, title: `write "${meant}"`, edits: [leaf.editOf(0, leaf.value.length, meant)] },
  };
}
