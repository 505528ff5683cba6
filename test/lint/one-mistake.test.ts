import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLineIndex } from '../../src/input/line-index.ts';
import { fixText } from '../../src/lint/fix-text.ts';
import { lintText } from '../../src/lint/lint-text.ts';
import type { Problem } from '../../src/problem/problem.ts';

const fixtures = resolve(import.meta.dirname, '../../fixtures');

/** What a hand does to the clean file, and the one problem that it is: `severity rule`, and its place between ⟦ and ⟧. */
type Mistake = readonly [written: string, instead: string, says: string, at: string];

const datesOfCustomers = `datesConfiguration:
        updatedDateField: updated_at
        updatedDateFormat: "yyyy-MM-dd'T'HH:mm:ss'Z'"
        updatedDateTimezone: GMT
        createdDateField: created_at
        createdDateFormat: "yyyy-MM-dd'T'HH:mm:ss'Z'"
        createdDateTimezone: GMT`;

const inYaml: readonly Mistake[] = [
  // Quotes and templates
  ['updated_at\'"\n', 'updated_at"\n', 'error unbalanced-url-quote', 'attributes=⟦\'created_at,updated_at⟧"'],
  ["'Z'}' and", "'Z'}'' and", 'error unbalanced-url-quote', "'Z'}'⟦'⟧ and"],
  ["'Z'}' and", "'Z'} and", 'error unbalanced-url-quote', "⟦'${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}⟧ and"],
  ["'Z'}' and", "'Z''}' and", 'error invalid-date-pattern', "ss⟦'Z''⟧}' and"],
  ["'Z'}' and", "'Z' and", 'error malformed-template', "⟦${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z⟧' and"],
  [
    "'${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'",
    "’${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}’",
    'error typographic-quote',
    ">=⟦’${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}’⟧ and",
  ],
  ['${gmtDate:', '{gmtDate:', 'error malformed-template', "'⟦{gmtDate⟧:"],
  ['${gmtDate:', '${dateTimeZone:', 'error malformed-template', '${⟦dateTimeZone⟧:yyyy'],
  ['${gmtDate:', '${gmtdate:', 'error template-variable-case', '${⟦gmtdate⟧:'],
  ['${gmtDate:', '${gmDate:', 'error unknown-template-variable', '${⟦gmDate⟧:'],
  ['${gmtDate:', '${date:', 'info literal-z-not-utc', "ss⟦'Z'⟧}"],
  ['${gmtDate:', '${dateTimeZone:America/Denver:', 'warning literal-z-not-utc', "ss⟦'Z'⟧}"],
  ['${gmtDate:yyyy-MM', '${gmtDate:yyyy-mm', 'error suspicious-date-pattern', 'yyyy-⟦mm⟧-dd'],
  ['${gmtDate:yyyy-MM', '${gmtDate:YYYY-MM', 'error suspicious-date-pattern', '${gmtDate:⟦YYYY⟧-MM'],
  ["dd'T'HH:mm:ss'Z'}", "dd'T'hh:mm:ss'Z'}", 'error suspicious-date-pattern', "'T'⟦hh⟧:mm"],
  ["dd'T'HH:mm:ss'Z'}", "ddTHH:mm:ss'Z'}", 'error invalid-date-pattern', 'dd⟦T⟧HH'],

  // The query
  ['lastModifiedDate>=', 'lastModifiedDate=>', 'error where-syntax', 'lastModifiedDate⟦=>⟧'],
  ['lastModifiedDate>=', 'lastModifiedDate>', 'info where-operator', "lastModifiedDate⟦>⟧'"],
  ['lastModifiedDate>=', 'lastModifiedDate=', 'warning where-operator', "lastModifiedDate⟦=⟧'"],
  [
    'lastModifiedDate>=',
    'lastModifiedDate<',
    'error unsupported-sage-query',
    "where=⟦lastModifiedDate<'${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'⟧ and",
  ],
  ['lastModifiedDate>=', 'updated_at>=', 'error unsupported-sage-query', 'where=⟦updated_at⟧>='],
  ['lastModifiedDate>=', 'lastModifedDate>=', 'error unsupported-sage-query', 'where=⟦lastModifedDate⟧>='],
  ["attributes='", "attribute='", 'error unsupported-sage-query', "and ⟦attribute⟧='"],
  [
    ' and attributes',
    ' or attributes',
    'error unsupported-sage-query',
    "where=⟦lastModifiedDate>='${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}' or attributes='created_at,updated_at'⟧\"",
  ],
  [' and attributes', ' && attributes', 'error where-syntax', "'Z'}' ⟦&&⟧ attributes="],
  ["'created_at,updated_at'", "'created_at'", 'error missing-attributes', "⟦attributes='created_at'⟧"],
  ['?where=', ' ?where=', 'warning not-a-hub-path', 'customers⟦ ⟧?where'],
  ['?where=', '?where ', 'error url-syntax', '?⟦where⟧ last'],
  [
    "${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}",
    '2026-11-23T10:00:00Z',
    'warning hard-coded-date',
    "'⟦2026-11-23T10:00:00Z⟧'",
  ],
  [
    "lastModifiedDate>='${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}' and ",
    '',
    'warning no-change-filter',
    "where=⟦attributes='created_at,updated_at'⟧\"",
  ],
  ['_at\'"\n', '_at\'&page=1"\n', 'warning unsupported-sage-query', '_at\'&⟦page=1⟧"'],
  [
    '_at\'"\n',
    '_at\'&orderBy=updated_at desc"\n',
    'warning unsupported-sage-query',
    '_at\'&⟦orderBy=updated_at desc⟧"',
  ],

  // The path and the name
  ['/hubs/finance/customers', '/hubs/crm/customers', 'error wrong-hub', '/hubs/⟦crm⟧/customers'],
  ['/hubs/finance/customers', '/hub/finance/customers', 'error not-a-hub-path', '"⟦/hub/finance/customers⟧?'],
  ['/hubs/finance/customers', 'hubs/finance/customers', 'error not-a-hub-path', '"⟦hubs/finance/customers⟧?'],
  ['/hubs/finance/customers', '/customers', 'error not-a-hub-path', '"⟦/customers⟧?'],
  ['/hubs/finance/customers', '/hubs/finance/custmers', 'error unknown-resource', 'finance/⟦custmers⟧?'],
  [
    '/hubs/finance/invoices',
    '/hubs/finance/sales_invoices',
    'error unknown-resource',
    'finance/⟦sales_invoices⟧?',
  ],
  [
    '/hubs/finance/invoices',
    '/hubs/finance/customers',
    'warning clone-drift',
    'invoices:\n      url: "/hubs/finance/⟦customers⟧?',
  ],
  ['    invoices:\n', '    bills:\n', 'info resource-url-mismatch', '⟦bills⟧:\n'],
  ['    invoices:\n', '    customers:\n', 'error duplicate-key', 'GMT\n    ⟦customers⟧:\n'],
  ['    invoices:\n', '      invoices:\n', 'error nested-entry', '      ⟦invoices⟧:\n'],
  ['    invoices:\n      url', '  invoices:\n      url', 'error misplaced-key', '\n  ⟦invoices⟧:\n'],

  // The entry
  ['idField: id', 'IdField: id', 'error unknown-key', '⟦IdField⟧: id'],
  ['idField: id', 'idfeild: id', 'error unknown-key', '⟦idfeild⟧: id'],
  ['idField: id', 'idField: ""', 'warning blank-id-field', 'idField: ⟦""⟧'],
  ['      idField: id\n', '', 'warning missing-id-field', '    ⟦customers⟧:'],
  ['idField: id', 'idField: id\n      pageSize: -5', 'error invalid-value', 'pageSize: ⟦-5⟧'],
  [
    'idField: id',
    'idField: id\n      filterByUpdatedDate: maybe',
    'error wrong-type',
    'filterByUpdatedDate: ⟦maybe⟧',
  ],
  [
    'idField: id',
    'idField: id\n      event.poller.refresh_interval: 5',
    'error misplaced-key',
    '      ⟦event.poller.refresh_interval⟧: 5',
  ],
  ['idField: id', 'idField: ID', 'error misspelt-record-field', 'idField: ⟦ID⟧'],
  [
    'updatedDateField: updated_at',
    'updatedDateField: updatedAt',
    'error misspelt-record-field',
    'updatedDateField: ⟦updatedAt⟧',
  ],
  ['idField: id', 'idField: id\n      pageSize: 1000', 'warning page-size-limit', 'pageSize: ⟦1000⟧'],
  ['datesConfiguration:', 'dateConfiguration:', 'error unknown-key', '⟦dateConfiguration⟧:'],
  [
    '      datesConfiguration:\n',
    '      updatedDateTimezone: MST\n      datesConfiguration:\n',
    'error misplaced-key',
    '      ⟦updatedDateTimezone⟧: MST',
  ],
  [
    'updatedDateTimezone: GMT',
    'createdCheckTolerance: 5',
    'warning misplaced-key',
    '⟦createdCheckTolerance⟧: 5',
  ],
  ['updatedDateTimezone: GMT', 'UpdatedDateTimezone: GMT', 'error unknown-key', '⟦UpdatedDateTimezone⟧: GMT'],
  ['updatedDateTimezone: GMT', 'updatedDateTimezone: PTZ', 'error unknown-timezone', 'Timezone: ⟦PTZ⟧'],
  [
    'updatedDateField: updated_at',
    'updatedDateField: created_at',
    'warning same-date-field',
    'updatedDateField: ⟦created_at⟧',
  ],
  [
    'createdDateField: created_at',
    'createdDateField: updated_at',
    'warning same-date-field',
    'createdDateField: ⟦updated_at⟧',
  ],
  ['updatedDateField: updated_at\n        ', '', 'warning missing-dates', '⟦datesConfiguration⟧:'],
  [
    "updatedDateFormat: \"yyyy-MM-dd'T'HH:mm:ss'Z'\"",
    "updatedDateFormat: \"yyyy-MM-dd'T'HH:mm:ss'Z\"",
    'error invalid-date-pattern',
    'ss⟦\'Z⟧"',
  ],

  ['idField: id', 'idField:id', 'error syntax', '⟦idField:⟧id'],
  ['      idField: id\n', '     idField: id\n', 'error syntax', '     ⟦idField⟧: id'],
  [
    '      url: "/hubs/finance/cust',
    '      path: "/hubs/finance/cust',
    'error unknown-key',
    '⟦path⟧: "/hubs',
  ],
  ['datesConfiguration:', 'datesConfig:', 'error unknown-key', '⟦datesConfig⟧:'],
  [
    datesOfCustomers,
    datesOfCustomers.replaceAll('\n  ', '\n'),
    'error misplaced-key',
    '⟦datesConfiguration⟧:',
  ],
  [
    datesOfCustomers,
    datesOfCustomers.replace('datesConfiguration:\n        ', '').replaceAll('\n  ', '\n'),
    'error misplaced-key',
    '⟦updatedDateField⟧: updated_at',
  ],
  ['updatedDateField: updated_at', 'updatedDateField:', 'error wrong-type', '⟦updatedDateField⟧:\n'],
  ['idField: id', 'idField: *id', 'error undefined-alias', 'idField: ⟦*id⟧'],

  // The body
  ['key: sageone', 'key: SageOne', 'error misspelt-element', 'key: ⟦SageOne⟧'],
  ['name: sage-accounting', 'name: 2026-11-23', 'warning yaml-1-1-type', 'name: ⟦2026-11-23⟧ #'],
  [
    'name: sage-accounting',
    'business: 7d1810\nname: sage-accounting',
    'error misplaced-key',
    '⟦business⟧: 7d1810',
  ],
  ['  oauth.callback.url: https://app.example.com/oauth\n', '', 'error missing-key', '⟦configuration⟧:\n'],
  ['configuration:\n  # The', 'configuraton:\n  # The', 'error unknown-key', '⟦configuraton⟧:\n'],
  ['country: GB', 'country: US', 'warning retired-sage-country', 'country: ⟦US⟧'],
  ['country: GB', 'country: UK', 'warning unknown-country', 'country: ⟦UK⟧'],
  ['country: GB', 'country: NO', 'warning yaml-1-1-type', 'country: ⟦NO⟧'],
  ['country: GB', 'county: GB', 'warning unknown-key', '⟦county⟧: GB'],
  [
    'country: GB',
    'apim.subscription.key: 0123456789abcdef',
    'warning retired-sage-api',
    'key: ⟦0123456789abcdef⟧',
  ],
  [
    'country: GB',
    'signature.secret: 0123456789abcdef',
    'warning signature-secret-unused',
    'secret: ⟦0123456789abcdef⟧',
  ],
  ['"${env:SAGE_CLIENT_SECRET}"', '0123456789abcdef', 'warning literal-secret', 'secret: ⟦0123456789abcdef⟧'],
  ['"${env:CALLBACK_SIGNATURE_KEY}"', '"12345"', 'warning weak-signature-key', 'key: ⟦"12345"⟧'],
  [
    '  event.notification.signature.key: "${env:CALLBACK_SIGNATURE_KEY}"\n',
    '',
    'info signature-key-missing',
    '⟦event.notification.callback.url⟧:',
  ],
  [
    'https://app.example.com/events',
    'https;//app.example.com/events',
    'error invalid-callback',
    ' ⟦https;//⟧app',
  ],
  [
    'https://app.example.com/events',
    'http://app.example.com/events',
    'warning insecure-callback',
    ' ⟦http:⟧//app',
  ],
  ['https://app.example.com/events', '"false"', 'warning missing-callback', 'url: ⟦"false"⟧'],
  ['https://app.example.com/events', '<YOUR_URL>', 'error placeholder-value', 'url: ⟦<YOUR_URL>⟧'],
  [
    'https://app.example.com/events',
    'https://localhost/events',
    'warning private-callback',
    '//⟦localhost⟧/',
  ],
  [
    'https://app.example.com/events',
    'http://127.0.0.1:80/e',
    'warning private-callback',
    '//⟦127.0.0.1⟧:80/',
  ],
  ['https://app.example.com/events', 'https://[::1]/e', 'warning private-callback', '//⟦[::1]⟧/'],
  ['https://app.example.com/events', 'https://192.168.1.5/e', 'warning private-callback', '//⟦192.168.1.5⟧/'],
  ['https://app.example.com/events', 'https://box.local/e', 'warning private-callback', '//⟦box.local⟧/'],
  [
    'https://app.example.com/events',
    'https://a.example.com,https://b.example.com',
    'error invalid-callback',
    '⟦,https://b.example.com⟧',
  ],
  ['enabled: true', 'enabled: false', 'warning events-disabled', 'enabled: ⟦false⟧'],
  ['element:\n  key: sageone', 'element: sageone', 'error wrong-type', 'element: ⟦sageone⟧'],
  ['element:\n  key: sageone', 'element.key: sageone', 'error unknown-key', '⟦element.key⟧: sageone'],
  ['.notification.enabled:', '.notification.enable:', 'error unknown-key', '⟦event.notification.enable⟧:'],
  [
    'event.notification.enabled:',
    'eventNotificationEnabled:',
    'error unknown-key',
    '⟦eventNotificationEnabled⟧:',
  ],
  ['event.notification.enabled:', 'notification.enabled:', 'warning unknown-key', '⟦notification.enabled⟧:'],
  ['event.notification.enabled:', 'event:\n    notification.enabled:', 'error unknown-key', '⟦event⟧:'],
  [
    'notification.callback.url: https',
    'notification.callback.uri: https',
    'error unknown-key',
    '⟦event.notification.callback.uri⟧:',
  ],
  ['enabled: true', 'enabled: yes', 'error wrong-type', 'enabled: ⟦yes⟧'],
  [
    'enabled: true',
    'enabled: true\n  event.vendor.type: webhook',
    'warning poller-with-webhook',
    'type: ⟦webhook⟧',
  ],
  ['refresh_interval: 15', 'refresh_interval: 0', 'error interval-range', 'interval: ⟦0⟧ #'],
  ['refresh_interval: 15', 'refresh_interval: 015', 'warning yaml-1-1-type', 'interval: ⟦015⟧ #'],
  ['refresh_interval:', 'refreshInterval:', 'error unknown-key', '⟦event.poller.refreshInterval⟧:'],
  [
    '  event.poller.configuration:\n',
    '  event.poller.urls: contacts|leads\n  event.poller.configuration:\n',
    'warning legacy-poller-urls',
    '⟦event.poller.urls⟧: c',
  ],
  [
    'element:\n',
    'providerData: {code: GB/0123}\nelement:\n',
    'warning stored-grant-code',
    'code: ⟦GB/0123⟧}',
  ],
];

const inJson: readonly Mistake[] = [
  ['"idField": "id",', '"idField": "id"', 'error syntax', '"id⟦"⟧\n'],
  ['"GB",', '"GB",,', 'error syntax', '"GB",⟦,⟧'],
  ['"configuration": {', '"configuration": {,', 'error syntax', '{⟦,⟧'],
  ['"name":', '“name”:', 'error syntax', '⟦“name”⟧'],
  [
    '"idField": "id",',
    '"idField": "id", "idField": "key",',
    'error duplicate-key',
    '"id", ⟦"idField"⟧: "key"',
  ],
  ["'Z'}'", "'Z'}", 'error unbalanced-url-quote', "⟦'${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}⟧ and"],
  ['refresh_interval": 15', 'refresh_interval": 015', 'error syntax', ': ⟦015⟧'],
  ['{\n', '```json\n{\n', 'error syntax', '⟦```⟧json'],
  [
    '"${env:SAGE_CLIENT_SECRET}"',
    '"${SAGE_CLIENT_SECRET}"',
    'warning literal-secret',
    '⟦"${SAGE_CLIENT_SECRET}"⟧',
  ],
  [
    '"${env:SAGE_CLIENT_SECRET}"',
    '"$SAGE_CLIENT_SECRET"',
    'warning literal-secret',
    '⟦"$SAGE_CLIENT_SECRET"⟧',
  ],
  ['refresh_interval": 15', 'refresh_interval": "<minutes>"', 'error placeholder-value', '"⟦<minutes>⟧"'],
  ['refresh_interval": 15', 'refresh_interval": "0"', 'error interval-range', ': ⟦"0"⟧'],
  ['"country": "GB"', '"country": "GBR"', 'error invalid-value', ': ⟦"GBR"⟧'],
  ['finance/invoices', 'finance/Invoices', 'error unknown-resource', 'finance/⟦Invoices⟧'],
  [
    '"updatedDateTimezone": "GMT"',
    '"createdCheckTolerance": 5',
    'warning misplaced-key',
    '⟦"createdCheckTolerance"⟧: 5',
  ],
  ['"name":', '"providerData": {"code": "GB/0123"},\n  "name":', 'warning stored-grant-code', '⟦"GB/0123"⟧'],
];

describe.each([
  ['clean.yaml', inYaml],
  ['clean.json', inJson],
] as const)('one mistake in %s', (file, mistakes) => {
  const clean = readFileSync(resolve(fixtures, 'lint', file), 'utf8');
  const syntax = file === 'clean.json' ? 'json' : 'yaml';

  it('is none before it is made', () => {
    expect(lintText(clean, { syntax }).problems).toEqual([]);
  });

  it.each(mistakes)('%j written as %j is one problem: %s', (written, instead, says, at) => {
    expect(clean).toContain(written);
    const text = clean.replace(written, () => instead);
    const { problems } = lintText(text, { syntax });
    expect(problems.map(({ severity, rule }) => `${severity} ${rule}`)).toEqual([says]);
    for (const { range } of problems) expect(marked(text, range)).toContain(at);
  });

  const fixable = mistakes.filter(([written, instead]) =>
    lintText(
      clean.replace(written, () => instead),
      { syntax },
    ).problems.some(({ fix }) => fix !== undefined),
  );

  it.each(fixable)('%j written as %j is mended without a trace', (written, instead) => {
    const linted = lintText(
      clean.replace(written, () => instead),
      { syntax },
    );
    expect(fixText(linted, { syntax, includeUnsafe: true }).problems).toEqual([]);
  });
});

describe('a file with six mistakes', () => {
  const text = readFileSync(resolve(fixtures, 'lint/six-mistakes.yaml'), 'utf8');
  const lines = createLineIndex(text);

  it('has six problems, at their lines and columns', () => {
    const found = lintText(text, { syntax: 'yaml' }).problems.map(({ rule, range }) => {
      const { line, column } = lines.positionOf(range.start);
      return `${line}:${column} ${rule}`;
    });
    expect(found).toEqual([
      '9:12 unknown-country',
      '11:36 invalid-callback',
      '16:114 unbalanced-url-quote',
      '20:34 suspicious-date-pattern',
      '26:27 unknown-resource',
      '28:7 unknown-key',
    ]);
  });
});

describe('the vendor’s sample', () => {
  const text = readFileSync(resolve(fixtures, 'seed/instance-example.json'), 'utf8');

  it('gives a short list, in which each line is about something else', () => {
    const { problems } = lintText(text, { syntax: 'json' });
    expect(problems.map(describeProblem)).toEqual([
      '/providerData/code warning stored-grant-code',
      '/configuration/oauth.api.key warning literal-secret',
      '/configuration/oauth.api.secret warning literal-secret',
      '/configuration/signature.secret warning signature-secret-unused',
      '/configuration/apim.subscription.key warning retired-sage-api',
      '/configuration/country warning retired-sage-country',
      '/configuration/event.notification.callback.url warning insecure-callback',
      '/configuration/event.poller.configuration/customers/url info literal-z-not-utc',
      '/configuration/event.poller.configuration/customers/url error unbalanced-url-quote',
    ]);
  });
});

function describeProblem({ pointer, severity, rule }: Problem): string {
  return `${pointer} ${severity} ${rule}`;
}

function marked(text: string, { start, end }: Problem['range']): string {
  return `${text.slice(0, start)}⟦${text.slice(start, end)}⟧${text.slice(end)}`;
}
