import type { YAMLError } from 'yaml';
import type { Finding, Fix, Range } from '../problem/problem.ts';
import { findForeignLine } from './foreign-lines.ts';
import { encoders } from './encode-scalar.ts';
import { lineAbove, lineOf, type Line } from './line-of.ts';
import { contentFrom, deeperLineBelow, describeIndentation } from './yaml-indentation.ts';

/** What an author did, in place of what a parser met. */
export type Mistake = Pick<Finding, 'message' | 'help' | 'range' | 'fix'>;

interface Place {
  readonly code: string;
  readonly message: string;
  readonly text: string;
  readonly start: number;
  readonly line: Line;
  /** From the error to the end of its line, without the blanks at the end. */
  readonly rest: string;
}

/**
 * The library tells where it could not go on, in the words of the YAML standard. Nearly always one of a few slips of a
 * hand is behind it, which can be told by the line. No message quotes a value: it may be a secret.
 */
export function describeYamlError(error: YAMLError, text: string): Mistake {
  const [at, end] = error.pos;
  const start = Math.min(at, text.length);
  const line = lineOf(text, start);
  const rest = text.slice(start, line.end).trimEnd();
  const place = { code: error.code, message: error.message, text, start, line, rest };
  for (const explain of explanations) {
    const mistake = explain(place);
    if (mistake !== undefined) return mistake;
  }
  return {
    ...inOurWords(error),
    range: { start, end: Math.min(Math.max(end, start + 1), Math.max(text.length, 1)) },
  };
}

const explanations: readonly ((place: Place) => Mistake | undefined)[] = [
  ({ text }) => findForeignLine(text),
  slashComment,
  missingBlank,
  equalsSign,
  textBehindQuotes,
  unclosedQuote,
  templateOfAnotherTool,
  reservedCharacter,
  colonInValue,
  indentation,
  lineWithoutColon,
];

/** Where a key was expected, and something else stands. */
function isNoPair({ code, message }: Place): boolean {
  return (
    code === 'MULTILINE_IMPLICIT_KEY' || (code === 'MISSING_CHAR' && message.startsWith('Implicit map keys'))
  );
}

function slashComment(place: Place): Mistake | undefined {
  const isCandidate = isNoPair(place) || place.code === 'UNEXPECTED_TOKEN';
  if (!isCandidate || !place.rest.startsWith('//')) return undefined;
  const range = { start: place.start, end: place.start + 2 };
  return {
    message: '"//" begins no comment in YAML: expected "#"',
    range,
    fix: fixBy('write "#"', range, '#'),
  };
}

function missingBlank(place: Place): Mistake | undefined {
  const [key] = (isNoPair(place) && /^[A-Za-z_][\w.$-]*:(?=[^\s/])/.exec(place.rest)) || [];
  if (key === undefined) return undefined;
  const end = place.start + key.length;
  return {
    message: `no blank behind "${key}": expected "${key} …"`,
    help: 'Without the blank, YAML takes key and value for one text.',
    range: { start: place.start, end },
    fix: fixBy('add the blank', { start: end, end }, ' '),
  };
}

function equalsSign(place: Place): Mistake | undefined {
  const [written, key] = (isNoPair(place) && /^([A-Za-z_][\w.$-]*)\s*=\s*(?=[^\s=])/.exec(place.rest)) || [];
  if (written === undefined || key === undefined) return undefined;
  const keyEnd = place.start + key.length;
  return {
    message: `"=" behind the key "${key}": expected "${key}: …"`,
    help: 'YAML joins a key and its value by a colon and a blank.',
    range: { start: place.start, end: place.start + written.trimEnd().length },
    fix: fixBy('write a colon', { start: keyEnd, end: place.start + written.length }, ': '),
  };
}

/** `'…='${…}''`: the text ends where its author only meant to quote. Or the comma that JSON has between its values. */
function textBehindQuotes({ code, text, start, line, rest }: Place): Mistake | undefined {
  const close = text.slice(line.start, start).trimEnd().length + line.start - 1;
  const quote = text[close];
  if (code !== 'UNEXPECTED_TOKEN' || close < line.start || (quote !== "'" && quote !== '"')) return undefined;
  if (/^[,;]$/.test(rest)) {
    const range = { start, end: start + 1 };
    return {
      message: `"${rest}" behind the value: expected the end of the line`,
      help: 'In YAML, nothing stands between the lines of an object.',
      range,
      fix: fixBy(`remove the "${rest}"`, range, ''),
    };
  }
  const [kind, escape] = quote === "'" ? ['single', "''"] : ['double', '\\"'];
  const fix = requoted(text, line, quote);
  return {
    message: `the text in ${kind} quotes ends here, and the line goes on: expected ${escape} for a quote within`,
    help:
      quote === "'"
        ? 'A URL with single quotes in it is best put in double quotes.'
        : 'A quote of the same kind has to be escaped, or the other kind put around the whole.',
    range: { start: close, end: close + 1 },
    ...(fix && { fix }),
  };
}

/** The whole value in quotes of the other kind, where that needs no escape. */
function requoted(text: string, line: Line, quote: string): Fix | undefined {
  const other = quote === "'" ? '"' : "'";
  const written = text.slice(line.start, line.end).trimEnd();
  const open = written.search(new RegExp(`(?<=^\\s*(?:- +)?[\\w.$-]+: +)${quote}`));
  const close = written.length - 1;
  if (open === -1 || close === open || written[close] !== quote) return undefined;
  if (written.slice(open + 1, close).includes(other) || written.includes('\\')) return undefined;
  const edits = [open, close].map((at) => ({
    range: { start: line.start + at, end: line.start + at + 1 },
    text: other,
  }));
  return { safe: true, title: `put it in ${other === '"' ? 'double' : 'single'} quotes`, edits };
}

/** The library notices at the end of what it took for the text, which may be the end of the file. */
function unclosedQuote({ code, message, text, line }: Place): Mistake | undefined {
  const quote = /^Missing closing (["'])quote/.exec(message)?.[1];
  if (code !== 'MISSING_CHAR' || quote === undefined) return undefined;
  const opens = new RegExp(
    `(?:^|[:\\-[{,])\\s*(${quote})(?:[^${quote}]|${quote === '"' ? '\\\\.' : "''"})*$`,
    'd',
  );
  for (let at: Line | undefined = line; at !== undefined; at = lineAbove(text, at)) {
    const open = opens.exec(text.slice(at.start, at.end))?.indices?.[1]?.[0];
    if (open === undefined) continue;
    const end = at.start + text.slice(at.start, at.end).trimEnd().length;
    return {
      message: `the text has no closing quote: expected ${quote} at its end`,
      help: 'YAML takes everything up to the next quote for a part of the text.',
      range: { start: at.start + open, end },
      fix: {
        safe: false,
        title: 'close it at the end of the line',
        edits: [{ range: { start: end, end }, text: quote }],
      },
    };
  }
  return undefined;
}

/** `{{ country }}`, as Helm, Jinja and Handlebars have it. */
function templateOfAnotherTool({ code, text, start, line }: Place): Mistake | undefined {
  const end = text.slice(0, line.end).indexOf('}}', start);
  if (code !== 'NON_STRING_KEY' || text[start - 1] !== '{' || end === -1) return undefined;
  const range = { start: start - 1, end: end + 2 };
  const written = text.slice(range.start, range.end);
  return {
    message: `${JSON.stringify(written)} is a placeholder: expected the value itself`,
    help: 'Another tool fills it in: check what that tool makes of this file.',
    range,
  };
}

function reservedCharacter({ code, start, rest }: Place): Mistake | undefined {
  if (code !== 'BAD_SCALAR_START') return undefined;
  return {
    message: `a value that begins with ${JSON.stringify(rest.charAt(0))} must stand in quotes`,
    range: { start, end: start + 1 },
    ...quotedValue(start, rest),
  };
}

/** `url: /hubs/crm/contacts?where=a: b`. */
function colonInValue({ code, start, line, text, rest }: Place): Mistake | undefined {
  const isValue = /:\s+$/.test(text.slice(line.start, start));
  const colon = rest.search(/:(?:\s|$)/);
  if (code !== 'BLOCK_AS_IMPLICIT_KEY' || !isValue || colon < 1) return undefined;
  return {
    message: '": " within a value: expected the value in double quotes',
    help: 'Without quotes, YAML takes what stands before the colon for a key.',
    range: { start: start + colon, end: start + colon + 1 },
    ...quotedValue(start, rest),
  };
}

function quotedValue(start: number, rest: string): { readonly fix: Fix } | undefined {
  if (/\s#/.test(rest)) return undefined;
  const range = { start, end: start + rest.length };
  return { fix: fixBy('put the value in double quotes', range, `"${encoders['double-quoted'](rest)}"`) };
}

/** Told of the line itself, or of the one before, whose value seems to have keys below it. */
function indentation({ code, message, text, line }: Place): Mistake | undefined {
  if (code === 'BAD_INDENT' && !message.startsWith('Flow'))
    return describeIndentation(text, contentFrom(text, line));
  if (code !== 'BLOCK_AS_IMPLICIT_KEY') return undefined;
  const odd = message.startsWith('Nested') ? deeperLineBelow(text, line) : line;
  return odd && describeIndentation(text, odd);
}

function lineWithoutColon(place: Place): Mistake | undefined {
  const { start, rest } = place;
  if (!isNoPair(place) || rest === '' || /:(?:\s|$)/.test(rest)) return undefined;
  return {
    message: 'the line has no colon: expected "KEY: VALUE"',
    help: 'A text over several lines must be indented deeper than its key, or stand in quotes.',
    range: { start, end: start + rest.length },
  };
}

function inOurWords({ code, message }: YAMLError): Pick<Mistake, 'message' | 'help'> {
  const words = otherWords[message.startsWith('Flow ') ? message.slice(0, 8) : code];
  return { message: message.charAt(0).toLowerCase() + message.slice(1), ...words };
}

const otherWords: Readonly<Record<string, Partial<Pick<Mistake, 'message' | 'help'>>>> = {
  TAB_AS_INDENT: { help: 'YAML is indented with blanks only.' },
  TAG_RESOLVE_FAILED: { help: 'Tags have no meaning in these files: write the plain value.' },
  BAD_DQ_ESCAPE: {
    help: 'In double quotes a backslash is written "\\\\"; in single quotes it stands for itself.',
  },
  BLOCK_IN_FLOW: {
    message: 'a second key without a comma before it',
    help: 'Between braces, commas stand between the pairs.',
  },
  'Flow map': { message: 'the object in braces is not closed: expected "}" before this line' },
  'Flow seq': { message: 'the list in brackets is not closed: expected "]" before this line' },
};

function fixBy(title: string, range: Range, text: string): Fix {
  return { safe: true, title, edits: [{ range, text }] };
}
