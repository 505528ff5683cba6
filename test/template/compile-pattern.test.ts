import { format as formatLocally } from 'date-fns/format';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { SagecfgError } from '../../src/problem/sagecfg-error.ts';
import { compilePattern, formatDate, parseDate } from '../../src/template/compile-pattern.ts';
import { patternLetters } from '../../src/template/pattern-letters.ts';

const instant = Date.parse('2018-08-20T15:29:06.007Z');

describe('formatDate', () => {
  test.each([
    ["yyyy-MM-dd'T'HH:mm:ssXXX", 'GMT', '2018-08-20T15:29:06Z'],
    ["yyyy-MM-dd'T'HH:mm:ssXXX", 'America/New_York', '2018-08-20T11:29:06-04:00'],
    ["yyyy-MM-dd'T'HH:mm:ssZ", 'GMT', '2018-08-20T15:29:06+0000'],
    ["yyyy-MM-dd'T'HH:mmz", 'GMT', '2018-08-20T15:29GMT'],
    ['ss.SSSSSS', 'GMT', '06.000007'],
    ['yyyy-mm-dd', 'GMT', '2018-29-20'],
    ['MM/dd/yyy', 'GMT', '08/20/2018'],
    ["h 'o''clock' a", 'GMT', "3 o'clock PM"],
    ['EEE, dd MMM yyyy HH:mm:ss z', 'EST', 'Mon, 20 Aug 2018 10:29:06 EST'],
    ['HH:mm zzzz', 'PST', '08:29 Pacific Daylight Time'],
    ['HH:mm z', 'America/Sao_Paulo', '12:29 BRT'],
    ['HH:mm', 'Nowhere/Land', '15:29'],
    ['z, zzzz', 'Etc/GMT0', 'GMT, Greenwich Mean Time'],
    ['z, zzzz', 'Etc/GMT+5', 'GMT-05:00, GMT-05:00'],
    ['z', 'GMT-0', 'GMT-00:00'],
    ['milliseconds', 'GMT', '1534778946007'],
    ['timestamp', 'GMT', '1534778946'],
    ['', 'GMT', ''],
  ])('writes %s in zone "%s" as %s', (pattern, zone, text) => {
    expect(formatDate(pattern, instant, zone)).toBe(text);
  });

  test('gives the last days of December to the next week year', () => {
    expect(formatDate('YYYY-MM-dd', Date.UTC(2018, 11, 31), 'GMT')).toBe('2019-12-31');
  });

  test('counts in the Julian calendar before October 15, 1582', () => {
    expect(formatDate('yyyy-MM-dd', Date.UTC(1582, 9, 15) - 1, 'GMT')).toBe('1582-10-04');
  });

  test('cannot be called with a pattern that Java refuses', () => {
    expect(() => formatDate('yyyy-MM-ddTHH', 0, 'GMT')).toThrow(SagecfgError);
    expect(() => parseDate("yyyy'", '2026', 'GMT')).toThrow(
      'invalid date pattern: "yyyy\'" ends with a quote',
    );
  });

  test('cannot be called with something that is no instant', () => {
    expect(() => formatDate('yyyy', Number.NaN, 'GMT')).toThrow('"NaN" is no instant');
  });

  test('agrees with date-fns on the letters that mean the same to both', () => {
    const patterns = ['yyyy-MM-dd HH:mm:ss.SSS', 'EEE, d MMM yyyy', 'EEEE, dd MMMM yyyy', 'h:mm a', 'k K D'];
    fc.assert(
      fc.property(
        fc.constantFrom(...patterns),
        fc.date({ min: new Date(2000, 0), max: new Date(2040, 0), noInvalidDate: true }),
        (pattern, local) => {
          const utc = Date.UTC(
            local.getFullYear(),
            local.getMonth(),
            local.getDate(),
            local.getHours(),
            local.getMinutes(),
            local.getSeconds(),
            local.getMilliseconds(),
          );
          const options = { useAdditionalDayOfYearTokens: true };
          expect(formatDate(pattern, utc, 'UTC')).toBe(formatLocally(local, pattern, options));
        },
      ),
    );
  });
});

describe('parseDate', () => {
  test.each<
    readonly [pattern: string, text: string, expected: string | undefined, consumed: number | undefined]
  >([
    ["yyyy-MM-dd'T'HH:mm:ss", '2026-11-23T10:00:47Z', '2026-11-23T10:00:47.000Z', 19],
    ['yyyy-MM-dd', '2026-11-23T10:00:47Z', '2026-11-23T00:00:00.000Z', 10],
    ["yyyy-MM-dd'T'HH:mm:ssZ", '2026-11-23T10:00:00Z', undefined, undefined],
    ["yyyy-MM-dd'T'HH:mm:ss'Z'", '2026-11-23T10:00:00.123Z', undefined, undefined],
    ['MM/dd/yyyy', '31/12/2017', '2019-07-12T00:00:00.000Z', 10],
    ["ss.SSS'Z'", '06.4Z', '1970-01-01T00:00:06.004Z', 5],
    ['ss.SSSSSSXXX', '26.451000+00:00', '1970-01-01T00:07:57.000Z', 15],
    ['yyyy-MM-dd', '2026-02-30', '2026-03-02T00:00:00.000Z', 10],
    ['yyyyMMddHHmmss', '20261123100700', '2026-11-23T10:07:00.000Z', 14],
    ['dd.MM.yy', '01.01.46', '2046-01-01T00:00:00.000Z', 8],
    ['dd.MM.yy', '31.12.46', '1946-12-31T00:00:00.000Z', 8],
    ['dd.MM.yy', '01.01.47', '1947-01-01T00:00:00.000Z', 8],
    ['dd.MM.yy', '01.01.2007', '2007-01-01T00:00:00.000Z', 10],
    ['dd.MM.yyyy', '31.12.0006', '0006-12-29T00:00:00.000Z', 10],
    ['milliseconds', '1534778946007', '2018-08-20T15:29:06.007Z', 13],
    ['timestamp', '1534778946', '2018-08-20T15:29:06.000Z', 10],
    ['milliseconds', 'soon', undefined, undefined],
    ['yyyy', '', undefined, undefined],
  ])('reads by %s the text "%s" as %s', (pattern, text, expected, consumed) => {
    const parsed = parseDate(pattern, text, 'GMT', { now: Date.parse('2026-11-23T12:00:00Z') });
    const iso = parsed === undefined ? undefined : new Date(parsed.epochMs).toISOString();
    expect(iso).toBe(expected);
    expect(parsed?.consumed).toBe(consumed);
  });

  test.each([
    ['2026-03-08 02:30', 'America/New_York', '2026-03-08T07:30:00.000Z'],
    ['2026-11-01 01:30', 'America/New_York', '2026-11-01T06:30:00.000Z'],
    ['2026-03-29 01:30', 'Europe/London', '2026-03-29T01:30:00.000Z'],
    ['2026-10-25 01:30', 'Europe/London', '2026-10-25T01:30:00.000Z'],
  ])('reads %s, which %s skipped or had twice, as Java does', (text, zone, expected) => {
    const parsed = parseDate('yyyy-MM-dd HH:mm', text, zone);
    expect(new Date(parsed?.epochMs ?? 0).toISOString()).toBe(expected);
  });
});

const fullPatterns = [
  "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
  "yyyy-MM-dd'T'HH:mm:ss.SSSZ",
  "yyyy-MM-dd'T'HH:mm:ss.SSSXX",
  'EEE, dd MMM yyyy HH:mm:ss.SSS Z',
  'yyyyMMddHHmmssSSSZ',
  'yyyy.DDD HH:mm:ss.SSS XXX',
  "YYYY-'W'ww-u kk:mm:ss.SSSXXX",
  'hh:mm:ss.SSS a, MMMM d, yyyy XXX',
  'K:m:s.S a G yyyy/M/d Z',
  "'on' dd/MM/yyyy 'at' HH'h'mm'm'ss's'SSS''XX",
  'yyyy MM F EEEE HH:mm:ss.SSS Z',
  'yyyy MM W E HH:mm:ss.SSS Z',
];
const zones = [
  'UTC',
  'America/New_York',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'EST',
  'GMT-3:30',
];
const instants = fc.integer({ min: Date.UTC(1950, 0), max: Date.UTC(2100, 0) });

describe('properties', () => {
  test('what a pattern with date, time and offset wrote, it reads back to the millisecond', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...fullPatterns),
        fc.constantFrom(...zones),
        instants,
        (pattern, zone, epochMs) => {
          const text = formatDate(pattern, epochMs, zone);
          expect(parseDate(pattern, text, 'Asia/Tokyo')).toEqual({ epochMs, consumed: text.length });
        },
      ),
      { numRuns: 2000 },
    );
  });

  const letters = Object.keys(patternLetters).join('');
  const patternText = fc.array(
    fc.oneof(
      fc
        .tuple(fc.constantFrom(...letters), fc.integer({ min: 1, max: 5 }))
        .map(([letter, count]) => letter.repeat(count)),
      fc.constantFrom('-', ':', ' ', "'T'", "''", '/', "'", 'b', '$', '{', 'é'),
    ),
    { maxLength: 8 },
  );

  test('any string is a pattern or has a fault within it, and its pieces are in it where they say', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          patternText.map((pieces) => pieces.join('')),
        ),
        (source) => {
          const result = compilePattern(source);
          expect(result.ok).toBe(result.faults.length === 0);
          for (const { start, end } of result.faults) {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(start).toBeLessThan(end);
            expect(end).toBeLessThanOrEqual(source.length);
          }
          for (const piece of result.pieces) expect(source.slice(piece.start, piece.end)).toBe(piece.source);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('any text is read or refused by any pattern, never more of it than there is', () => {
    const text = fc.oneof(
      fc.string(),
      fc.stringMatching(/^[\d :.TZ+EG-]{0,30}$/),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(patternText, text, fc.constantFrom(...zones), (pieces, input, zone) => {
        const result = compilePattern(pieces.join(''));
        if (!result.ok) return;
        const parsed = result.pattern.parse(input, zone, { now: 0 });
        if (parsed === undefined) return;
        expect(parsed.consumed).toBeLessThanOrEqual(input.length);
        expect(Number.isFinite(parsed.epochMs)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test('the pieces of an explanation make up what is written', () => {
    fc.assert(
      fc.property(patternText, instants, fc.constantFrom(...zones), (pieces, epochMs, zone) => {
        const result = compilePattern(pieces.join(''));
        if (!result.ok) return;
        const explained = result.pattern.explain(epochMs, zone);
        expect(explained.map(({ text }) => text).join('')).toBe(result.pattern.format(epochMs, zone));
        expect(explained.map(({ source }) => source).join('')).toBe(result.pattern.source);
      }),
    );
  });
});
