import type { Range } from '../problem/problem.ts';
import {
  checkBlanks,
  checkPath,
  checkWhereName,
  findJunk,
  findOpenQuote,
  findUnopened,
} from './find-url-faults.ts';
import { listTemplates, parseTemplate } from './parse-template.ts';
import type { ParsedTemplate } from './parse-template.ts';
import { parseWhere } from './parse-where.ts';
import type { PollUrl, QueryParameter, UrlFault } from './poll-url.ts';
import type { Span, TemplatePart } from './template-part.ts';
import { findSlips } from './template-slips.ts';
import { blotRanges } from './where-tokens.ts';

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

function within(templates: readonly TemplatePart[], start: number, end: number): readonly TemplatePart[] {
  return templates.filter((template) => template.start >= start && template.end <= end);
}

function span(source: string, start: number, end: number): Span {
  return { text: source.slice(start, end), start, end };
}
