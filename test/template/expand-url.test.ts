import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { encodeLiteral } from '../../src/template/encode-url.ts';
import { expandUrl } from '../../src/template/expand-url.ts';

const sinceMs = Date.parse('2026-11-23T10:15:07.042Z');
const nowMs = Date.parse('2026-11-23T10:30:00Z');
const times = { sinceMs, nowMs };

describe('expandUrl', () => {
  test.each([
    ["${date:yyyy-MM-dd'T'HH:mm:ss'Z'}", '2026-11-23T10:15:07Z'],
    ['${gmtDate:MM/dd/yyyy HH:mm:ss}', '11/23/2026 10:15:07'],
    ['${dateTimeZone:America/New_York:HH:mmXXX}', '05:15-05:00'],
    ['${dateTimeZone:PST:HH:mmZ}', '02:15-0800'],
    ['${dateTimeZone:-8:00:HH:mmXXX}', '10:15Z'],
    ['${dateTimeZone:GMT-8:00:HH:mmXXX}', '02:15-08:00'],
    ['${dateTimeZone:{TimeZone}:yyyy-MM-dd HH:mm}', '2026-11-23 10:15'],
    ['${now:HH:mm}', '10:30'],
    ['${nowTimeZone:GMT:HH:mm}', '10:30'],
    ['${epoch}', '1795428907042'],
    ['${epoch:ms}', '1795428907042'],
    ['${epoch:s}', '1795428907'],
    ['${epoch:us}', '1795428907042000'],
    ['${milliseconds}', '1795428907042'],
    ['$<epoch:s>', '1795428907'],
    ['${date}', '2026-11-23T10:15:07Z'],
    ['a=${date:yyyy}&b=${now:mm}', 'a=2026&b=30'],
    ['${dat:yyyy} ${date:yyyy}', '${dat:yyyy} 2026'],
  ])('makes %s %s', (template, expanded) => {
    expect(expandUrl(template, times).expanded).toBe(expanded);
  });

  test('writes date and now in the zone of the platform, and gmtDate in GMT', () => {
    const { expanded } = expandUrl('${date:HH} ${now:HH} ${gmtDate:HH}', { ...times, zone: 'Asia/Tokyo' });
    expect(expanded).toBe('19 19 10');
  });

  test.each([
    ['milliseconds', '1795428907042'],
    ['yyyy-MM-dd', '2026-11-23'],
    ['', '2026-11-23T10:15:07Z'],
  ])('writes a bare date in the date format "%s" of the entry', (updatedDateFormat, expanded) => {
    expect(expandUrl('${date}', { ...times, updatedDateFormat }).expanded).toBe(expanded);
  });

  test('leaves a bare date alone when the date format of the entry is broken', () => {
    const { expanded, pieces } = expandUrl('${date}', { ...times, updatedDateFormat: "yyyy'" });
    expect(expanded).toBe('${date}');
    expect(pieces[0]?.kind).toBe('broken');
  });

  test('explains every piece', () => {
    const { pieces } = expandUrl("a='${date:yyyy'T'ss}'", times);
    const [, template] = pieces;
    expect(template).toMatchObject({
      kind: 'template',
      text: '2026T07',
      meaning: "the time of the last poll, in the platform's own zone",
    });
    expect(template?.kind === 'template' ? template.explained : []).toEqual([
      { source: 'yyyy', text: '2026', meaning: 'year', start: 0, end: 4 },
      { source: "'T'", text: 'T', meaning: 'written as it is', start: 4, end: 7 },
      { source: 'ss', text: '07', meaning: 'second', start: 7, end: 9 },
    ]);
  });

  test.each([
    [
      "/x?where=a>='${dateTimeZone:Asia/Tokyo:yyyy-MM-dd'T'HH:mm:ssXXX}' and b='c,d'",
      '/x?where=a%3E=%272026-11-23T19:15:07%2B09:00%27%20and%20b=%27c,d%27',
    ],
    ["/x?where=a%3E%27${date:yyyy}%27%20AND%20b='1'", '/x?where=a%3E%272026%27%20AND%20b=%271%27'],
    ["/é?where=a='100%' and b='1+1'#", '/%C3%A9?where=a=%27100%25%27%20and%20b=%271%2B1%27%23'],
    ["/x?a=${date:'&=%41?#'yyyy}&b=1", '/x?a=%26%3D%2541%3F%232026&b=1'],
    ['/x?a=\uD800', '/x?a=%EF%BF%BD'],
  ])('encodes %s', (template, encoded) => {
    expect(expandUrl(template, times).encoded).toBe(encoded);
  });

  const url = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[/?&=%'$ {}a-f0-9+]{0,30}$/));

  test('encodes to the characters that a request line may hold, and twice is once', () => {
    fc.assert(
      fc.property(url, (text) => {
        const encoded = encodeLiteral(text);
        expect(encoded).toMatch(/^(?:[\w\-.~/?&=:,;@!$*()[\]]|%[0-9A-Fa-f]{2})*$/);
        expect(encodeLiteral(encoded)).toBe(encoded);
      }),
    );
  });

  test('never changes a character outside a template', () => {
    const templates = fc.constantFrom(
      '${date:yyyy}',
      "${gmtDate:HH'}'mm}",
      '${epoch:s}',
      '$<now>',
      '${dateTimeZone:PST:Z}',
    );
    // Literal text that could open a template would make another template.
    const literal = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('$', 'S'));
    fc.assert(
      fc.property(fc.array(fc.tuple(literal, templates)), literal, (pairs, tail) => {
        const { expanded } = expandUrl(pairs.flat().join('') + tail, times);
        const expected =
          pairs.map(([text, template]) => text + expandUrl(template, times).expanded).join('') + tail;
        expect(expanded).toBe(expected);
      }),
    );
  });
});
