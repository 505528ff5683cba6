import { describe, expect, test } from 'vitest';
import { listResources } from '../../src/catalog/sage-resource.ts';
import { generateInstance } from '../../src/generate/generate-instance.ts';
import { languages } from '../../src/generate/quote.ts';
import { migrateText, type MigrationName } from '../../src/generate/migrate/migrate-text.ts';
import { lintText } from '../../src/lint/lint-text.ts';

const since = "lastModifiedDate>='${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'";
const dates = "attributes='created_at,updated_at'";
const format = "yyyy-MM-dd'T'HH:mm:ss'Z'";
const url = `/hubs/finance/customers?where=${since} and ${dates}`;

/** A body with lines of its own below `configuration`, each indented by two blanks. */
const body = (...lines: readonly string[]): string =>
  [
    '# ours',
    'element: {key: sageone} # Sage',
    'name: acme',
    'configuration:',
    '  oauth.api.key: "${env:A}"',
    '  oauth.api.secret: "${env:B}" # secret',
    '  oauth.callback.url: https://app.example.com',
    ...lines,
    'tags: [ a ] # odd',
    '',
  ].join('\n');

const customersEntry = [
  '    customers:',
  `      url: ${JSON.stringify(url)}`,
  '      idField: id',
  '      datesConfiguration:',
  '        updatedDateField: updated_at',
  `        updatedDateFormat: ${JSON.stringify(format)}`,
  '        updatedDateTimezone: GMT',
  '        createdDateField: created_at',
  `        createdDateFormat: ${JSON.stringify(format)}`,
  '        createdDateTimezone: GMT',
];

const tabbed = (key: string, value: string): string =>
  `{\n\t"element": {"key": "sageone"},\n\t"configuration": {\n\t\t"oauth.api.key": "\${env:A}", "oauth.api.secret": "\${env:B}",\n\t\t"oauth.callback.url": "https://app.example.com",\n\t\t"${key}": ${value}\n\t}\n}\n`;

describe('the lines of event.poller.urls', () => {
  const line = `customers|${url}||updated_at|${format}|GMT|created_at|${format}|GMT`;

  test.each([
    [
      'in quotes',
      [`  event.poller.urls: "${line}" # why`],
      [...customersEntry.slice(0, -1), '        createdDateTimezone: GMT # why'],
    ],
    ['in a block', ['  event.poller.urls: |', `    ${line}`], customersEntry],
    ['as a name that only Sage makes clear', ['  event.poller.urls: customers'], customersEntry],
  ])('%s become a configuration', (_what, before, after) => {
    expect(migrate(body(...before), 'configuration').text).toBe(
      body('  event.poller.configuration:', ...after),
    );
  });

  test('become one in JSON, in its own layout', () => {
    const after = migrate(
      tabbed(
        'event.poller.urls',
        JSON.stringify(`customers|${url}\nvendors|/hubs/finance/vendors?where=${since}`),
      ),
      'configuration',
    ).text;
    expect(after).toBe(
      tabbed(
        'event.poller.configuration',
        JSON.stringify(
          {
            customers: { url, idField: 'id' },
            vendors: { url: `/hubs/finance/vendors?where=${since}`, idField: 'id' },
          },
          undefined,
          '\t',
        ).replaceAll('\n', '\n\t\t'),
      ),
    );
  });

  test('leave to the user what the old form did not have, and what the new one has not', () => {
    const { byHand, changes } = migrate(body(`  event.poller.urls: "customers|${url}|//x"`), 'configuration');
    expect(changes).toEqual(['"event.poller.urls" became "event.poller.configuration" with "customers"']);
    expect(byHand).toEqual([
      '"customers": "idField" is "id", which the old form did not have: check that it is the record\'s id.',
      '"customers": the filter "//x" has no place in the new form: filter in the URL.',
    ]);
  });

  test.each([
    ['of names that nobody knows', ['  event.poller.urls: wages|customers'], 'names "wages" without a URL'],
    ['with too many fields', [`  event.poller.urls: "customers|${url}|a|b|c|d|e|f|g|h"`], 'is no line of'],
    ['that name a resource twice', ['  event.poller.urls: customers|customers'], 'two lines for "customers"'],
    ['with a comment inside', ['  event.poller.urls: | # a', `    ${line}`], 'a comment inside'],
    [
      'beside a configuration',
      ['  event.poller.urls: customers', '  event.poller.configuration:', ...customersEntry],
      'stands beside',
    ],
  ])('%s are refused', (_what, lines, message) => {
    expect(() => migrate(body(...lines), 'configuration')).toThrow(message);
  });
});

describe('the form of the poller configuration', () => {
  test.each(languages)('goes to a string and back in %s, for every resource at once', (syntax) => {
    const pollable = listResources().filter(({ changeFilter }) => changeFilter !== undefined);
    const before = generateInstance(pollable, syntax);
    const text = migrate(before, 'string', syntax).text;
    const [string] = lintText(text, { syntax }).instances;
    expect(string?.poller?.stringified).toBe(true);
    expect(migrate(text, 'string', syntax)).toMatchObject({ text, changes: [] });
    const back = migrate(text, 'object', syntax).text;
    expect(back).toBe(before);
  });

  test('keeps the comments around the string', () => {
    const string = JSON.stringify(JSON.stringify({ customers: { url, idField: 'id' } }));
    expect(migrate(body(`  event.poller.configuration: ${string} # as answered`), 'object').text).toBe(
      body(
        '  event.poller.configuration:',
        '    customers:',
        `      url: ${JSON.stringify(url)}`,
        '      idField: id # as answered',
      ),
    );
  });

  test('has no place for comments in a string', () => {
    const lines = [
      '  event.poller.configuration:',
      ...customersEntry,
      '      # a comment',
      '      # and one more',
      '      pageSize: 50 # another',
    ];
    expect(() => migrate(body(...lines), 'string')).toThrow('holds 2 comments');
  });
});

describe('the legacy Sage API', () => {
  const legacy = [
    '  signature.secret: "${env:S}" # nobody checks it',
    '  apim.subscription.key: "${env:K}"',
    '  country: US # or GB',
    '  oauth.user.refresh_token: "${env:T}"',
    '  event.poller.configuration:',
    ...customersEntry,
  ];

  test('loses what v3.1 has not, and nothing else', () => {
    const { text, changes } = migrate(body(...legacy), 'v3.1');
    expect(text).toBe(body(legacy[2] ?? '', ...legacy.slice(4)));
    expect(changes).toEqual([
      'left out "signature.secret", "apim.subscription.key", "oauth.user.refresh_token"',
    ]);
    expect(migrate(text, 'v3.1')).toMatchObject({ text, changes: [], byHand: [] });
  });

  test('loses it in JSON on one line as well, with the grant code', () => {
    const text = `{"element":{"key":"sageone"},"providerData":{"code":"\${env:C}"},"configuration":{"signature.secret":"\${env:S}","oauth.api.key":"\${env:A}","oauth.api.secret":"\${env:B}","oauth.callback.url":"https://app.example.com","apim.subscription.key":"\${env:K}"}}`;
    expect(migrate(text, 'v3.1').text).toBe(
      `{"element":{"key":"sageone"},"configuration":{"oauth.api.key":"\${env:A}","oauth.api.secret":"\${env:B}","oauth.callback.url":"https://app.example.com"}}`,
    );
  });

  test('leaves a new client, new consent, the business and the country to people', () => {
    const { byHand } = migrate(body(...legacy), 'v3.1');
    expect(byHand.map((task) => task.split(':')[0])).toEqual([
      'New client id and secret',
      'New consent',
      'X-Business',
      'Country "US"',
    ]);
  });

  test('is not what another element speaks', () => {
    const text = body(...legacy).replace('sageone', 'shop');
    expect(migrate(text, 'v3.1')).toMatchObject({ text, changes: [] });
  });
});

function migrate(
  text: string,
  name: MigrationName,
  syntax: 'yaml' | 'json' = text.startsWith('{') ? 'json' : 'yaml',
) {
  return migrateText(lintText(text, { syntax }), name, { syntax });
}
