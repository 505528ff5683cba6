import { didYouMean } from '../problem/did-you-mean.ts';
import type { Range } from '../problem/problem.ts';
import { excerpt } from './excerpt.ts';
import type { QueryParameter, UrlFault } from './poll-url.ts';
import { maximumPatternLength } from './read-pattern.ts';
import { templateVariables } from './template-variables.ts';

export function checkBlanks(source: string): UrlFault[] {
  if (source.trim() === '') {
    return [
      { code: 'empty-url', message: 'the URL is empty: expected a path', start: 0, end: source.length },
    ];
  }
  const edge = source.length - source.trimStart().length;
  const end = source.trimEnd().length;
  const faults: UrlFault[] = [];
  if (edge > 0) faults.push(strayBlank(0, edge));
  for (const { index, 0: blank } of source.slice(edge, end).matchAll(/[\t\r\n]+/g)) {
    faults.push(strayBlank(edge + index, edge + index + blank.length));
  }
  if (end < source.length) faults.push(strayBlank(end, source.length));
  return faults;
}

function strayBlank(start: number, end: number): UrlFault {
  const message = 'blank at the edge of the URL, or a line break within: expected none';
  return { code: 'stray-blank', message, start, end };
}

const unopenedTemplate = new RegExp(
  String.raw`(?:\{\{ ?|[$%#] ?\{|\$\(|[{$])(?:${Object.keys(templateVariables).join('|')})(?:(?=[:}) ])|(?<=\$\w+)(?=['"&]|$))`,
  'g',
);

/** Finds `{date:…}` and `$date:…}`, which lost a character, and what other systems write: `{{date}}`, `%{date}`, `$(date)`. */
export function findUnopened(source: string, blotted: string, faults: UrlFault[]): readonly Range[] {
  // As nearly always, once the templates are blotted out.
  if (!/[{$]/.test(blotted)) return [];
  return [...blotted.matchAll(unopenedTemplate)].map(({ index: start, 0: text }) => {
    const [name = ''] = /\w+$/.exec(text) ?? [];
    const message = `"${text}" opens no template: expected "\${${name}"`;
    const from = start + text.length;
    // `$epoch`, with neither brace.
    if (!/[:}) ]/.test(source.charAt(from))) {
      faults.push({
        code: 'unopened-template',
        message: `${message.slice(0, -1)}}"`,
        start,
        end: from,
        replacement: `\${${name}}`,
      });
      return { start, end: from };
    }
    const closer = text.startsWith('{{') ? /\s?\}\}/ : text.startsWith('$(') ? /\)/ : /\}/;
    const close = closer.exec(source.slice(from, start + maximumPatternLength));
    const end = close === null ? from : from + close.index + close[0].length;
    // With one brace for its end, the beginning is all that has to be mended.
    const isWhole = close !== null && close[0] !== '}';
    const replacement = isWhole ? `\${${name}${source.slice(from, from + close.index)}}` : `\${${name}`;
    faults.push({ code: 'unopened-template', message, start, end: isWhole ? end : from, replacement });
    return { start, end };
  });
}

/** Looks for a query that became part of the path. */
export function checkPath(blotted: string, pathEnd: number): readonly UrlFault[] {
  const path = blotted.slice(0, pathEnd);
  const query = path.search(/&?(?:where|orderBy|pageSize|fields)=/);
  if (query !== -1) {
    const message = 'the query is part of the path: expected "?" before it';
    return [{ code: 'missing-question-mark', message, start: query, end: pathEnd, insertAt: query }];
  }
  const open = path.lastIndexOf('{');
  if (open === -1 || path.includes('}', open)) return [];
  const message = `the placeholder "${excerpt(path.slice(open))}" is not closed: expected "}"`;
  return [{ code: 'unclosed-placeholder', message, start: open, end: pathEnd, insertAt: pathEnd }];
}

/** Looks for a where clause that the parameter's name swallowed, and for a name that is not quite `where`. */
export function checkWhereName(parameters: readonly QueryParameter[]): readonly UrlFault[] {
  const misspelt = parameters
    .filter((parameter) => isMisspeltWhere(parameter))
    .map(({ name }): UrlFault => {
      const message = `"${name.text}" is no parameter: expected "where"`;
      return { code: 'where-name', message, start: name.start, end: name.end };
    });
  return [...misspelt, ...findSwallowed(parameters), ...findSecond(parameters)];
}

function isMisspeltWhere({ name, value, templates }: QueryParameter): boolean {
  if (name.text === 'where') return false;
  if (/^\?*where$/i.test(name.text)) return true;
  const isCondition = /^\w+$/.test(name.text) && templates.length > 0 && /[<>=]/.test(value?.text ?? '');
  return isCondition && didYouMean(name.text, ['where']) !== undefined;
}

function findSecond(parameters: readonly QueryParameter[]): readonly UrlFault[] {
  return parameters
    .filter(({ name }) => name.text === 'where')
    .slice(1, 2)
    .map(({ name: { start } }) => {
      const message = 'a second "where": only one of the two is read';
      return { code: 'where-twice', message, start, end: start + 5 };
    });
}

function findSwallowed(parameters: readonly QueryParameter[]): readonly UrlFault[] {
  return parameters
    .filter(({ name, value }) => {
      if (name.text === 'where') return value === undefined;
      return (
        /^where.*[<>'!]/.test(name.text) ||
        (/^where./.test(name.text) && value?.text.startsWith("'") === true)
      );
    })
    .map(({ start }) => {
      const message = 'the where clause has no equals sign: expected "where="';
      return { code: 'missing-equals', message, start, end: start + 5, insertAt: start + 5 };
    });
}

/** Quotes, braces and brackets at the end that close nothing before them. */
export function findJunk(blotted: string, start: number, end: number): readonly UrlFault[] {
  const text = blotted.slice(start, end).trimEnd();
  if (!/['"`})\]>]$/.test(text)) return [];
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let from = text.length;
  while (from > 0 && closesNothing(text.charAt(from - 1), counts)) {
    from -= 1;
    const char = text.charAt(from);
    counts.set(char, (counts.get(char) ?? 0) - 1);
  }
  if (from === text.length) return [];
  const junk = text.slice(from);
  const message = `"${excerpt(junk)}" closes nothing: remove it`;
  return [{ code: 'trailing-junk', message, start: start + from, end: start + text.length, text: junk }];
}

/** What OData writes before a quoted value. */
const typeOfValue = /(?:^|[^A-Za-z])(?:datetime|datetimeoffset|time|guid|duration|binary)$/i;

/** A quote that opens a value, and is the odd one out. An apostrophe, as in `O'Brien`, opens none. */
export function findOpenQuote(
  source: string,
  blotted: string,
  start: number,
  valueEnd: number,
): readonly UrlFault[] {
  const text = blotted.slice(start, valueEnd).trimEnd();
  const end = start + text.length;
  const last = text.lastIndexOf("'");
  if (last === -1 || last === text.length - 1 || text.split("'").length % 2 === 1) return [];
  const before = text.slice(0, last);
  if (/[A-Za-z0-9]$/.test(before) && !typeOfValue.test(before)) return [];
  const message = `the value ${excerpt(source.slice(start + last, end))} has no closing quote: expected ' at its end`;
  return [{ code: 'unclosed-quote', message, start: start + last, end, insertAt: end, quote: "'" }];
}

const openers: Readonly<Record<string, string>> = { '}': '{', ')': '(', ']': '[', '>': '<' };

/** Whether the last character of a text closes nothing, by how often each character is in that text. */
function closesNothing(last: string, counts: ReadonlyMap<string, number>): boolean {
  const count = counts.get(last) ?? 0;
  if (last === "'" || last === '"' || last === '`') return count % 2 === 1;
  const opener = openers[last];
  return opener !== undefined && count > (counts.get(opener) ?? 0);
}
