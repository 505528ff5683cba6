import type { DatesConfiguration, Leaf } from '../../model/model.ts';
import type { WhereCondition } from '../../template/where-clause.ts';
import { templateVariables } from '../../template/template-variables.ts';
import { pollUrlOf } from '../poll-url.ts';
import { meantDateField } from '../sage-fields.ts';
import type { Rule, RuleReport } from '../rule.ts';

export default {
  id: 'filter-field-mismatch',
  severity: 'info',
  summary: 'a URL that filters by another date than the one the records are judged by',
  why: 'The URL asks for records by one field, and `updatedDateField` names another. Where the URL asks by the date of creation, a record that is changed later never comes back, so no UPDATED event is ever sent: a warning. Other fields may move together, or not.',
  fixable: true,
  examples: [
    {
      bad: "leads:\n  url: /hubs/crm/leads?where=CreationDate>'${epoch}'\n  idField: id\n  datesConfiguration:\n    updatedDateField: LastUpdateDate\n    createdDateField: CreationDate\n",
      says: ['the URL asks by "CreationDate", when a record was created: expected "LastUpdateDate"'],
      good: "leads:\n  url: /hubs/crm/leads?where=LastUpdateDate>'${epoch}'\n  idField: id\n  datesConfiguration:\n    updatedDateField: LastUpdateDate\n    createdDateField: CreationDate\n",
    },
    {
      bad: "leads:\n  url: /hubs/crm/leads?where=lastActivityDate>'${epoch}'\n  idField: id\n  datesConfiguration:\n    updatedDateField: date_modified\n",
      says: ['the URL asks by "lastActivityDate", and records are judged by "date_modified"'],
      good: "leads:\n  url: /hubs/crm/leads?where=date_modified>'${epoch}'\n  idField: id\n  datesConfiguration:\n    updatedDateField: date_modified\n",
    },
  ],
  *checkEntries({ elementKey, poller }) {
    const isSage = elementKey?.value === 'sageone';
    for (const { url, dates } of poller?.entries ?? []) {
      if (url !== undefined && dates !== undefined) yield* checkUrl(url, dates, isSage);
    }
  },
} satisfies Rule;

function* checkUrl(url: Leaf<string>, dates: DatesConfiguration, isSage: boolean): Iterable<RuleReport> {
  const parsed = pollUrlOf(url);
  const updated = dates.updatedDateField;
  if (parsed.faults.length > 0 || updated === undefined || updated.value.trim() === '') return;
  // One field for both dates is a mistake of its own.
  if (updated.value === dates.createdDateField?.value) return;
  const bounds = (parsed.where?.conditions ?? []).filter(isBound);
  const [first] = bounds;
  if (first === undefined || bounds.some(({ name }) => isSameField(name.name, updated.value))) return;
  const { name } = first.name;
  // A misspelt name of Sage's is reported as such.
  if (isSage && [name, updated.value].some((field) => meantDateField(field) !== undefined)) return;
  const isCreation =
    plainName(name) === plainName(dates.createdDateField?.value ?? '') || /creat/i.test(name);
  const related = [{ range: updated.range, message: 'records are judged by this one' }];
  if (isCreation) {
    yield {
      leaf: url,
      span: first.name,
      severity: 'warning',
      message: `the URL asks by "${name}", when a record was created: expected "${updated.value}"`,
      help: 'A record that is changed later is not asked for again, so its changes are never seen.',
      related,
      fix: {
        safe: false,
        title: `write "${updated.value}"`,
        edits: [url.editOf(first.name.start, first.name.end, updated.value)],
      },
    };
  } else {
    yield {
      leaf: url,
      span: first.name,
      message: `the URL asks by "${name}", and records are judged by "${updated.value}"`,
      help: 'If the one moves without the other, records are asked for and dropped, or never asked for.',
      related,
    };
  }
}

/** Compares a field with the last poll. With `=` a name is a parameter of the provider, and no field. */
function isBound({ operator, values, name }: WhereCondition): boolean {
  const isAfter = operator?.operator === '>' || operator?.operator === '>=';
  const isPlaceholder = /[<{]/.test(name.name);
  return (
    isAfter &&
    !isPlaceholder &&
    values.some(({ templates }) =>
      templates.some(({ name }) => templateVariables[name.text]?.instant === 'since'),
    )
  );
}

/**
 * A path and the name at its end mean the same field, however they are written; and a hub may have its own name for the
 * date of change: `lastModifiedDate` for `updated_at`.
 */
function isSameField(left: string, right: string): boolean {
  return plainName(left) === plainName(right) || (isChangeName(left) && isChangeName(right));
}

function isChangeName(name: string): boolean {
  return /updat|modif|chang/i.test(name);
}

function plainName(path: string): string {
  return (path.split('.').at(-1) ?? '').toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
