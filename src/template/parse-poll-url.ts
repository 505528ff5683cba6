import type { Range } from '../problem/problem.ts';
import { excerpt } from './excerpt.ts';
import type { FaultPlace } from './fault-place.ts';
import { listTemplates, parseTemplate } from './parse-template.ts';
import type { ParsedTemplate } from './parse-template.ts';
import type { Span, TemplateFault, TemplatePart } from './template-part.ts';
import { maximumPatternLength } from './read-pattern.ts';
import { parseWhere } from './parse-where.ts';
import { didYouMean } from '../problem/did-you-mean.ts';
import { findSlips } from './template-slips.ts';
import type { WhereClause, WhereFault } from './where-clause.ts';
import { templateVariables } from './template-variables.ts';
import { blotRanges } from './where-tokens.ts';

/** What is wrong with the URL around its templates and its where clause. */
export type UrlFault = FaultPlace &
  (
    | { readonly code: 'empty-url' }
    /** A blank at either end, or a line break or tab anywhere. */
    | { readonly code: 'stray-blank' }
    /** A quote or brace that closes nothing. */
    | { readonly code: 'trailing-junk'; readonly text: string }
    /** A raw `&` within a quoted value: it would end the parameter; `%26` is meant. */
    | { readonly code: 'ampersand-in-value' }
    /** The query begins without its `?`, which belongs at `insertAt`. */
    | { readonly code: 'missing-question-mark'; readonly insertAt: number }
    /** A placeholder in the path has no closing brace; it belongs at `insertAt`. */
    | { readonly code: 'unclosed-placeholder'; readonly insertAt: number }
    /** `where` is not followed by its `=`, which belongs at `insertAt`. */
    | { readonly code: 'missing-equals'; readonly insertAt: number }
    /** A quoted value of a parameter other than `where` never ends; the quote belongs at `insertAt`. */
    | { readonly code: 'unclosed-quote'; readonly insertAt: number; readonly quote: string }
    /** A parameter that is nearly `where`, and so is not read: `Where`, `?where`. */
    | { readonly code: 'where-name' }
    /** What would be a template if its `${` were whole. */
    | { readonly code: 'unopened-template'; readonly replacement: string }
    /** See `findSlips`. */
    | { readonly code: 'template-slip'; readonly replacement: string }
    /** `&&` between conditions. */
    | { readonly code: 'double-ampersand' }
    /** A second parameter of that name. */
    | { readonly code: 'where-twice' }
  );

export type PollUrlFault = TemplateFault | WhereFault | UrlFault;

/** `name=value` behind the question mark. */
export interface QueryParameter {
  readonly start: number;
  readonly end: number;
  readonly name: Span;
  /** Undefined when there is no equals sign. As written: neither decoded nor filled in. */
  readonly value: Span | undefined;
  readonly templates: readonly TemplatePart[];
}

/** The URL of a poller entry, taken apart. All offsets are those of the URL given. */
export interface PollUrl {
  readonly source: string;
  readonly path: Span & { readonly templates: readonly TemplatePart[] };
  readonly parameters: readonly QueryParameter[];
  /** The clause of the first parameter named `where`. */
  readonly where: WhereClause | undefined;
  readonly template: ParsedTemplate;
  readonly templates: readonly TemplatePart[];
  /** Of the templates, the clause and the URL itself, in order of place. */
  readonly faults: readonly PollUrlFault[];
}

/** Takes a poller's URL apart: templates first, because they may hold any character, then path, query and clause. */
export function parsePollUrl(source: string): PollUrl {
  const template = parseTemplate(source);
  const templates = listTemplates(template);
  // A text that is refused for its size is not looked at any closer.
  const refusal = template.faults.find(
    ({ code }) => code === 'text-too-long' || code === 'too-many-templates',
  );
  if (refusal !== undefined) return emptyPollUrl(source, { ...template, faults: [refusal] });
  const urlFaults: UrlFault[] = [...checkBlanks(source), ...findSlips(source, templates)];
  const sound = blotRanges(source, 0, source.length, templates);
  const unopened = findUnopened(source, sound, urlFaults);
  const opaque = unopened.length === 0 ? templates : sortByPlace([...templates, ...unopened]);
  const blotted = unopened.length === 0 ? sound : blotRanges(source, 0, source.length, opaque);
  const question = blotted.indexOf('?');
  const pathEnd = question === -1 ? source.length : question;
  const path = { ...span(source, 0, pathEnd), templates: within(templates, 0, pathEnd) };
  const parameters =
    question === -1 ? [] : readParameters(source, blotted, question + 1, templates, urlFaults);
  const whereParameter = parameters.find(({ name }) => name.text === 'where');
  const where =
    whereParameter?.value === undefined
      ? undefined
      : parseWhere(source, whereParameter.value.start, whereParameter.value.end, templates, opaque);
  urlFaults.push(...checkPath(blotted, pathEnd), ...checkWhereName(parameters));
  urlFaults.push(...findJunk(blotted, 0, pathEnd));
  for (const parameter of parameters) {
    if (parameter !== whereParameter && parameter.value !== undefined) {
      const { start, end } = parameter.value;
      urlFaults.push(...findJunk(blotted, start, end), ...findOpenQuote(source, blotted, start, end));
    }
  }
  const faults = sortByPlace([...template.faults, ...(where?.faults ?? []), ...urlFaults]);
  return { source, path, parameters, where, template, templates, faults };
}

function sortByPlace<Placed extends Range>(list: readonly Placed[]): readonly Placed[] {
  return list.toSorted((left, right) => left.start - right.start || left.end - right.end);
}

function emptyPollUrl(source: string, template: ParsedTemplate): PollUrl {
  const path = { ...span(source, 0, source.length), templates: [] };
  return { source, path, parameters: [], where: undefined, template, templates: [], faults: template.faults };
}

function checkBlanks(source: string): UrlFault[] {
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

function readParameters(
  source: string,
  blotted: string,
  from: number,
  templates: readonly TemplatePart[],
  faults: UrlFault[],
): readonly QueryParameter[] {
  const end = source.trimEnd().length;
  const parameters: QueryParameter[] = [];
  let start = from;
  while (start <= end && start < Math.max(end, from + 1)) {
    const next = findAmpersand(blotted, start, end, faults);
    if (next > start) parameters.push(readParameter(source, blotted, start, next, templates));
    else if (/^& \S/.test(blotted.slice(next, next + 3))) {
      const message = '"&&" joins no conditions: expected and';
      faults.push({ code: 'double-ampersand', message, start: next - 1, end: next + 1 });
    }
    start = next + 1;
  }
  return parameters;
}

/** The `&` that ends a parameter. One that stands in the middle of a quoted value is reported, and does not count. */
function findAmpersand(blotted: string, start: number, end: number, faults: UrlFault[]): number {
  const lastQuote = blotted.lastIndexOf("'");
  let isQuoted = false;
  for (let at = start; at < end; at += 1) {
    const char = blotted.charAt(at);
    if (char === "'") isQuoted = !isQuoted;
    if (char !== '&') continue;
    if (!isQuoted || lastQuote < at || /^&[\w.-]+=/.test(blotted.slice(at, at + 40))) return at;
    const message = 'an "&" within a value ends the parameter: expected %26';
    faults.push({ code: 'ampersand-in-value', message, start: at, end: at + 1 });
  }
  return end;
}

function readParameter(
  source: string,
  blotted: string,
  start: number,
  end: number,
  templates: readonly TemplatePart[],
): QueryParameter {
  const equals = blotted.slice(start, end).indexOf('=');
  const nameEnd = equals === -1 ? end : start + equals;
  const value = equals === -1 ? undefined : span(source, nameEnd + 1, end);
  return { start, end, name: span(source, start, nameEnd), value, templates: within(templates, start, end) };
}

const unopenedTemplate = new RegExp(
  String.raw`(?:\{\{ ?|[$%#] ?\{|\$\(|[{$])(?:${Object.keys(templateVariables).join('|')})(?=[:}) ])`,
  'g',
);

/** Finds `{date:…}` and `$date:…}`, which lost a character, and what other systems write: `{{date}}`, `%{date}`, `$(date)`. */
function findUnopened(source: string, blotted: string, faults: UrlFault[]): readonly Range[] {
  return [...blotted.matchAll(unopenedTemplate)].map(({ index: start, 0: text }) => {
    const [name = ''] = /\w+$/.exec(text) ?? [];
    const message = `"${text}" opens no template: expected "\${${name}"`;
    const from = start + text.length;
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
function checkPath(blotted: string, pathEnd: number): readonly UrlFault[] {
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
function checkWhereName(parameters: readonly QueryParameter[]): readonly UrlFault[] {
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
function findJunk(blotted: string, start: number, end: number): readonly UrlFault[] {
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
function findOpenQuote(
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

function within(templates: readonly TemplatePart[], start: number, end: number): readonly TemplatePart[] {
  return templates.filter((template) => template.start >= start && template.end <= end);
}

function span(source: string, start: number, end: number): Span {
  return { text: source.slice(start, end), start, end };
}
