import { appendToPointer } from '../../document/json-pointer.ts';
import { entryOf, type MappingEntry, type MappingNode } from '../../document/node.ts';
import type { Instance } from '../../model/model.ts';
import { keyPlace } from '../key-place.ts';
import type { EntriesView, Rule, RuleReport } from '../rule.ts';

export default {
  id: 'yaml-1-1-type',
  severity: 'warning',
  summary: 'a bare word that another reader of YAML takes for a boolean, a number or a date',
  why: 'YAML 1.1 is still what many programs read: there `NO` is false, `12:30` is 750, `1_000` is 1000 and `0777` is octal. sagecfg reads YAML 1.2, where most of these are text. Quotes make the value the same for everyone.',
  fixable: true,
  supersedes: true,
  examples: [
    {
      bad: 'element: {key: shop}\nconfiguration:\n  country: NO\n',
      says: ['NO is false to readers of YAML 1.1: expected quotes, "NO"'],
      good: 'element: {key: shop}\nconfiguration:\n  country: "NO"\n',
    },
    {
      bad: 'element: {key: shop}\nconfiguration:\n  site.code: 0777 # old shop\n',
      says: ['0777 is the number 777, and the number 511 to readers of YAML 1.1: expected quotes, "0777"'],
      good: 'element: {key: shop}\nconfiguration:\n  site.code: "0777" # old shop\n',
    },
    {
      bad: 'element: {key: shop}\nname: 2026-11-23\nconfiguration:\n  closes: 12:30\n  batch: 1_000\n',
      says: [
        '2026-11-23 is a date to readers of YAML 1.1: expected quotes, "2026-11-23"',
        '12:30 is the number 750 to readers of YAML 1.1: expected quotes, "12:30"',
        '1_000 is the number 1000 to readers of YAML 1.1: expected quotes, "1_000"',
      ],
      good: 'element: {key: shop}\nname: "2026-11-23"\nconfiguration:\n  closes: "12:30"\n  batch: "1_000"\n',
    },
    {
      bad: 'element: {key: shop}\nconfiguration:\n  event.poller.refresh_interval: 015\n',
      says: ['015 is the number 15, and the number 13 to readers of YAML 1.1: expected 15'],
      good: 'element: {key: shop}\nconfiguration:\n  event.poller.refresh_interval: 15\n',
    },
  ],
  *check(instance) {
    yield* checkObjects(objectsOf(instance), instance);
  },
  *checkEntries(view) {
    for (const entry of view.poller?.entries ?? [])
      yield* checkObjects(entry.dates === undefined ? [entry] : [entry, entry.dates], view);
  },
} satisfies Rule;

interface Place {
  readonly node: MappingNode;
  readonly pointer: string;
}

function* checkObjects(
  places: readonly Place[],
  { text, elementKey }: Pick<EntriesView, 'text' | 'elementKey'>,
): Iterable<RuleReport> {
  for (const { node, pointer } of places) {
    for (const entry of node.entries) {
      const report = checkValue(entry, pointer, text);
      if (report === undefined) continue;
      // Quoted, NO would still be no country of Sage's: a fix would only bring up the next problem.
      const isFutile = entry.key === 'country' && elementKey?.value === 'sageone';
      const { fix: _fix, ...said } = report;
      yield isFutile ? said : report;
    }
  }
}

function objectsOf({ node, pointer }: Instance): Place[] {
  const parts = ['element', 'providerData', 'configuration'].flatMap((key): Place[] => {
    const value = entryOf(node, key)?.value;
    return value?.kind === 'mapping' ? [{ node: value, pointer: appendToPointer(pointer, key) }] : [];
  });
  return parts.length > 0 ? [{ node, pointer }, ...parts] : [];
}

/** What takes a boolean is held against its schema: `on` is wrong there, and quotes would not help. */
const booleanKeys = new Set([
  'event.notification.enabled',
  'event.raw.enabled',
  'filter.response.nulls',
  'filterByCurrentDate',
  'filterByUpdatedDate',
  'retrieveObjectsAfterInstantiation',
]);
const numberKeys = new Set([
  'createdCheckTolerance',
  'event.notification.subscription.id',
  'event.poller.refresh_interval',
  'pageSize',
  'pollDelay',
]);

function checkValue(entry: MappingEntry, parent: string, text: string): RuleReport | undefined {
  const { key, value } = entry;
  if (value.kind !== 'scalar' || value.style !== 'plain') return undefined;
  // Nearly every value begins otherwise.
  if (!beginnings.has(text.charCodeAt(value.range.start)) || booleanKeys.has(key)) return undefined;
  const source = text.slice(value.range.start, value.range.end);
  const reading = readAsYaml11(source);
  const isNumber = typeof value.value === 'number';
  if (reading === undefined || (numberKeys.has(key) && !isNumber)) return undefined;
  const other = `${isNumber ? `is the number ${value.value}, and ` : 'is '}${reading} to readers of YAML 1.1`;
  const expected = numberKeys.has(key) ? String(value.value) : `"${source}"`;
  return {
    leaf: { ...keyPlace(entry, parent), range: value.range },
    ...(isNumber && !numberKeys.has(key) && { severity: 'error' }),
    message: `${source} ${other}: expected ${numberKeys.has(key) ? '' : 'quotes, '}${expected}`,
    help: 'Two programs that read this file would see two different values.',
    fix: {
      safe: !isNumber,
      title: `write ${expected}`,
      edits: [{ range: value.range, text: expected }],
    },
  };
}

const beginnings = new Set([...'-+0123456789yYnNoO'].map((character) => character.charCodeAt(0)));

const words: ReadonlyMap<string, string> = new Map([
  ...['y', 'yes', 'on'].map((word) => [word, 'true'] as const),
  ...['n', 'no', 'off'].map((word) => [word, 'false'] as const),
]);

/** What YAML 1.1 makes of a plain scalar, where that is something else than in YAML 1.2. */
function readAsYaml11(source: string): string | undefined {
  if (/^[A-Za-z]/.test(source)) return source.length > 3 ? undefined : words.get(source.toLowerCase());
  if (/^\d{4}-\d{2}-\d{2}(?:[Tt ].*)?$/.test(source)) return 'a date';
  const digits = source.replaceAll('_', '');
  if (/^[-+]?0[0-7_]+$/.test(source)) return `the number ${Number.parseInt(digits, 8)}`;
  if (/^[-+]?0b[01_]+$/.test(source)) return `the number ${Number.parseInt(digits.replace('0b', ''), 2)}`;
  if (/^[-+]?[1-9]\d*(?:_\d+)+$/.test(source)) return `the number ${digits}`;
  if (/^[1-9]\d*(?::[0-5]?\d)+$/.test(source))
    return `the number ${digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)}`;
  return undefined;
}
