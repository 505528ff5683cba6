import { describe, expect, it } from 'vitest';
import { lintText } from '../../src/lint/lint-text.ts';
import { parsePollUrl } from '../../src/template/parse-poll-url.ts';
import type { PollUrlFault } from '../../src/template/poll-url.ts';

/** One URL for each way in which a URL can be broken, and the one rule that says so. */
const cases: Record<PollUrlFault['code'], readonly [url: string, rule: string]> = {
  'pattern-too-long': [`/a?where=u>'\${date:${'yyyy-'.repeat(300)}}'`, 'invalid-date-pattern'],
  'unterminated-quote': ["/a?where=u>'${date:yyyy-MM-dd'T}'", 'invalid-date-pattern'],
  'unknown-letter': ["/a?where=u>'${date:yyyy-MM-ddTHH:mm:ss}'", 'invalid-date-pattern'],
  'too-many-letters': ["/a?where=u>'${date:HH:mm:ssXXXX}'", 'invalid-date-pattern'],
  'not-a-pattern': ["/a?where=u>'${date:10 digit integer Unix time}'", 'invalid-date-pattern'],
  'text-too-long': [`/a?where=u>'\${epoch}'&x=${'x'.repeat(20_000)}`, 'malformed-template'],
  'too-many-templates': [`/a?x=${'${epoch}'.repeat(101)}`, 'malformed-template'],
  'unopened-template': ["/a?where=u>'{date:yyyy-MM-dd}'", 'malformed-template'],
  'template-slip': ["/a?where=u>'$${date:yyyy-MM-dd HH:mm}'", 'malformed-template'],
  'unexpected-zone': ["/a?where=u>'${gmtDate:PST:yyyy-MM-dd HH:mm}'", 'malformed-template'],
  'double-ampersand': ["/a?where=u>'${epoch}' && v='1'", 'where-syntax'],
  'where-twice': ["/a?where=u>'${epoch}'&where=v='1'", 'url-syntax'],
  'missing-question-mark': ["/a&where=u>'${epoch}'", 'url-syntax'],
  'where-name': ["/a?Where=u>'${epoch}'", 'url-syntax'],
  'missing-equals': ["/a?where u>'${epoch}'", 'url-syntax'],
  'unclosed-placeholder': ["/a/{id?where=u>'${epoch}'", 'url-syntax'],
  'unclosed-template': ["/a?where=u>'${epoch'", 'malformed-template'],
  'unknown-variable': ["/a?where=u>'${518862600}'", 'unknown-template-variable'],
  'missing-variable': ["/a?where=u>'${yyyy-MM-dd'T'HH:mm:ss'Z'}'", 'unknown-template-variable'],
  'missing-zone': ["/a?where=u>'${dateTimeZone:yyyy-MM-dd}'", 'malformed-template'],
  'swapped-zone': ["/a?where=u>'${dateTimeZone:yyyy-MM-dd HH:mm:PST}'", 'malformed-template'],
  'empty-pattern': ["/a?where=u>'${date:}'", 'malformed-template'],
  'unknown-epoch-unit': ["/a?where=u>'${epoch:h}'", 'malformed-template'],
  'unexpected-argument': ["/a?where=u>'${milliseconds:yyyy}'", 'malformed-template'],
  'keyword-as-pattern': ["/a?where=u>'${date:milliseconds}'", 'malformed-template'],
  'empty-where': ['/a?where=', 'empty-where'],
  'unclosed-quote': ["/a?where=u>'${epoch}", 'unbalanced-url-quote'],
  'doubled-quote': ["/a?where=u>'${epoch}''", 'unbalanced-url-quote'],
  'missing-operator': ["/a?where=u '${epoch}'", 'where-syntax'],
  'unknown-operator': ["/a?where=u=>'${epoch}'", 'where-syntax'],
  'missing-value': ["/a?where=v='1' and u>", 'where-syntax'],
  'missing-condition': ["/a?where=u>'${epoch}' and", 'where-syntax'],
  'unclosed-parenthesis': ["/a?where=(u>'${epoch}'", 'where-syntax'],
  'too-deep': [`/a?where=${'('.repeat(60)}u>'\${epoch}'${')'.repeat(60)}`, 'where-syntax'],
  'unexpected-text': ["/a?where=u>'${epoch}' more", 'where-syntax'],
  'provider-syntax': ["/a?where=u>date'${epoch}'", 'where-syntax'],
  'stray-blank': ["/a?where=u>'${epoch}' ", 'url-whitespace'],
  'empty-url': ['', 'empty-url'],
  'trailing-junk': ["/a?u=${epoch}'", 'trailing-url-text'],
  'ampersand-in-value': ["/a?where=n='A & B' and u>'${epoch}'", 'trailing-url-text'],
};

describe('faults of a URL', () => {
  it.each(Object.entries(cases))('%s is reported once, by one rule', (code, [url, rule]) => {
    expect(parsePollUrl(url).faults.map((fault) => fault.code)).toEqual([code]);
    expect(rulesFor('/contacts/url', { url })).toEqual([rule]);
  });
});

describe('faults of a date pattern', () => {
  const patterns = Object.entries(cases).flatMap(([code, [url, rule]]) => {
    const pattern = /\$\{date:(?<pattern>.*)\}/s.exec(url)?.groups?.['pattern'];
    return rule === 'invalid-date-pattern' && pattern !== undefined ? [[code, pattern] as const] : [];
  });

  it.each(patterns)('%s is reported once for a record as well', (_code, updatedDateFormat) => {
    const datesConfiguration = { updatedDateField: 'u', updatedDateFormat };
    const pointer = '/contacts/datesConfiguration/updatedDateFormat';
    expect(rulesFor(pointer, { url: "/a?where=u>'${epoch}'", datesConfiguration })).toEqual([
      'invalid-date-pattern',
    ]);
  });
});

/** What is said of one value of an entry. */
function rulesFor(about: string, entry: object): readonly string[] {
  const text = JSON.stringify({ contacts: { idField: 'id', ...entry } });
  const { problems } = lintText(text, { kind: 'poller-configuration' });
  return problems.filter(({ pointer }) => pointer === about).map(({ rule }) => rule);
}
