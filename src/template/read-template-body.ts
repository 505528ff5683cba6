import { compilePattern } from './compile-pattern.ts';
import { excerpt } from './excerpt.ts';
import { matchAt } from './match-at.ts';
import type { PatternFault } from './read-pattern.ts';
import { resolveZone } from './resolve-zone.ts';
import type { Span, TemplateFault, TemplatePart } from './template-part.ts';
import { suggestVariable, templateVariables } from './template-variables.ts';
import type { VariableMeaning } from './template-variables.ts';

export type TemplateBody = Pick<TemplatePart, 'name' | 'variable' | 'zone' | 'pattern' | 'unit' | 'faults'>;

/** Reads what stands between `${` and `}`: `text.slice(start, end)`. */
export function readTemplateBody(text: string, start: number, end: number): TemplateBody {
  const colon = text.slice(start, end).indexOf(':');
  const nameEnd = colon === -1 ? end : start + colon;
  const name = span(text, start, nameEnd);
  const variable = templateVariables[name.text];
  const body: TemplateBody = {
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
  return { ...named, ...argumentReaders[variable.takes](text, name, argument) };
}

type Arguments = Partial<Pick<TemplateBody, 'zone' | 'pattern' | 'unit'>> & Pick<TemplateBody, 'faults'>;
type ReadArgument = (text: string, name: Span, argument: Span | undefined) => Arguments;

const argumentReaders: Record<VariableMeaning['takes'], ReadArgument> = {
  unit: (_text, _name, argument) => readUnit(argument),
  nothing: (_text, name, argument) => readNothing(name, argument),
  pattern: (_text, name, argument) => readPlainDate(name, argument),
  'zone-and-pattern': readZoneAndPattern,
};

function readUnit(argument: Span | undefined): Arguments {
  if (argument === undefined) return { unit: 'ms', faults: [] };
  const { text: unit, start, end } = argument;
  if (unit === 's' || unit === 'ms' || unit === 'us') return { unit, faults: [] };
  const message = isFormat(unit)
    ? `epoch takes no date pattern: expected "gmtDate:${excerpt(unit)}"`
    : `"${excerpt(unit)}" is no unit of epoch: expected s, ms or us`;
  return { unit: undefined, faults: [{ code: 'unknown-epoch-unit', message, start, end, unit }] };
}

/** A pattern with a date in it, which belongs to another variable. */
export function isFormat(text: string): boolean {
  return /yy|MM|dd/.test(text) && compilePattern(text).ok;
}

function readNothing(name: Span, argument: Span | undefined): Arguments {
  return { unit: 'ms', faults: argument === undefined ? [] : [unexpectedArgument(name, argument)] };
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

function readPlainDate(name: Span, argument: Span | undefined): Arguments {
  const zone = /^[A-Za-z][\w/+-]{2,}(?=:)/.exec(argument?.text ?? '')?.[0];
  if (argument === undefined || zone === undefined || !isZone(zone)) return readPatternArgument(argument);
  const suggestion = name.text === 'now' ? 'nowTimeZone' : 'dateTimeZone';
  const message = `"${name.text}" takes no zone: expected ${suggestion}:${zone}:FORMAT`;
  const fault: TemplateFault = {
    code: 'unexpected-zone',
    message,
    start: name.start,
    end: name.end,
    suggestion,
  };
  return { pattern: { ...argument, compiled: undefined }, faults: [fault] };
}

/** Letters of a pattern (`mmm:`) name no zone that anybody would write. */
function isZone(text: string): boolean {
  return !/^(.)\1+$/.test(text) && resolveZone(text).isKnown;
}

/** A missing format is no fault of a plain date: it is then written in the entry's `updatedDateFormat`. */
function readPatternArgument(argument: Span | undefined): Arguments {
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

function readZoneAndPattern(text: string, name: Span, argument: Span | undefined): Arguments {
  const none = { zone: undefined, pattern: undefined };
  if (argument === undefined) return { ...none, faults: [missingZone(name, name.end)] };
  if (looksLikePattern(argument.text)) {
    const { pattern } = readPatternArgument(argument);
    return { zone: undefined, pattern, faults: [missingZone(name, argument.start)] };
  }
  const swapped = findSwapped(argument);
  if (swapped !== undefined) return { ...none, faults: [swapped] };
  const written = matchAt(zoneShape, argument.text, 0) ?? '';
  if (written === '') {
    const { pattern } = readPatternArgument(span(text, argument.start + 1, argument.end));
    return { zone: undefined, pattern, faults: [missingZone(name, argument.start)] };
  }
  const zoneSpan = span(text, argument.start, argument.start + written.length);
  const zone = { ...zoneSpan, zone: resolveZone(written) };
  const rest = zoneSpan.end < argument.end ? span(text, zoneSpan.end + 1, argument.end) : undefined;
  return { zone, ...readPatternArgument(rest) };
}

/** `FORMAT:ZONE` for `ZONE:FORMAT`. */
function findSwapped({ text, start, end }: Span): TemplateFault | undefined {
  const colon = text.lastIndexOf(':');
  const [format, zone] = [text.slice(0, colon), text.slice(colon + 1)];
  if (colon < 1 || !/^[A-Z]/.test(zone) || !isFormat(format) || !isZone(zone)) return undefined;
  const message = `the zone "${zone}" stands behind the format: expected it before`;
  return { code: 'swapped-zone', message, start, end, replacement: `${zone}:${format}` };
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
      ? name.text === 'env' || name.text === 'file'
        ? 'references are not filled in in a URL'
        : 'expected date, gmtDate, dateTimeZone or epoch'
      : `did you mean "${suggestion}"?`;
  const message = `unknown variable "${excerpt(name.text)}": ${hint}`;
  return { code: 'unknown-variable', message, start: name.start, end: name.end, name: name.text, suggestion };
}

function span(text: string, start: number, end: number): Span {
  return { text: text.slice(start, end), start, end };
}
