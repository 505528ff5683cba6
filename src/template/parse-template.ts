import { compilePattern } from './compile-pattern.ts';
import type { CompiledPattern } from './compile-pattern.ts';
import type { PatternFault } from './read-pattern.ts';
import { resolveZone } from './resolve-zone.ts';
import type { Zone } from './resolve-zone.ts';
import { suggestVariable, templateVariables } from './template-variables.ts';
import type { EpochUnit, TemplateVariable } from './template-variables.ts';

/** A text longer than this (UTF-16 units) is refused: real URLs have under 300. */
export const maximumTemplateLength = 20_000;

/** Text that is passed on as it is. Offsets are those of the text given, here and below. */
export interface LiteralPart {
  readonly kind: 'literal';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A run of a text that means something by itself: the zone of a template, its pattern. */
export interface Span {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** `${name:zone:pattern}`. One with faults is left as it is when the text is expanded. */
export interface TemplatePart {
  readonly kind: 'template';
  /** From `${` to the closing brace. */
  readonly source: string;
  readonly start: number;
  readonly end: number;
  /** `$<` is the platform's other notation for the same thing. */
  readonly opener: '${' | '$<';
  /** As written; see `variable` for what it means. */
  readonly name: Span;
  /** Undefined when no such variable exists. */
  readonly variable: TemplateVariable | undefined;
  readonly zone: (Span & { readonly zone: Zone }) | undefined;
  /** Undefined when none is given: then a date is written in the entry's `updatedDateFormat`. */
  readonly pattern: (Span & { readonly compiled: CompiledPattern | undefined }) | undefined;
  /** The unit of `epoch` and `milliseconds`. */
  readonly unit: EpochUnit | undefined;
  readonly faults: readonly TemplateFault[];
}

export type TextPart = LiteralPart | TemplatePart;

interface FaultPlace {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/** Why a template cannot be filled in. */
export type TemplateFault =
  | PatternFault
  | (FaultPlace &
      (
        | { readonly code: 'text-too-long' }
        | { readonly code: 'unclosed-template'; readonly insertAt: number; readonly insert: '}' | '>' }
        | {
            readonly code: 'unknown-variable';
            readonly name: string;
            readonly suggestion: TemplateVariable | undefined;
          }
        /** A pattern without a variable before it; `insertAt` is where `date:` would go. */
        | { readonly code: 'missing-variable'; readonly insertAt: number }
        | { readonly code: 'missing-zone'; readonly insertAt: number }
        | { readonly code: 'empty-pattern' }
        | { readonly code: 'unknown-epoch-unit'; readonly unit: string }
        | { readonly code: 'unexpected-argument'; readonly argument: string }
        /** `milliseconds` or `timestamp` as a pattern: allowed as a date format, not here. */
        | { readonly code: 'keyword-as-pattern'; readonly keyword: string; readonly suggestion: string }
      ));

export interface ParsedTemplate {
  readonly parts: readonly TextPart[];
  /** Of all parts, in order of place. */
  readonly faults: readonly TemplateFault[];
}

/** Splits a text into what is literal and what is a template. Total: a broken template is a part with faults. */
export function parseTemplate(text: string): ParsedTemplate {
  if (text.length > maximumTemplateLength)
    return { parts: [literalPart(text, 0, text.length)], faults: [tooLong(text)] };
  const parts: TextPart[] = [];
  let literalFrom = 0;
  let at = findOpener(text, 0);
  while (at !== -1) {
    if (at > literalFrom) parts.push(literalPart(text, literalFrom, at));
    const part = readTemplate(text, at);
    parts.push(part);
    literalFrom = part.end;
    at = findOpener(text, part.end);
  }
  if (literalFrom < text.length) parts.push(literalPart(text, literalFrom, text.length));
  return { parts, faults: parts.flatMap((part) => (part.kind === 'template' ? part.faults : [])) };
}

/** The parts of `parsed` that are templates. */
export function listTemplates(parsed: ParsedTemplate): readonly TemplatePart[] {
  return parsed.parts.filter((part) => part.kind === 'template');
}

function literalPart(text: string, start: number, end: number): LiteralPart {
  return { kind: 'literal', text: text.slice(start, end), start, end };
}

function tooLong(text: string): TemplateFault {
  const message = `the text has ${text.length} characters: expected at most ${maximumTemplateLength}`;
  return { code: 'text-too-long', message, start: 0, end: text.length };
}

function findOpener(text: string, from: number): number {
  let at = text.indexOf('$', from);
  while (at !== -1 && !isOpener(text, at)) at = text.indexOf('$', at + 1);
  return at;
}

function isOpener(text: string, at: number): boolean {
  const next = text.charAt(at + 1);
  return text.charAt(at) === '$' && (next === '{' || next === '<');
}

function readTemplate(text: string, start: number): TemplatePart {
  const opener = text.charAt(start + 1) === '<' ? '$<' : '${';
  const closer = opener === '$<' ? '>' : '}';
  const bodyStart = start + 2;
  const bodyEnd = findEnd(text, bodyStart, opener);
  if (bodyEnd !== undefined) {
    const body = readBody(text, bodyStart, bodyEnd);
    return {
      kind: 'template',
      source: text.slice(start, bodyEnd + 1),
      start,
      end: bodyEnd + 1,
      opener,
      ...body,
    };
  }
  const end = guessEnd(text, bodyStart);
  const shown = excerpt(text.slice(start, end));
  const message = `"${shown}" is not closed: expected "${closer}"`;
  const fault: TemplateFault = {
    code: 'unclosed-template',
    message,
    start,
    end,
    insertAt: end,
    insert: closer,
  };
  // Its pattern is most likely cut off as well, so whatever else is wrong follows from this one mistake.
  const body = { ...readBody(text, bodyStart, end), faults: [fault] };
  return { kind: 'template', source: text.slice(start, end), start, end, opener, ...body };
}

/**
 * Where the closing brace is. A pattern may hold a quoted brace, and a zone may be a placeholder in braces, but a
 * forgotten quote must not swallow the rest of the URL: the quoted reading only counts when its pattern is sound.
 */
function findEnd(text: string, bodyStart: number, opener: '${' | '$<'): number | undefined {
  const plain = scanEnd(text, bodyStart, opener, false) ?? findCloser(text, bodyStart, opener);
  if (plain === undefined) return undefined;
  const quoted = scanEnd(text, bodyStart, opener, true);
  if (quoted === undefined || quoted <= plain) return plain;
  return readBody(text, bodyStart, quoted).faults.length === 0 ? quoted : plain;
}

function scanEnd(
  text: string,
  bodyStart: number,
  opener: '${' | '$<',
  heedsQuotes: boolean,
): number | undefined {
  const open = opener.charAt(1);
  const close = opener === '$<' ? '>' : '}';
  let depth = 0;
  let isQuoted = false;
  for (let at = bodyStart; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (isOpener(text, at)) return undefined;
    if (char === "'") isQuoted = heedsQuotes && !isQuoted;
    else if (isQuoted) continue;
    else if (char === open) depth += 1;
    else if (char === close) {
      if (depth === 0) return at;
      depth -= 1;
    }
  }
  return undefined;
}

/** The first closing brace before the next template, whatever stands between. */
function findCloser(text: string, bodyStart: number, opener: '${' | '$<'): number | undefined {
  const next = findOpener(text, bodyStart);
  const at = text.slice(bodyStart, next === -1 ? undefined : next).indexOf(opener === '$<' ? '>' : '}');
  return at === -1 ? undefined : bodyStart + at;
}

const endOfValue = /'(?=\s*(?:and|or)\b|\s*&|\s*$)|&/gi;

/** Where the brace of an unclosed template was probably forgotten: before the quote that ends the value. */
function guessEnd(text: string, bodyStart: number): number {
  const next = findOpener(text, bodyStart);
  const limit = next === -1 ? text.length : next;
  const rest = text.slice(bodyStart, limit);
  endOfValue.lastIndex = 0;
  const found = endOfValue.exec(rest);
  return found === null ? bodyStart + rest.trimEnd().length : bodyStart + found.index;
}

type Body = Pick<TemplatePart, 'name' | 'variable' | 'zone' | 'pattern' | 'unit' | 'faults'>;

function readBody(text: string, start: number, end: number): Body {
  const colon = text.slice(start, end).indexOf(':');
  const nameEnd = colon === -1 ? end : start + colon;
  const name = span(text, start, nameEnd);
  const variable = templateVariables[name.text];
  const body: Body = {
    name,
    variable: undefined,
    zone: undefined,
    pattern: undefined,
    unit: undefined,
    faults: [],
  };
  if (variable === undefined || !Object.hasOwn(templateVariables, name.text)) {
    return { ...body, faults: [explainUnknown(text, start, end, name)] };
  }
  const named = { ...body, variable: variable.variable };
  const argument = nameEnd === end ? undefined : span(text, nameEnd + 1, end);
  switch (variable.takes) {
    case 'unit':
      return { ...named, ...readUnit(argument) };
    case 'nothing':
      return {
        ...named,
        unit: 'ms',
        faults: argument === undefined ? [] : [unexpectedArgument(name, argument)],
      };
    case 'pattern':
      return { ...named, ...readPatternArgument(argument) };
    case 'zone-and-pattern':
      return { ...named, ...readZoneAndPattern(text, name, argument) };
  }
}

function readUnit(argument: Span | undefined): Pick<Body, 'unit' | 'faults'> {
  if (argument === undefined) return { unit: 'ms', faults: [] };
  const { text: unit, start, end } = argument;
  if (unit === 's' || unit === 'ms' || unit === 'us') return { unit, faults: [] };
  const message = `"${excerpt(unit)}" is no unit of epoch: expected s, ms or us`;
  return { unit: undefined, faults: [{ code: 'unknown-epoch-unit', message, start, end, unit }] };
}

function unexpectedArgument(name: Span, argument: Span): TemplateFault {
  const message = `"${name.text}" takes no format: remove "${excerpt(argument.text)}"`;
  return {
    code: 'unexpected-argument',
    message,
    start: argument.start - 1,
    end: argument.end,
    argument: argument.text,
  };
}

/** A missing format is no fault of a plain date: it is then written in the entry's `updatedDateFormat`. */
function readPatternArgument(argument: Span | undefined): Pick<Body, 'pattern' | 'faults'> {
  if (argument === undefined) return { pattern: undefined, faults: [] };
  const { text, start, end } = argument;
  if (text === '') {
    const message = `the format is empty: expected a date pattern such as yyyy-MM-dd`;
    const fault: TemplateFault = { code: 'empty-pattern', message, start: start - 1, end };
    return { pattern: { ...argument, compiled: undefined }, faults: [fault] };
  }
  const result = compilePattern(text);
  if (result.ok && result.pattern.keyword !== undefined) {
    return { pattern: { ...argument, compiled: undefined }, faults: [keywordAsPattern(argument)] };
  }
  const compiled = result.ok ? result.pattern : undefined;
  return {
    pattern: { ...argument, compiled },
    faults: result.faults.map((fault) => shiftFault(fault, start)),
  };
}

function keywordAsPattern({ text, start, end }: Span): TemplateFault {
  const suggestion = text === 'timestamp' ? '${epoch:s}' : '${epoch}';
  const message = `"${text}" is no date pattern in a URL: expected ${suggestion}`;
  return { code: 'keyword-as-pattern', message, start, end, keyword: text, suggestion };
}

function shiftFault(fault: PatternFault, by: number): PatternFault {
  const moved = { ...fault, start: fault.start + by, end: fault.end + by };
  return moved.code === 'unterminated-quote' && moved.insertAt !== undefined
    ? { ...moved, insertAt: moved.insertAt + by }
    : moved;
}

/** A zone may hold colons of its own (`-8:00`, `GMT+05:30`) or be a placeholder (`{TimeZone}`, `%{zone}`, `<zone>`). */
const zoneShape = /(?:GMT|UTC|UT)?[+-]\d{1,2}(?::?\d{2})?(?=:|$)|%?\{[^{}]*\}|<[^<>]*>|[^:]*/y;

function readZoneAndPattern(
  text: string,
  name: Span,
  argument: Span | undefined,
): Pick<Body, 'zone' | 'pattern' | 'faults'> {
  const none = { zone: undefined, pattern: undefined };
  if (argument === undefined) return { ...none, faults: [missingZone(name, name.end)] };
  if (looksLikePattern(argument.text)) {
    const { pattern } = readPatternArgument(argument);
    return { zone: undefined, pattern, faults: [missingZone(name, argument.start)] };
  }
  zoneShape.lastIndex = 0;
  const written = zoneShape.exec(argument.text)?.[0] ?? '';
  const zoneSpan = span(text, argument.start, argument.start + written.length);
  const zone = { ...zoneSpan, zone: resolveZone(written) };
  const rest = zoneSpan.end < argument.end ? span(text, zoneSpan.end + 1, argument.end) : undefined;
  return { zone, ...readPatternArgument(rest) };
}

function missingZone(name: Span, insertAt: number): TemplateFault {
  const message = `"${name.text}" has no zone: expected ${name.text}:ZONE:FORMAT`;
  return { code: 'missing-zone', message, start: name.start, end: name.end, insertAt };
}

/** True for a sound pattern with a year in it; no zone has one (`America/Denver` is no pattern). */
function looksLikePattern(text: string): boolean {
  return /^[^:]*(?:yy|dd|MM)/.test(text) && compilePattern(text).ok;
}

function explainUnknown(text: string, start: number, end: number, name: Span): TemplateFault {
  const whole = text.slice(start, end);
  if (/yy|MM/.test(whole) && compilePattern(whole).ok) {
    const message = `"${excerpt(whole)}" is a format without a variable: expected date:${excerpt(whole)}`;
    return { code: 'missing-variable', message, start, end, insertAt: start };
  }
  const suggestion = suggestVariable(name.text);
  const hint =
    suggestion === undefined
      ? 'expected date, gmtDate, dateTimeZone or epoch'
      : `did you mean "${suggestion}"`;
  const message = `unknown variable "${excerpt(name.text)}": ${hint}`;
  return { code: 'unknown-variable', message, start: name.start, end: name.end, name: name.text, suggestion };
}

function span(text: string, start: number, end: number): Span {
  return { text: text.slice(start, end), start, end };
}

function excerpt(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
