import { excerpt } from './excerpt.ts';
import { readTemplateBody } from './read-template-body.ts';
import { maximumTemplateLength, maximumTemplates } from './template-part.ts';
import type { LiteralPart, TemplateFault, TemplatePart, TextPart } from './template-part.ts';

export interface ParsedTemplate {
  readonly parts: readonly TextPart[];
  /** Of all parts, in order of place. */
  readonly faults: readonly TemplateFault[];
}

/** Splits a text into what is literal and what is a template. Total: a broken template is a part with faults. */
export function parseTemplate(text: string): ParsedTemplate {
  if (text.length > maximumTemplateLength) return refuse(text, tooLong(text));
  const parts: TextPart[] = [];
  let literalFrom = 0;
  let count = 0;
  for (let at = findOpener(text, 0); at !== -1; at = findOpener(text, literalFrom)) {
    count += 1;
    if (count > maximumTemplates) return refuse(text, tooMany(text, at));
    if (at > literalFrom) parts.push(literalPart(text, literalFrom, at));
    const part = readTemplate(text, at);
    parts.push(part);
    literalFrom = part.end;
  }
  if (literalFrom < text.length) parts.push(literalPart(text, literalFrom, text.length));
  return { parts, faults: parts.flatMap((part) => (part.kind === 'template' ? part.faults : [])) };
}

/** What is too much is not read at all, so that nothing in it is reported besides. */
function refuse(text: string, fault: TemplateFault): ParsedTemplate {
  return { parts: [literalPart(text, 0, text.length)], faults: [fault] };
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

function tooMany(text: string, start: number): TemplateFault {
  const message = `more than ${maximumTemplates} templates in one text`;
  return { code: 'too-many-templates', message, start, end: text.length };
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
    const body = readTemplateBody(text, bodyStart, bodyEnd);
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
  const body = { ...readTemplateBody(text, bodyStart, end), faults: [fault] };
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
  return readTemplateBody(text, bodyStart, quoted).faults.length === 0 ? quoted : plain;
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
    if (char === '$' && isOpener(text, at)) return undefined;
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
