import type { UrlFault } from './poll-url.ts';
import type { TemplatePart } from './template-part.ts';
import { templateVariables } from './template-variables.ts';
import { describeOdd, oddCharacter, withoutOdd } from './odd-characters.ts';

/**
 * What fills in without complaint and is wrong all the same: characters that stand around a template or in its pattern
 * and go to the provider with the time.
 */
export function findSlips(source: string, templates: readonly TemplatePart[]): readonly UrlFault[] {
  return templates.flatMap((template) => [
    ...textBefore(source, template),
    ...textAfter(source, template, templates),
    ...slipsInPattern(template),
    ...otherSeparator(template),
    ...doubleBraces(source, template),
  ]);
}

const separated = new RegExp(
  `^ *(?<name>${Object.keys(templateVariables).join('|')})(?<separator>[;,=|. ]+)(?=\\S)`,
);

const inBraces = new RegExp(`^\\{ *(?:${Object.keys(templateVariables).join('|')})\\b`);

/** `${{date:…}}`, as pipelines have it. */
function doubleBraces(source: string, { name, start, end }: TemplatePart): readonly UrlFault[] {
  if (!inBraces.test(name.text)) return [];
  const to = source.charAt(end) === '}' ? end + 1 : end;
  const inner = source.slice(start, to).replaceAll(/^\$\{\{ *| *\}+$/g, '');
  return [slip('two braces around a template: expected one', start, to, `\${${inner}}`)];
}

/** `gmtDate;yyyy-MM-dd`, without the colon, or with another character in its place. */
export function isSlip(name: string): boolean {
  return separated.test(name) || inBraces.test(name);
}

function otherSeparator({ name, variable }: TemplatePart): readonly UrlFault[] {
  const { index = 0, 0: whole = '', groups } = (variable === undefined && separated.exec(name.text)) || {};
  const { name: known = '', separator = '' } = groups ?? {};
  if (whole === '') return [];
  const end = name.start + index + whole.length;
  return [slip(`"${separator}" behind "${known}": expected ":"`, end - separator.length, end, ':')];
}

function textBefore(source: string, { start, source: written }: TemplatePart): readonly UrlFault[] {
  const sign = source.charAt(start - 1);
  if (sign !== '$' && sign !== '\\') return [];
  const message = `"${sign}" before ${written.slice(0, 2)}: remove it`;
  return [slip(message, start - 1, start, '')];
}

function textAfter(
  source: string,
  { end, pattern, faults }: TemplatePart,
  templates: readonly TemplatePart[],
): readonly UrlFault[] {
  if (faults.length > 0) return [];
  if (source.charAt(end) === '}' && !isBraceOpen(source, end, templates))
    return [slip('"}" after the template closes nothing: remove it', end, end + 1, '')];
  const zone = /^(?:Z(?![\w-])|[+-]\d{2}:?\d{2}(?!\d))/.exec(source.slice(end, end + 7))?.[0];
  if (zone === undefined || pattern === undefined || !/(?:'Z'|[XZz])$/.test(pattern.text)) return [];
  return [slip(`"${zone}" after a time that ends with its zone: remove it`, end, end + zone.length, '')];
}

/** Whether a brace outside of all templates is still open at `end`. */
function isBraceOpen(source: string, end: number, templates: readonly TemplatePart[]): boolean {
  let depth = 0;
  let at = 0;
  for (const template of templates) {
    if (template.end > end) break;
    for (const char of source.slice(at, template.start)) depth += char === '{' ? 1 : char === '}' ? -1 : 0;
    at = template.end;
  }
  return depth > 0;
}

function slipsInPattern({ pattern, faults }: TemplatePart): readonly UrlFault[] {
  if (pattern === undefined || faults.length > 0) return [];
  const { text, start } = pattern;
  const first = text.search(oddCharacter);
  if (first !== -1) {
    const { what, right } = describeOdd(text.charAt(first));
    const expected = right === '' ? 'none' : right === ' ' ? 'a blank' : right;
    return [
      slip(
        `${what} in a date pattern goes to the provider as it is: expected ${expected}`,
        start + first,
        start + text.length,
        withoutOdd(text.slice(first)),
      ),
    ];
  }
  if (text.startsWith(':')) return [slip('a second ":" before the format: remove it', start, start + 1, '')];
  const blank = /^ +| +$/.exec(text);
  if (blank === null) return [];
  const from = start + blank.index;
  return [
    slip(
      'a blank at the edge of the date pattern becomes part of the time: remove it',
      from,
      from + blank[0].length,
      '',
    ),
  ];
}

function slip(message: string, start: number, end: number, replacement: string): UrlFault {
  return { code: 'template-slip', message, start, end, replacement };
}
