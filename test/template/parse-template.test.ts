import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { listTemplates, parseTemplate } from '../../src/template/parse-template.ts';

function only(text: string) {
  const [template] = listTemplates(parseTemplate(text));
  if (template === undefined) throw new Error(`no template in ${text}`);
  return template;
}

describe('parseTemplate', () => {
  test.each([
    ["${date:yyyy-MM-dd'T'HH:mm:ss'Z'}", 'date', undefined, "yyyy-MM-dd'T'HH:mm:ss'Z'"],
    ["$<date:yyyy-MM-dd'T'HH:mm:ss'Z'>", 'date', undefined, "yyyy-MM-dd'T'HH:mm:ss'Z'"],
    ['${date}', 'date', undefined, undefined],
    ['${gmtDate:EEE, dd MMM yyyy HH:mm:ss Z}', 'gmtDate', undefined, 'EEE, dd MMM yyyy HH:mm:ss Z'],
    ['${dateTimeZone:UTC:yyyy/MM/dd HH:mm}', 'dateTimeZone', 'UTC', 'yyyy/MM/dd HH:mm'],
    ['${DateTimeZone:PST:HH:mm}', 'dateTimeZone', 'PST', 'HH:mm'],
    ['${dateTimeZone:America/Denver:HH:mm}', 'dateTimeZone', 'America/Denver', 'HH:mm'],
    ['${dateTimeZone:-8:00:HH:mm}', 'dateTimeZone', '-8:00', 'HH:mm'],
    ['${dateTimeZone:+06:00:HH:mm}', 'dateTimeZone', '+06:00', 'HH:mm'],
    ['${dateTimeZone:-8:HH:mm}', 'dateTimeZone', '-8', 'HH:mm'],
    ['${dateTimeZone:GMT-08:00:HH:mm}', 'dateTimeZone', 'GMT-08:00', 'HH:mm'],
    ['${dateTimeZone:{TimeZone}:yyyy-MM-dd HH:mm}', 'dateTimeZone', '{TimeZone}', 'yyyy-MM-dd HH:mm'],
    ['${dateTimeZone:%{zone}:yyyy}', 'dateTimeZone', '%{zone}', 'yyyy'],
    ['$<dateTimeZone:<zone>:yyyy>', 'dateTimeZone', '<zone>', 'yyyy'],
    ['${dateTimeZone:PST}', 'dateTimeZone', 'PST', undefined],
    ['${nowTimeZone:GMT:yyyy}', 'nowTimeZone', 'GMT', 'yyyy'],
    ['${now:HH:mm}', 'now', undefined, 'HH:mm'],
    ["${date:yyyy'}'MM}", 'date', undefined, "yyyy'}'MM"],
    ["${date:yyyy'{'MM'}'dd}", 'date', undefined, "yyyy'{'MM'}'dd"],
  ])('reads %s', (text, variable, zone, pattern) => {
    const template = only(text);
    expect(template.faults).toEqual([]);
    expect(template.source).toBe(text);
    expect(template.variable).toBe(variable);
    expect(template.zone?.text).toBe(zone);
    expect(template.pattern?.text).toBe(pattern);
  });

  test.each([
    ['${epoch}', 'epoch', 'ms'],
    ['${epoch:ms}', 'epoch', 'ms'],
    ['${epoch:s}', 'epoch', 's'],
    ['${epoch:us}', 'epoch', 'us'],
    ['${milliseconds}', 'milliseconds', 'ms'],
  ])('reads %s as a number since 1970', (text, variable, unit) => {
    expect(only(text)).toMatchObject({ variable, unit, faults: [] });
  });

  /** Each fault with exactly the text that it covers. */
  test.each([
    [
      "a='${gmtdDate:yyyy}'",
      'unknown-variable',
      'gmtdDate',
      'unknown variable "gmtdDate": did you mean "gmtDate"?',
    ],
    ["a='${Date:yyyy}'", 'unknown-variable', 'Date', 'unknown variable "Date": did you mean "date"?'],
    [
      "a='${518862600}'",
      'unknown-variable',
      '518862600',
      'unknown variable "518862600": expected date, gmtDate, dateTimeZone or epoch',
    ],
    [
      "a='${yyyy-MM-dd}'",
      'missing-variable',
      'yyyy-MM-dd',
      '"yyyy-MM-dd" is a format without a variable: expected date:yyyy-MM-dd',
    ],
    [
      'a=${dateTimeZone:yyyy-MM-dd}',
      'missing-zone',
      'dateTimeZone',
      '"dateTimeZone" has no zone: expected dateTimeZone:ZONE:FORMAT',
    ],
    [
      'a=${nowTimeZone}',
      'missing-zone',
      'nowTimeZone',
      '"nowTimeZone" has no zone: expected nowTimeZone:ZONE:FORMAT',
    ],
    ['a=${date:}', 'empty-pattern', ':', 'the format is empty: expected a date pattern such as yyyy-MM-dd'],
    ['a=${epoch:0}', 'unknown-epoch-unit', '0', '"0" is no unit of epoch: expected s, ms or us'],
    [
      'a=${milliseconds:yyyy}',
      'unexpected-argument',
      ':yyyy',
      '"milliseconds" takes no format: remove "yyyy"',
    ],
    [
      'a=${date:milliseconds}',
      'keyword-as-pattern',
      'milliseconds',
      '"milliseconds" is no date pattern in a URL: expected ${epoch}',
    ],
    [
      "a='${date:10 digit integer Unix time}'",
      'not-a-pattern',
      '10 digit integer Unix time',
      '"10 digit integer Unix time" is no date pattern: expected one such as yyyy-MM-dd',
    ],
    [
      'a=${date:yyyy-MM-ddTHH:mm}',
      'unknown-letter',
      'T',
      '"T" is no letter of a Java date pattern: did you mean "\'T\'"?',
    ],
    ['a=${date:HH:mmXXXX}', 'too-many-letters', 'XXXX', '"XXXX" is too long: Java has X, XX and XXX'],
    [
      "a='${date:HH:mm:ss'}' and b='c'",
      'unterminated-quote',
      "'",
      '"HH:mm:ss\'" ends with a quote that opens nothing: remove it',
    ],
    [
      "a='${date:yyyy-MM-dd'T}'",
      'unterminated-quote',
      "'T",
      "the quote at 'T is not closed: expected another '",
    ],
    [
      "a='${date:yyyy-MM-ddT'HH:mm'Z'}'",
      'unterminated-quote',
      'T',
      `a quote is missing in "yyyy-MM-ddT'HH:mm'Z'": expected "yyyy-MM-dd'T'HH:mm'Z'"`,
    ],
    [
      "a='${date:yyyy-MM-dd'THH:mm'Z'}'",
      'unterminated-quote',
      "'T",
      `a quote is missing in "yyyy-MM-dd'THH:mm'Z'": expected "yyyy-MM-dd'T'HH:mm'Z'"`,
    ],
    ["a='${date:yyyy", 'unclosed-template', '${date:yyyy', '"${date:yyyy" is not closed: expected "}"'],
    [
      "a='${date:yyyy-MM-dd'T'HH' and b='c'",
      'unclosed-template',
      "${date:yyyy-MM-dd'T'HH",
      '"${date:yyyy-MM-dd\'T\'HH" is not closed: expected "}"',
    ],
    [
      "a='${date:yyyy' and b='${date:yyyy}'",
      'unclosed-template',
      '${date:yyyy',
      '"${date:yyyy" is not closed: expected "}"',
    ],
    ['a=$<date:yyyy}', 'unclosed-template', '$<date:yyyy}', '"$<date:yyyy}" is not closed: expected ">"'],
  ])('finds one fault in %s: %s', (text, code, covered, message) => {
    const { faults } = parseTemplate(text);
    expect(faults.map((fault) => [fault.code, text.slice(fault.start, fault.end), fault.message])).toEqual([
      [code, covered, message],
    ]);
  });

  test('says where what is missing belongs', () => {
    const text = "a='${date:yyyy' and b='${yyyy-MM}' and c='${dateTimeZone:dd}'";
    const places = parseTemplate(text).faults.map((fault) =>
      'insertAt' in fault ? fault.insertAt : undefined,
    );
    expect(places).toEqual([text.indexOf("' and b"), text.indexOf('yyyy-MM'), text.indexOf('dd}')]);
  });

  test.each([
    ['text-too-long', `\${epoch}${'x'.repeat(20_000)}`],
    ['too-many-templates', '${epoch}'.repeat(101)],
  ])('refuses a text as a whole: %s', (code, text) => {
    const { parts, faults } = parseTemplate(text);
    expect(faults.map((fault) => fault.code)).toEqual([code]);
    expect(parts).toEqual([{ kind: 'literal', text, start: 0, end: text.length }]);
  });

  test('reads several templates, and leaves dollars alone that open none', () => {
    const { parts } = parseTemplate('$1 ${date} $ $$<now> ${epoch:s}$');
    expect(parts.map((part) => [part.kind, part.kind === 'literal' ? part.text : part.source])).toEqual([
      ['literal', '$1 '],
      ['template', '${date}'],
      ['literal', ' $ $'],
      ['template', '$<now>'],
      ['literal', ' '],
      ['template', '${epoch:s}'],
      ['literal', '$'],
    ]);
  });

  test('cuts any text into parts that make it up again', () => {
    const pieces = fc.constantFrom(
      '${',
      '$<',
      '}',
      '>',
      ':',
      "'",
      'date',
      'yyyy',
      'MM',
      'PST',
      '{',
      'epoch',
      ' ',
      '&',
      'é',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((list) => list.join('')),
        ),
        (text) => {
          const { parts, faults } = parseTemplate(text);
          expect(parts.map((part) => (part.kind === 'literal' ? part.text : part.source)).join('')).toBe(
            text,
          );
          let at = 0;
          for (const part of parts) {
            expect(part.start).toBe(at);
            at = part.end;
          }
          for (const fault of faults) {
            expect(fault.start).toBeGreaterThanOrEqual(0);
            expect(fault.end).toBeLessThanOrEqual(text.length);
            expect(fault.end).toBeGreaterThanOrEqual(fault.start);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
