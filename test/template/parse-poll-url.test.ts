import { existsSync, readFileSync } from 'node:fs';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { expandUrl } from '../../src/template/expand-url.ts';
import { parsePollUrl } from '../../src/template/parse-poll-url.ts';
import type { WhereNode } from '../../src/template/where-clause.ts';

const stamp = "${date:yyyy-MM-dd'T'HH:mm:ss'Z'}";

function conditionsOf(clause: string): readonly string[] {
  const { where } = parsePollUrl(`/hubs/x?where=${clause}`);
  return (where?.conditions ?? []).map(({ name, operator, values }) =>
    [name.name, operator?.operator, ...values.map(({ value }) => value)].join(' '),
  );
}

function faultsOf(url: string): readonly (readonly [code: string, covered: string])[] {
  return parsePollUrl(url).faults.map(({ code, start, end }) => [code, url.slice(start, end)]);
}

describe('parsePollUrl', () => {
  test('takes a URL apart', () => {
    const url = `/hubs/crm/contacts?where=a>'${stamp}'&orderBy=b desc&pageSize=20&raw`;
    const { path, parameters, where, templates, faults } = parsePollUrl(url);
    expect(path.text).toBe('/hubs/crm/contacts');
    expect(parameters.map(({ name, value }) => [name.text, value?.text])).toEqual([
      ['where', `a>'${stamp}'`],
      ['orderBy', 'b desc'],
      ['pageSize', '20'],
      ['raw', undefined],
    ]);
    for (const { name, value } of parameters) {
      expect(url.slice(name.start, name.end)).toBe(name.text);
      expect(value === undefined ? undefined : url.slice(value.start, value.end)).toBe(value?.text);
    }
    expect(where?.text).toBe(`a>'${stamp}'`);
    expect(templates.map(({ source }) => source)).toEqual([stamp]);
    expect(faults).toEqual([]);
  });

  test('reads a template before it looks for the question mark', () => {
    const { path, parameters } = parsePollUrl("/x/${date:yyyy'?a=b&c'}?d=e");
    expect(path.text).toBe("/x/${date:yyyy'?a=b&c'}");
    expect(parameters.map(({ name }) => name.text)).toEqual(['d']);
  });
});

describe('a where clause', () => {
  test.each([
    [
      `a>='${stamp}' and attributes='created_at,updated_at'`,
      [`a >= ${stamp}`, 'attributes = created_at,updated_at'],
    ],
    ["a='1' AND b!=2 or c<>3", ['a = 1', 'b != 2', 'c  3']],
    ['a<1 and b>2 and c<=3 and d>=4', ['a < 1', 'b > 2', 'c <= 3', 'd >= 4']],
    ["a LIKE '%x%' and b like 'y%'", ['a LIKE %x%', 'b LIKE y%']],
    ["a IN ('x','y') and b in (1, 2)", ['a IN x y', 'b IN 1 2']],
    ['a IS NULL and b is  not null', ['a IS NULL', 'b IS NOT NULL']],
    ["`metaData.lastUpdateTime`>'1'", ['metaData.lastUpdateTime > 1']],
    [`'Modified Time'>='${stamp}'`, [`Modified Time >= ${stamp}`]],
    ["(a=1 or (b=2)) and c='d'", ['a = 1', 'b = 2', 'c = d']],
    ['lastModifiedDate>${epoch}', ['lastModifiedDate > ${epoch}']],
    ['mdate>=2017-02-28T16:11:29-06:00', ['mdate >= 2017-02-28T16:11:29-06:00']],
    ["a='O''Brien' and b=1", ["a = O''Brien", 'b = 1']],
    ["<UpdateColumnName>>='1'", ['<UpdateColumnName> >= 1']],
    ["direction = 'desc'", ['direction = desc']],
    ["android='1' or orange='2'", ['android = 1', 'orange = 2']],
    ['category%20IS%20NOT%20NULL', ['category IS NOT NULL']],
    [`a%3E%27${stamp}%27%20AND%20b=%271%27`, [`a > ${stamp}`, 'b = 1']],
    ["a='%ab%'", ['a = %ab%']],
  ])('%s has its conditions', (clause, conditions) => {
    expect(conditionsOf(clause)).toEqual(conditions);
  });

  test('binds and closer than or, and parentheses closest', () => {
    const show = (node: WhereNode | undefined): string => {
      if (node === undefined) return '';
      return node.kind === 'condition'
        ? node.name.name
        : `(${node.operands.map(show).join(` ${node.kind} `)})`;
    };
    expect(show(parsePollUrl('/x?where=a=1 or b=2 and c=3').where?.root)).toBe('(a or (b and c))');
    expect(show(parsePollUrl('/x?where=(a=1 or b=2) and c=3').where?.root)).toBe('((a or b) and c)');
  });

  test('tells instructions to the connector from fields', () => {
    const { where } = parsePollUrl("/x?where=a='1' and attributes='b' and fetchChanges='true'");
    expect(where?.conditions.map(({ isPseudo }) => isPseudo)).toEqual([false, true, true]);
  });
});

describe('one mistake is one fault', () => {
  test.each([
    [
      `/x?where=a>='${stamp}' and attributes='created_at,updated_at`,
      'unclosed-quote',
      "'created_at,updated_at",
    ],
    [`/x?where=a>='${stamp} and attributes='created_at,updated_at'`, 'unclosed-quote', `'${stamp}`],
    [`/x?where=a>='${stamp}`, 'unclosed-quote', `'${stamp}`],
    [`/x?where=a>='${stamp}&pageSize=10`, 'unclosed-quote', `'${stamp}`],
    ["/x?where=a>='2026-01-01 and b=3", 'unclosed-quote', "'2026-01-01"],
    [`/x?where=a>='${stamp}''`, 'doubled-quote', "'"],
    [`/x?where=a>='${stamp}'' and b='c'`, 'doubled-quote', "'"],
    ["/hubs/general/contacts}'", 'trailing-junk', "}'"],
    ["/x?updateKey={updateKey}'", 'trailing-junk', "'"],
    ['/x?where=', 'empty-where', ''],
    ['/x?where=  &page=1', 'empty-where', '  '],
    ['', 'empty-url', ''],
    [' /x', 'stray-blank', ' '],
    ['/x ', 'stray-blank', ' '],
    ['/x?where=a=1\n and b=2', 'stray-blank', '\n'],
    ["/x?where= a='b'", 'stray-blank', ' '],
    ["/x?where=a='b & c'&page=2", 'ampersand-in-value', '&'],
    ["/x?where=a>'{gmtDate:yyyy-MM-dd'T'HH:mm}' and b=1", 'unopened-template', '{gmtDate'],
    ["/x?where=a>'$gmtDate:yyyy-MM-dd'T'HH:mm}' and b=1", 'unopened-template', '$gmtDate'],
    ["/x?where=a>'{epoch}'", 'unopened-template', '{epoch'],
    ["/x/contactswhere=a>'1'", 'missing-question-mark', "where=a>'1'"],
    ['/x/contacts&orderBy=a desc', 'missing-question-mark', '&orderBy=a desc'],
    ['/x/{objectName?where=a=1', 'unclosed-placeholder', '{objectName'],
    ["/x?wherea>'1'", 'missing-equals', 'where'],
    ["/x?wherea='1'", 'missing-equals', 'where'],
    ['/x?where', 'missing-equals', 'where'],
    ["/x?where=a'1' and b=2", 'missing-operator', 'a'],
    ['/x?where=a==1', 'unknown-operator', '=='],
    ['/x?where=a gt 1', 'unknown-operator', 'gt'],
    ['/x?where=a=>1', 'unknown-operator', '=>'],
    ['/x?where=a and b=1', 'missing-operator', 'a'],
    ['/x?where=a= and b=1', 'missing-value', '='],
    ['/x?where=a=1 and', 'missing-condition', 'and'],
    ['/x?where=and b=2', 'missing-condition', 'and'],
    ['/x?where=a=1 or ()', 'missing-condition', '('],
    ['/x?where=(a=1 and b=2', 'unclosed-parenthesis', '('],
    [`/x?where=${'('.repeat(60)}a=1${')'.repeat(60)}`, 'too-deep', `${'('.repeat(10)}a=1${')'.repeat(60)}`],
    ['/x?where=a in (1,2', 'unclosed-parenthesis', '('],
    ['/x?where=a=1) and b=2', 'unexpected-text', ')'],
    ["/x?where=a='b' c='d' and e=1", 'unexpected-text', "c='d'"],
    [`/x?where=a>='${stamp}' '`, 'unexpected-text', "'"],
  ])('%j: %s', (url, code, covered) => {
    expect(faultsOf(url)).toEqual([[code, covered]]);
  });

  test.each([
    [`/x?where=a>='${stamp}' and attributes='b,c`, `/x?where=a>='${stamp}' and attributes='b,c'`],
    [`/x?where=a>='${stamp} and attributes='b'`, `/x?where=a>='${stamp}' and attributes='b'`],
    [`/x?where=a>='${stamp}  `, `/x?where=a>='${stamp}'  `],
    ['/x?where=(a=1 and b=2', '/x?where=(a=1 and b=2)'],
    ["/x?where=a in ('1','2'", "/x?where=a in ('1','2')"],
  ])('the closing character of %s belongs where the fault says', (url, repaired) => {
    const fault = parsePollUrl(url).faults.find((candidate) => 'insertAt' in candidate);
    if (fault?.code !== 'unclosed-quote' && fault?.code !== 'unclosed-parenthesis')
      throw new Error('no such fault');
    const closer = fault.code === 'unclosed-quote' ? fault.quote : ')';
    expect(url.slice(0, fault.insertAt) + closer + url.slice(fault.insertAt)).toBe(repaired);
  });

  test('an unclosed quote says which one and what was expected', () => {
    const [fault] = parsePollUrl("/x?where=attributes='created_at,updated_at").faults;
    expect(fault?.message).toBe(
      "the value 'created_at,updated_at has no closing quote: expected ' at its end",
    );
  });

  test('reading goes on behind a fault', () => {
    expect(conditionsOf("a='1'' and b='2 and c='3'")).toEqual(['a = 1', 'b = 2', 'c = 3']);
    expect(conditionsOf("a='b' junk and c='d'")).toEqual(['a = b', 'c = d']);
  });
});

describe('any URL', () => {
  test('is read, with every range within it', () => {
    const pieces = fc.constantFrom(
      '/x',
      '?',
      'where=',
      "'",
      '"',
      '`',
      ' and ',
      ' or ',
      '(',
      ')',
      '=',
      '>=',
      '&',
      'a',
      '1',
      stamp,
      '${date',
      '}',
      '%27',
      '%',
      ' in ',
      ',',
      ' is null',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces, { maxLength: 30 }).map((list) => list.join('')),
        ),
        (url) => {
          const { faults, where, parameters } = parsePollUrl(url);
          const conditions = where?.conditions ?? [];
          for (const { start, end } of [...faults, ...parameters, ...conditions]) {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(end).toBeGreaterThanOrEqual(start);
            expect(end).toBeLessThanOrEqual(url.length);
          }
          for (const { name } of conditions) expect(url.slice(name.start, name.end)).toBe(name.text);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

const corpus = new URL('../../../shared/corpus/entries.jsonl', import.meta.url);

describe.skipIf(!existsSync(corpus))('every URL of the corpus', () => {
  const urls = existsSync(corpus)
    ? readFileSync(corpus, 'utf8')
        .trim()
        .split('\n')
        // One object of this shape a line.
        .map((line) => (JSON.parse(line) as { readonly entry: { readonly url: string } }).entry.url)
    : [];
  /** What is wrong in it, with the text that each fault covers. */
  const broken = new Set(['unknown-variable 518862600', "unclosed-quote 'created_at,updated_at"]);

  test('expands, or has a fault that names the exact text', () => {
    expect(urls.length).toBeGreaterThan(70);
    const faults = urls.flatMap((url) => faultsOf(url)).map(([code, covered]) => `${code} ${covered}`);
    expect(new Set(faults)).toEqual(broken);
    for (const url of urls) {
      const { expanded, pieces } = expandUrl(url, {
        sinceMs: 0,
        nowMs: 1,
        updatedDateFormat: 'milliseconds',
      });
      const isBroken = pieces.some(({ kind }) => kind === 'broken');
      expect([url, expanded.includes('${')]).toEqual([url, isBroken]);
      expect([url, isBroken]).toEqual([url, url.includes('518862600')]);
    }
  });
});
