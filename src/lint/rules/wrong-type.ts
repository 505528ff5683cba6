import { excerpt } from '../../template/excerpt.ts';
import type { ConfigurationLeaf } from '../../model/model.ts';
import type { Rule, RuleReport } from '../rule.ts';

export default {
  id: 'wrong-type',
  severity: 'error',
  fixable: true,
  summary: 'a value of a type that the key does not take',
  why: 'Text where a number belongs, a list where an object belongs. Numbers and booleans may stand in quotes, as the platform itself writes them.',
  examples: [
    {
      bad: 'customers:\n  url: /hubs/finance/customers\n  idField: id\n  pageSize: many\n',
      says: ['expected a whole number of records, such as 200, found "many"'],
      good: 'customers:\n  url: /hubs/finance/customers\n  idField: id\n  pageSize: 200\n',
    },
    {
      bad: 'element: {key: shop}\nconfiguration:\n  event.poller.configuration: |\n    customers:\n      url: /hubs/ecommerce/customers\n',
      says: ['the poller configuration is YAML inside a string: expected an object'],
      good: 'element: {key: shop}\nconfiguration:\n  event.poller.configuration:\n    customers:\n      url: /hubs/ecommerce/customers\n',
    },
    {
      bad: String.raw`{"element": {"key": "shop"}, "configuration": {"event.poller.configuration": "\"{\\\"customers\\\": {\\\"url\\\": \\\"/hubs/ecommerce/customers\\\"}}\""}}`,
      says: ['the poller configuration is JSON inside a string inside a string: expected it in one string'],
      good: String.raw`{"element": {"key": "shop"}, "configuration": {"event.poller.configuration": "{\"customers\": {\"url\": \"/hubs/ecommerce/customers\"}}"}}`,
    },
    {
      bad: 'element: {key: shop}\nconfiguration:\n  event.poller.configuration: customers\n',
      says: ['expected an object, or one as JSON in a string, found "customers"'],
      good: 'element: {key: shop}\nconfiguration:\n  event.poller.configuration:\n    customers: {url: /hubs/ecommerce/customers}\n',
    },
  ],
  check({ configuration }) {
    const poller = configuration.get('event.poller.configuration');
    // A reference is filled in before anybody reads it; a blank text is `invalid-value`.
    if (typeof poller?.value !== 'string' || /^\s*$|^\$\{(?:env|file):[^}]*\}$/.test(poller.value)) return [];
    return [describe(poller, poller.value)];
  },
} satisfies Rule;

const help =
  'The platform reads the text as JSON, fails, and polls nothing. Write the entries as an object below the key.';

/** Text that begins like JSON has already been read as such. */
function describe(poller: ConfigurationLeaf, text: string): RuleReport {
  const once = stringIn(text);
  if (once !== undefined) {
    const edits = [poller.editOf(0, text.length, once)];
    return {
      leaf: poller,
      message: 'the poller configuration is JSON inside a string inside a string: expected it in one string',
      help: 'A program has turned it into a string twice.',
      fix: { safe: true, title: 'take the inner quotes and backslashes out', edits },
    };
  }
  const isYaml = /^\s*(?:#.*\n\s*)*["']?[\w/{<-][^\n:]*:(?:\s|$)/.test(text);
  return {
    // Of a text over many lines the key is enough.
    leaf: text.includes('\n') ? placeOfKey(poller) : poller,
    message: isYaml
      ? 'the poller configuration is YAML inside a string: expected an object'
      : `expected an object, or one as JSON in a string, found ${JSON.stringify(excerpt(text))}`,
    help,
  };
}

function placeOfKey({ keyRange, pointer, via }: ConfigurationLeaf): RuleReport['leaf'] {
  return { range: keyRange, pointer, via, rangeOf: () => keyRange };
}

function stringIn(text: string): string | undefined {
  if (!/^\s*"\s*[{[]/.test(text)) return undefined;
  try {
    const inner: unknown = JSON.parse(text);
    return typeof inner === 'string' ? inner : undefined;
  } catch {
    // Not a JSON string, though it begins like one.
    return undefined;
  }
}
