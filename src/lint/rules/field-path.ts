import { fieldSlipOf } from '../field-slip.ts';
import type { Rule } from '../rule.ts';

export default {
  id: 'field-path',
  severity: 'warning',
  summary: 'a path of a record’s field with something around it that belongs to no name',
  why: "`idField`, `updatedDateField` and `createdDateField` are paths into a record: names with dots between them, `customer.id`, and brackets for names with blanks, `['Record Id']`. A blank or a comma at the edge, quotes around it or a second field make it the name of a field that no record has: events come without `objectId`, or no record ever counts as changed.",
  fixable: true,
  examples: [
    {
      bad: 'leads:\n  url: /hubs/crm/leads\n  idField: "id "\n',
      says: ['"id " has a blank or a comma at its edge: expected "id"'],
      good: 'leads:\n  url: /hubs/crm/leads\n  idField: "id"\n',
    },
    {
      bad: 'leads:\n  url: /hubs/crm/leads\n  idField: "\'lead id\'"\n',
      says: ['"\'lead id\'" stands in quotes of its own: expected "lead id"'],
      good: 'leads:\n  url: /hubs/crm/leads\n  idField: "lead id"\n',
    },
    {
      bad: 'leads:\n  url: /hubs/crm/leads\n  idField: id,number\n',
      says: ['"id,number" is more than one field: expected the path of one'],
      good: 'leads:\n  url: /hubs/crm/leads\n  idField: id\n',
    },
  ],
  *checkEntries({ poller }) {
    for (const { idField, dates } of poller?.entries ?? []) {
      for (const leaf of [idField, dates?.updatedDateField, dates?.createdDateField]) {
        const slip = leaf && fieldSlipOf(leaf.value);
        if (leaf === undefined || slip === undefined) continue;
        const { start, end, message, instead, isSafe } = slip;
        yield {
          leaf,
          span: { start, end },
          message,
          help: 'Names of fields are exact: from any other, nothing is read, for every record.',
          ...(instead !== undefined && {
            fix: { safe: isSafe, title: `write "${instead}"`, edits: [leaf.editOf(start, end, instead)] },
          }),
        };
      }
    }
  },
} satisfies Rule;
