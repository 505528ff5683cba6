import { describe, expect, it } from 'vitest';
import { lintText } from '../../src/lint/lint-text.ts';

/** Rules whose findings come from the schemas. */
const schemaRules = new Set(['unknown-key', 'missing-key', 'wrong-type', 'invalid-value']);

const body =
  'element: {key: sageone}\nconfiguration:\n  oauth.api.key: ${env:A}\n  oauth.api.secret: ${env:B}\n  oauth.callback.url: https://app.example.com\n';

type Said = readonly [rule: string, marked: string, message: string];

const mistakes: readonly [name: string, text: string, said: readonly Said[]][] = [
  [
    'a required key that is misspelt is one mistake',
    'customers:\n  ulr: /hubs/finance/customers\n',
    [['unknown-key', 'ulr', 'unknown key "ulr": did you mean "url"?']],
  ],
  [
    'a required key of Sage that is misspelt is one mistake',
    'element: {key: sageone}\nconfiguration:\n  oauth.api.key: ${env:A}\n  oauth.api.secert: ${env:B}\n  oauth.callback.url: https://app.example.com\n',
    [['unknown-key', 'oauth.api.secert', 'unknown key "oauth.api.secert": did you mean "oauth.api.secret"?']],
  ],
  [
    'a key in other letters',
    'customers:\n  url: /a\n  datesConfiguration:\n    UpdatedDateTimezone: GMT\n',
    [
      [
        'unknown-key',
        'UpdatedDateTimezone',
        'unknown key "UpdatedDateTimezone": did you mean "updatedDateTimezone"?',
      ],
    ],
  ],
  [
    'the name that the vendor’s prose has wrong',
    'customers:\n  url: /a\n  filterByUpdateDate: false\n',
    [
      [
        'unknown-key',
        'filterByUpdateDate',
        'unknown key "filterByUpdateDate": did you mean "filterByUpdatedDate"?',
      ],
    ],
  ],
  [
    'a key that nobody knows',
    'customers:\n  url: /a\n  colour: red\n',
    [['unknown-key', 'colour', 'unknown key "colour"']],
  ],
  ['keys of one’s own are left alone', 'customers:\n  url: /a\n  x-colour: red\n', []],
  [
    'numbers and booleans as text',
    `${body}  event.notification.enabled: "true"\n  event.poller.refresh_interval: "15"\n`,
    [],
  ],
  [
    'a wrong boolean',
    `${body}  event.notification.enabled: "yes"\n`,
    [['wrong-type', '"yes"', 'expected true or false, found "yes"']],
  ],
  [
    'a wrong number',
    `${body}  event.poller.refresh_interval: 15m\n`,
    [['wrong-type', '15m', 'expected a whole number of minutes, such as 15, found "15m"']],
  ],
  [
    'a list where an object belongs',
    'customers: {url: /a}\nvendors: []\n',
    [['wrong-type', '[]', 'expected an object, found an empty list']],
  ],
  [
    'an entry without a value is marked at its key',
    'customers: {url: /a}\nvendors:\n',
    [['wrong-type', 'vendors', 'expected an object, found nothing']],
  ],
  [
    'the wrong word',
    `${body}  event.vendor.type: pull\n`,
    [['invalid-value', 'pull', 'expected "polling" or "webhook", found "pull"']],
  ],
  [
    'keys that are nested instead of flat',
    `${body}  event:\n    poller:\n      refresh_interval: 15\n`,
    [['unknown-key', 'event', 'key "event" holds an object, but the keys of a configuration are flat']],
  ],
  [
    'a key in the space of the platform',
    `${body}  event.poller.speed: 3\n`,
    [['unknown-key', 'event.poller.speed', 'unknown key "event.poller.speed"']],
  ],
  ['keys of another element', 'element: {key: shop}\nconfiguration:\n  shop.domain: example\n', []],
  [
    'a missing key is marked at the object that lacks it',
    'customers:\n  idField: id\n',
    [['missing-key', 'customers', 'missing key "url"']],
  ],
  [
    'what Sage needs',
    'element: {key: sageone}\nconfiguration:\n  oauth.api.key: ${env:A}\n  oauth.api.secret: ${env:B}\n',
    [['missing-key', 'configuration', 'missing key "oauth.callback.url"']],
  ],
  [
    'null in an export is what is not set',
    '{"id": 1, "token": "${env:T}", "configuration": {"event.notification.callback.url": null}}',
    [],
  ],
  [
    'an export has keys that nobody lists',
    '{"id": 1, "valid": true, "whatever": 1, "configuration": {}}',
    [],
  ],
];

describe('the schema', () => {
  it.each(mistakes)('%s', (_, text, said) => {
    const problems = lintText(text).problems.filter(({ rule }) => schemaRules.has(rule));
    expect(
      problems.map(({ rule, range, message }) => [rule, text.slice(range.start, range.end), message]),
    ).toEqual(said);
  });

  it('shows the way through aliases and merge keys', () => {
    const text = 'base: &base {url: /a, pageSize: many}\ncustomers:\n  <<: *base\n';
    const [problem, ...others] = lintText(text).problems.filter(({ rule }) => schemaRules.has(rule));
    expect(others).toEqual([]);
    expect(text.slice(problem?.range.start, problem?.range.end)).toBe('many');
  });

  it('never quotes a secret', () => {
    const { problems } = lintText(
      'element: {key: shop}\nconfiguration:\n  oauth.api.secret: [hunter2hunter2]\n',
    );
    expect(problems.length).toBeGreaterThan(0);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });
});
