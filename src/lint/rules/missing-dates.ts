import { findResource } from '../../catalog/sage-resource.ts';
import { entryOf } from '../../document/node.ts';
import type { DatesConfiguration, Entry } from '../../model/model.ts';
import { isBlank } from '../date-patterns.ts';
import { hubPathOf } from '../hub-path.ts';
import { pollUrlOf } from '../poll-url.ts';
import type { Rule, RuleReport } from '../rule.ts';

export default {
  id: 'missing-dates',
  severity: 'warning',
  summary: 'an entry that does not say when a record was created or changed',
  why: 'The updated date decides whether a record is new since the last poll, and together with the created date whether it is CREATED or UPDATED. Without them every record that the URL gives is reported at every poll, and all of them with the same type.',
  examples: [
    {
      bad: "leads:\n  url: /hubs/crm/leads?where=changed>'${epoch}'\n  idField: id\n",
      says: ['entry "leads" has no "datesConfiguration": expected the updated and the created date'],
      good: "leads:\n  url: /hubs/crm/leads?where=changed>'${epoch}'\n  idField: id\n  datesConfiguration:\n    updatedDateField: changed\n    updatedDateFormat: milliseconds\n    createdDateField: created\n",
    },
    {
      bad: "leads:\n  url: /hubs/crm/leads?where=changed>'${epoch}'\n  idField: id\n  datesConfiguration:\n    createdDateField: created\n    createdDateFormat: milliseconds\n",
      says: ['"updatedDateField" is missing: expected the field of the last change'],
      good: "leads:\n  url: /hubs/crm/leads?where=changed>'${epoch}'\n  idField: id\n  datesConfiguration:\n    updatedDateField: changed\n    updatedDateFormat: milliseconds\n    createdDateField: created\n    createdDateFormat: milliseconds\n",
    },
    {
      bad: "leads:\n  url: /hubs/crm/leads?where=changed>'${epoch}'\n  idField: id\n  datesConfiguration:\n    updatedDateField: changed\n    createdDateField: created\n",
      says: ['"updatedDateFormat" is missing: expected the date pattern of "changed"'],
      good: "leads:\n  url: /hubs/crm/leads?where=changed>'${epoch}'\n  idField: id\n  datesConfiguration:\n    updatedDateField: changed\n    updatedDateFormat: milliseconds\n    createdDateField: created\n",
    },
  ],
  *checkEntries({ elementKey, poller }) {
    for (const entry of poller?.entries ?? []) {
      if (entry.url === undefined || (elementKey?.value === 'sageone' && isDateless(entry))) continue;
      yield* entry.dates === undefined ? checkAbsence(entry) : checkDates(entry, entry.dates);
    }
  },
} satisfies Rule;

/** A list of Sage whose records carry no times. */
function isDateless({ url }: Entry): boolean {
  const name = url && hubPathOf(pollUrlOf(url))?.resource.text;
  const resource = name === undefined ? undefined : findResource(name);
  return (
    resource !== undefined && (resource.updatedField === undefined || resource.createdField === undefined)
  );
}

function* checkAbsence({ node, resource }: Entry): Iterable<RuleReport> {
  // Misspelt, or of another type: that is the mistake then.
  if (node.entries.some(({ key }) => /dates?[-_ ]?conf/i.test(key) || /^(?:upd|cre)\w*dDate/i.test(key)))
    return;
  yield {
    leaf: resource,
    message: `entry "${resource.value}" has no "datesConfiguration": expected the updated and the created date`,
    help: 'Every record that the URL gives is reported, and nothing tells new ones from changed ones.',
  };
}

function* checkDates({ resource, node }: Entry, dates: DatesConfiguration): Iterable<RuleReport> {
  const keyRange = entryOf(node, 'datesConfiguration')?.keyRange ?? resource.range;
  const leaf = { ...resource, pointer: dates.pointer, range: keyRange };
  const missing = findMissing(dates);
  if (missing === undefined || isMisspelt(dates, missing.key)) return;
  // Of another type: that is the mistake then.
  if (dates[missing.key] === undefined && entryOf(dates.node, missing.key) !== undefined) return;
  const { key, expected, help } = missing;
  const blank = dates[key];
  yield {
    leaf: blank ?? leaf,
    message: `"${key}" is ${blank === undefined ? 'missing' : 'blank'}: expected ${expected}`,
    help,
  };
}

type DatesKey = Exclude<keyof DatesConfiguration, 'node' | 'pointer'>;

interface Missing {
  readonly key: DatesKey;
  readonly expected: string;
  readonly help: string;
}

/** The first key without which the others are of less use. */
function findMissing(dates: DatesConfiguration): Missing | undefined {
  const unread = 'A date without its pattern cannot be read, so it is as good as absent.';
  if (isBlank(dates.updatedDateField)) {
    const help = 'Without it every record that the URL gives counts as new since the last poll.';
    return { key: 'updatedDateField', expected: 'the field of the last change', help };
  }
  if (isBlank(dates.updatedDateFormat)) {
    const expected = `the date pattern of "${dates.updatedDateField?.value}"`;
    return { key: 'updatedDateFormat', expected, help: unread };
  }
  if (isBlank(dates.createdDateField)) {
    const help =
      'Without it nothing tells a new record from a changed one: CREATED and UPDATED mean nothing.';
    return { key: 'createdDateField', expected: 'the field of the creation', help };
  }
  return undefined;
}

/** Another key stands where this one is missing. */
function isMisspelt({ node }: DatesConfiguration, key: DatesKey): boolean {
  const isKnown = /^(?:updated|created)Date(?:Field|Format|Timezone)$|^x-|^createdCheckTolerance$/;
  return node.entries.some(
    (entry) => !isKnown.test(entry.key) && firstLetters(entry.key) === firstLetters(key),
  );
}

function firstLetters(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '')
    .slice(0, 4);
}
