import { createScanner, printParseErrorCode, type ParseError } from 'jsonc-parser';
import type { Finding, Fix, Range } from '../problem/problem.ts';
import { findForeignLine } from './foreign-lines.ts';
import { closeBrace, closeBracket, endOfFile, openBrace, openBracket } from './json-tokens.ts';

/**
 * One finding for one mistake. The parser goes on well after a forgotten or superfluous comma, so several of those are
 * all reported; after anything else what it says is guesswork, so the first is the last.
 */
export function jsonSyntaxFindings(text: string, errors: readonly ParseError[]): Finding[] {
  const foreign = errors.length === 0 ? undefined : findForeignLine(text);
  if (foreign !== undefined) return [{ rule: 'syntax', pointer: '', ...foreign }];
  const findings: Finding[] = [];
  let reachedUpTo = -1;
  for (const error of errors) {
    if (error.offset <= reachedUpTo) continue;
    const mistake = describeMistake(text, error);
    findings.push({ rule: 'syntax', pointer: '', ...mistake });
    reachedUpTo = error.offset;
    if (mistake.fix === undefined || findings.length === mostFindings) break;
  }
  return findings;
}

/** Whoever forgot more commas than this did not mean to write JSON. */
const mostFindings = 100;

interface Mistake {
  readonly message: string;
  readonly help?: string;
  readonly range: Range;
  readonly fix?: Fix;
}

function describeMistake(text: string, error: ParseError): Mistake {
  const end = Math.min(error.offset + Math.max(error.length, 1), Math.max(text.length, 1));
  const range = { start: Math.min(error.offset, end), end };
  const found = quoteFound(text, error);
  const code: string = printParseErrorCode(error.error);
  switch (code) {
    case 'CommaExpected':
      return (
        leadingZero(text, error.offset) ?? keyInList(text, error.offset) ?? missingComma(text, error.offset)
      );
    case 'PropertyNameExpected':
    case 'ValueExpected':
      return superfluousComma(text, error) ?? { message: `expected a value, found ${found}`, range };
    case 'ColonExpected':
      return { message: `expected ":" after the key, found ${found}`, range };
    case 'CloseBraceExpected':
      return { message: 'object is never closed: expected "}"', range };
    case 'CloseBracketExpected':
      return { message: 'list is never closed: expected "]"', range };
    case 'EndOfFileExpected':
      return {
        message: `expected the end of the document, found ${found}`,
        range,
        help: 'Is there a brace too many?',
      };
    case 'UnexpectedEndOfString':
      return unterminatedString(range);
    case 'InvalidEscapeCharacter':
      return {
        message: `${found} holds an unknown escape`,
        range,
        help: 'In JSON a backslash is written "\\\\".',
      };
    case 'InvalidCharacter':
      return {
        message: `${found} holds a tab or another control character: expected an escape such as \\t`,
        range,
        help: 'Inside a JSON string such characters are written as escapes.',
      };
    case 'UnexpectedEndOfComment':
      return { message: 'comment is never closed: expected "*/"', range };
    default:
      return unknownSymbol(found, range);
  }
}

function quoteFound(text: string, error: ParseError): string {
  const found = text.slice(error.offset, error.offset + Math.min(error.length, 40)).split('\n')[0] ?? '';
  return found === '' ? 'the end of the document' : JSON.stringify(found);
}

/** `015`, which the parser takes for two numbers. */
function leadingZero(text: string, offset: number): Mistake | undefined {
  const start = offset - 1;
  const digits = /^-?0+(?=\d)/.exec(text.slice(start, start + 40))?.[0];
  const whole = /^[\d.]+/.exec(text.slice(start, start + 40))?.[0];
  if (digits === undefined || whole === undefined || /[\w.]/.test(text[start - 1] ?? '')) return undefined;
  return {
    message: `${JSON.stringify(whole)} begins with a zero: expected "${whole.slice(digits.length)}"`,
    help: 'JSON has no numbers with leading zeros. Digits that are no number stand in quotes.',
    range: { start, end: start + whole.length },
  };
}

/** A colon where a list goes on: the list should be an object, or have ended before. */
function keyInList(text: string, offset: number): Mistake | undefined {
  const list = text.charAt(offset) === ':' ? openListBefore(text, offset) : undefined;
  if (list === undefined) return undefined;
  return {
    message: '"[" opens a list, and a key follows in it: expected "{" here, or "]" before the key',
    help: 'What has keys stands in braces. Lists have values alone.',
    range: { start: list, end: list + 1 },
  };
}

/** Where the innermost list begins that is open at the offset. */
function openListBefore(text: string, offset: number): number | undefined {
  const scanner = createScanner(text, true);
  const open: number[] = [];
  while (scanner.getPosition() < offset) {
    const token: number = scanner.scan();
    const at = scanner.getTokenOffset();
    if (at >= offset || token === endOfFile) break;
    if (token === openBrace || token === openBracket) open.push(at);
    else if (token === closeBrace || token === closeBracket) open.pop();
  }
  const innermost = open.at(-1);
  return innermost !== undefined && text.charAt(innermost) === '[' ? innermost : undefined;
}

/** Marked after the value that lacks it, where the comma belongs. */
function missingComma(text: string, offset: number): Mistake {
  const end = text.slice(0, offset).trimEnd().length;
  return {
    message: 'missing comma between two values',
    range: { start: Math.max(end - 1, 0), end },
    fix: { safe: true, title: 'add the comma', edits: [{ range: { start: end, end }, text: ',' }] },
  };
}

function superfluousComma(text: string, error: ParseError): Mistake | undefined {
  const before = text.slice(0, error.offset).trimEnd();
  const comma = text[error.offset] === ',' ? error.offset : before.endsWith(',') ? before.length - 1 : -1;
  const next = text.slice(error.offset).trimStart()[0];
  if (comma === -1 || (comma !== error.offset && next !== '}' && next !== ']')) return undefined;
  const range = { start: comma, end: comma + 1 };
  return {
    message: 'superfluous comma',
    help: 'JSON allows a comma only between two values.',
    range,
    fix: { safe: true, title: 'remove the comma', edits: [{ range, text: '' }] },
  };
}

function unterminatedString(range: Range): Mistake {
  return {
    message: 'string is never closed on its line: expected "\\""',
    help: 'A line break inside a JSON string is written \\n.',
    range,
  };
}

function unknownSymbol(found: string, range: Range): Mistake {
  const invisible = /^"([\u00A0\u1680\u2000-\u200F\u2028-\u202F\u205F\u2060\u3000\uFEFF]+)/u.exec(found)?.[1];
  if (invisible !== undefined) return invisibleCharacter(invisible, range);
  const help = /[“”„‟‘’]/.test(found)
    ? 'These are typographic quotes, as a word processor makes them: JSON needs the straight ".'
    : found.startsWith('"\'')
      ? 'JSON strings stand in double quotes.'
      : 'Text stands in double quotes; the only bare words are true, false and null.';
  return { message: `${found} is not JSON`, help, range };
}

function invisibleCharacter(found: string, { start }: Range): Mistake {
  const code = found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  const range = { start, end: start + found.length };
  return {
    message: `invisible character U+${code}: expected a blank`,
    help: 'It looks like a blank or like nothing, and is neither. Text copied from a page or a chat often has one.',
    range,
    fix: { safe: true, title: 'write a blank', edits: [{ range, text: ' ' }] },
  };
}
