import { appendToPointer } from '../../document/json-pointer.ts';
import { entryOf, type MappingEntry, type MappingNode } from '../../document/node.ts';
import type { Entry, Instance, PollerConfiguration } from '../../model/model.ts';
import { flatDates } from '../flat-dates.ts';
import { keyPlace } from '../key-place.ts';
import { moveKey } from '../move-key.ts';
import type { EntriesView, Rule, RuleReport } from '../rule.ts';

export default {
  id: 'misplaced-key',
  severity: 'error',
  summary: 'a known key in the wrong object',
  why: 'The platform looks for each key in one object only, and ignores it everywhere else without a word: a tolerance inside `datesConfiguration`, a date field beside it, `event.…` outside `configuration`. It is only a warning for `createdCheckTolerance`, which vendors ship inside `datesConfiguration` themselves.',
  fixable: true,
  supersedes: true,
  examples: [
    {
      bad: 'leads:\n  url: /hubs/crm/leads\n  idField: id\n  datesConfiguration:\n    updatedDateField: changed\n    createdCheckTolerance: 5\n    updatedDateFormat: milliseconds\n',
      says: ['"createdCheckTolerance" is ignored in "datesConfiguration": expected it in the entry "leads"'],
      good: 'leads:\n  url: /hubs/crm/leads\n  idField: id\n  createdCheckTolerance: 5\n  datesConfiguration:\n    updatedDateField: changed\n    updatedDateFormat: milliseconds\n',
    },
    {
      bad: '{"leads": {"url": "/hubs/crm/leads", "updatedDateTimezone": "MST", "datesConfiguration": {"updatedDateField": "changed"}}}\n',
      says: ['"updatedDateTimezone" is ignored in the entry "leads": expected it in "datesConfiguration"'],
      good: '{"leads": {"url": "/hubs/crm/leads", "datesConfiguration": {"updatedDateField": "changed", "updatedDateTimezone": "MST"}}}\n',
    },
    {
      bad: 'element: {key: shop}\nname: acme\nevent.notification.enabled: true\nconfiguration:\n  site: acme\n',
      says: ['"event.notification.enabled" is ignored beside "configuration": expected it inside'],
      good: 'element: {key: shop}\nname: acme\nconfiguration:\n  site: acme\n  event.notification.enabled: true\n',
    },
    {
      bad: 'element: {key: shop}\nconfiguration:\n  customers: {url: /hubs/ecommerce/customers, idField: id}\n',
      says: ['entry "customers" is ignored in "configuration": expected it in "event.poller.configuration"'],
      good: 'element: {key: shop}\nconfiguration:\n  event.poller.configuration:\n    customers: {url: /hubs/ecommerce/customers, idField: id}\n',
    },
    {
      bad: 'element: {key: shop}\nconfiguration:\n  event.poller.configuration:\n    url: /hubs/ecommerce/customers\n    idField: id\n',
      says: ['"url" belongs to an entry: expected the name of the resource above it'],
      good: 'element: {key: shop}\nconfiguration:\n  event.poller.configuration:\n    customers:\n      url: /hubs/ecommerce/customers\n      idField: id\n',
    },
    {
      bad: 'leads:\n  url: /hubs/crm/leads\n  idField: id\n  datesConfiguration:\n  updatedDateField: changed\n  updatedDateFormat: milliseconds\n  createdDateField: created\n',
      says: ['"datesConfiguration" is empty, and its keys stand beside it: expected them inside'],
      good: 'leads:\n  url: /hubs/crm/leads\n  idField: id\n  datesConfiguration:\n    updatedDateField: changed\n    updatedDateFormat: milliseconds\n    createdDateField: created\n',
    },
    {
      bad: 'leads:\n  url: /hubs/crm/leads\n  updatedDateField: changed # by anyone\n\n  updatedDateFormat: milliseconds\n  idField: id\n',
      says: [
        '"updatedDateField" and 1 more are ignored in the entry "leads": expected them in "datesConfiguration"',
      ],
      good: 'leads:\n  url: /hubs/crm/leads\n  datesConfiguration:\n    updatedDateField: changed # by anyone\n\n    updatedDateFormat: milliseconds\n  idField: id\n',
    },
  ],
  *check(instance) {
    const inBody = checkBody(instance);
    if (inBody !== undefined) yield inBody;
    yield* checkConfiguration(instance);
    if (instance.poller !== undefined) yield* checkPoller(instance.poller);
  },
  *checkEntries(view) {
    for (const entry of view.poller?.entries ?? []) yield* checkEntry(entry, view);
  },
} satisfies Rule;

const datesKeys = new Set(
  ['updated', 'created'].flatMap((date) =>
    ['Field', 'Format', 'Timezone'].map((part) => `${date}Date${part}`),
  ),
);
const entryKeys = new Set([
  'url',
  'idField',
  'filterByUpdatedDate',
  'filterByCurrentDate',
  'createdCheckTolerance',
  'pageSize',
  'pollDelay',
]);

/** Dotted keys of the platform and of Sage, and the undotted ones that Sage alone has. */
function isConfigurationKey(key: string): boolean {
  return (
    /^(?:event|oauth|signature|apim|filter)\.[\w.]+$/.test(key) || key === 'country' || key === 'business'
  );
}

const ignored = 'The platform reads it in one place only, and ignores it here without a word.';

function checkBody({ kind, node, pointer, text }: Instance): RuleReport | undefined {
  if (kind === 'poller-configuration') return undefined;
  const [first, ...others] = node.entries.filter(({ key }) => isConfigurationKey(key));
  if (first === undefined) return undefined;
  const configuration = entryOf(node, 'configuration')?.value;
  const inside = appendToPointer(pointer, 'configuration');
  const keys = [first, ...others].map(({ key }) => key);
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return {
    leaf: keyPlace(first, pointer),
    message: `"${first.key}"${more} ${others.length === 0 ? 'is' : 'are'} ignored beside "configuration": expected ${others.length === 0 ? 'it' : 'them'} inside`,
    help: ignored,
    spoils: [
      ...others.map(({ key }) => appendToPointer(pointer, key)),
      ...(configuration === undefined ? [inside] : keys.map((key) => appendToPointer(inside, key))),
    ],
    ...(configuration?.kind === 'mapping' &&
      others.length === 0 &&
      fixOf(text, node, first, configuration, 'into "configuration"')),
  };
}

/** An entry that stands beside the poller configuration. */
function* checkConfiguration({ node, pointer }: Instance): Iterable<RuleReport> {
  const configuration = entryOf(node, 'configuration')?.value;
  if (configuration?.kind !== 'mapping') return;
  for (const entry of configuration.entries) {
    const { key, value } = entry;
    if (value.kind !== 'mapping' || key.startsWith('event.') || !isText(value, 'url')) continue;
    yield {
      leaf: keyPlace(entry, appendToPointer(pointer, 'configuration')),
      message: `entry "${key}" is ignored in "configuration": expected it in "event.poller.configuration"`,
      help: ignored,
    };
  }
}

/** A poller configuration that is an entry itself, or holds keys of the configuration. */
function* checkPoller({ node, pointer }: PollerConfiguration): Iterable<RuleReport> {
  const url = entryOf(node, 'url');
  if (url !== undefined && isText(node, 'url')) {
    yield {
      leaf: keyPlace(url, pointer),
      message: '"url" belongs to an entry: expected the name of the resource above it',
      help: 'A poller configuration has one entry for each resource, under its name: customers with url, idField and datesConfiguration inside.',
      spoils: node.entries
        .filter(({ key }) => key !== 'url' && (entryKeys.has(key) || key === 'datesConfiguration'))
        .map(({ key }) => appendToPointer(pointer, key)),
    };
  }
  for (const entry of node.entries) {
    if (entry.value.kind !== 'scalar' || !isConfigurationKey(entry.key)) continue;
    yield {
      leaf: keyPlace(entry, pointer),
      message: `"${entry.key}" is ignored in "event.poller.configuration": expected it in "configuration"`,
      help: ignored,
    };
  }
}

function* checkEntry(entry: Entry, { text, poller }: EntriesView): Iterable<RuleReport> {
  const isFixable = poller?.stringified === false;
  const keys = entry.node.entries.filter(({ key }) => datesKeys.has(key));
  const flat = flatDates({ entry, keys, text, isFixable });
  if (flat === undefined) yield* checkKeys(entry, text, isFixable);
  else yield flat;
}

function* checkKeys(
  { node, pointer, dates, resource }: Entry,
  text: string,
  isFixable: boolean,
): Iterable<RuleReport> {
  for (const entry of node.entries) {
    const { key } = entry;
    const isDate = datesKeys.has(key);
    if (!isDate && !isConfigurationKey(key)) continue;
    yield {
      leaf: keyPlace(entry, pointer),
      message: `"${key}" is ignored in the entry "${resource.value}": expected it in "${isDate ? 'datesConfiguration' : 'configuration'}"`,
      help: ignored,
      ...(isFixable && isDate && dates && fixOf(text, node, entry, dates.node, 'into "datesConfiguration"')),
    };
  }
  for (const entry of dates?.node.entries ?? []) {
    if (dates === undefined || !entryKeys.has(entry.key)) continue;
    yield {
      leaf: keyPlace(entry, dates.pointer),
      ...(entry.key === 'createdCheckTolerance' && { severity: 'warning' }),
      message: `"${entry.key}" is ignored in "datesConfiguration": expected it in the entry "${resource.value}"`,
      help: ignored,
      spoils: [appendToPointer(pointer, entry.key)],
      ...(isFixable && fixOf(text, dates.node, entry, node, 'out of "datesConfiguration"')),
    };
  }
}

function isText(node: MappingNode, key: string): boolean {
  const value = entryOf(node, key)?.value;
  return value?.kind === 'scalar' && typeof value.value === 'string';
}

function fixOf(
  text: string,
  from: MappingNode,
  entry: MappingEntry,
  to: MappingNode,
  where: string,
): Pick<RuleReport, 'fix'> {
  const edits = moveKey(text, { from, entry, to });
  return edits === undefined ? {} : { fix: { safe: true, title: `move it ${where}`, edits } };
}
