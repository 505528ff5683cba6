import type { Span, TemplatePart } from './parse-template.ts';
import { makeReadable, originalOffset } from './where-tokens.ts';
import type { ReadableText } from './where-tokens.ts';

export const whereOperators = [
  '=',
  '!=',
  '<',
  '>',
  '<=',
  '>=',
  'LIKE',
  'IN',
  'IS NULL',
  'IS NOT NULL',
] as const;
export type WhereOperator = (typeof whereOperators)[number];

/** A field name; `name` is without its quotes, `text` as written. */
export interface WhereName extends Span {
  readonly name: string;
  readonly quote: "'" | '`' | '"' | undefined;
}

/** A value; `value` is without its quotes. `templates` are those inside it. */
export interface WhereValue extends Span {
  readonly value: string;
  readonly isQuoted: boolean;
  readonly templates: readonly TemplatePart[];
}

/** `name operator value`. Whatever the author left out is undefined, with a fault that says so. */
export interface WhereCondition {
  readonly kind: 'condition';
  readonly start: number;
  readonly end: number;
  readonly name: WhereName;
  readonly operator: (Span & { readonly operator: WhereOperator | undefined }) | undefined;
  /** One for most operators, several for IN, none for IS NULL. */
  readonly values: readonly WhereValue[];
  /** True for a name that is an instruction to the connector and no field: `attributes='a,b'`. */
  readonly isPseudo: boolean;
}

/** `left and right and …`; `and` binds closer than `or`. */
export interface WhereJunction {
  readonly kind: 'and' | 'or';
  readonly start: number;
  readonly end: number;
  readonly operands: readonly WhereNode[];
}

export type WhereNode = WhereCondition | WhereJunction;

interface FaultPlace {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

export type WhereFault = FaultPlace &
  (
    | { readonly code: 'empty-where' }
    /** Starts at the opening quote; a closing quote belongs at `insertAt`. */
    | { readonly code: 'unclosed-quote'; readonly quote: string; readonly insertAt: number }
    /** Covers the second one of two closing quotes. */
    | { readonly code: 'doubled-quote' }
    | { readonly code: 'missing-operator' }
    | {
        readonly code: 'unknown-operator';
        readonly operator: string;
        readonly suggestion: string | undefined;
      }
    | { readonly code: 'missing-value' }
    | { readonly code: 'missing-condition' }
    | { readonly code: 'unclosed-parenthesis'; readonly insertAt: number }
    | { readonly code: 'too-deep' }
    | { readonly code: 'unexpected-text'; readonly text: string }
    | { readonly code: 'stray-blank' }
  );

export interface WhereClause extends Span {
  readonly root: WhereNode | undefined;
  /** All conditions, in the order in which they were written. */
  readonly conditions: readonly WhereCondition[];
  readonly faults: readonly WhereFault[];
}

/** Names that connectors take as instructions, not as fields. */
const pseudoNames = new Set(['attributes', 'fetchchanges', 'direction', 'rows', 'start', 'search', 'q']);

const maximumDepth = 50;

/** The state of one reading: a place in the readable text, and what was found. */
interface Scan {
  readonly source: string;
  readonly readable: ReadableText;
  readonly text: string;
  readonly templates: readonly TemplatePart[];
  readonly conditions: WhereCondition[];
  readonly faults: WhereFault[];
  at: number;
}

/**
 * Reads the where clause at `source.slice(start, end)`; `templates` are the templates of the whole source.
 * Total: one mistake is one fault, and what comes after it is still read.
 */
export function parseWhere(
  source: string,
  start = 0,
  end: number = source.length,
  templates: readonly TemplatePart[] = [],
): WhereClause {
  const readable = makeReadable(source, start, end, templates);
  const scan: Scan = { source, readable, text: readable.text, templates, conditions: [], faults: [], at: 0 };
  const whole = { text: source.slice(start, end), start, end };
  if (scan.text.trim() === '') {
    scan.faults.push({
      code: 'empty-where',
      message: 'the where clause is empty: expected a condition',
      start,
      end,
    });
    return { ...whole, root: undefined, conditions: [], faults: scan.faults };
  }
  if (isBlank(scan.text.charAt(0))) addStrayBlank(scan);
  const root = readAll(scan);
  return { ...whole, root, conditions: scan.conditions, faults: scan.faults };
}

function addStrayBlank(scan: Scan): void {
  const length = scan.text.length - scan.text.trimStart().length;
  const range = originalRange(scan, 0, length);
  scan.faults.push({
    code: 'stray-blank',
    message: 'blank before the first condition: expected none',
    ...range,
  });
}

/** Reads to the end, over anything that is not a condition. */
function readAll(scan: Scan): WhereNode | undefined {
  let root = readOr(scan, 0);
  while (!isAtEnd(scan)) {
    addUnexpectedText(scan);
    if (isAtEnd(scan)) break;
    takeWord(scan, /(?:and|or)\b/iy);
    const next = readOr(scan, 0);
    root = root !== undefined && next !== undefined ? join('and', [root, next]) : (root ?? next);
  }
  return root;
}

const nextJunction = /\s(?:and|or)\s/iy;

/** Everything up to the next `and` or `or` is one piece of junk. */
function addUnexpectedText(scan: Scan): void {
  const from = scan.at;
  while (scan.at < scan.text.length && !test(nextJunction, scan.text, scan.at)) scan.at += 1;
  const to = from + scan.text.slice(from, scan.at).trimEnd().length;
  if (to > from) {
    const range = originalRange(scan, from, to);
    const text = scan.source.slice(range.start, range.end);
    const message = `unexpected "${excerpt(text)}": expected and, or, or the end of the clause`;
    scan.faults.push({ code: 'unexpected-text', message, ...range, text });
  }
  skipBlanks(scan);
}

function readOr(scan: Scan, depth: number): WhereNode | undefined {
  return readJunction(scan, 'or', /or\b/iy, () => readAnd(scan, depth));
}

function readAnd(scan: Scan, depth: number): WhereNode | undefined {
  return readJunction(scan, 'and', /and\b/iy, () => readOperand(scan, depth));
}

function readJunction(
  scan: Scan,
  kind: 'and' | 'or',
  word: RegExp,
  read: () => WhereNode | undefined,
): WhereNode | undefined {
  const operands: WhereNode[] = [];
  do {
    const operand = read();
    if (operand !== undefined) operands.push(operand);
  } while (takeWord(scan, word));
  return operands.length > 1 ? join(kind, operands) : operands[0];
}

function join(kind: 'and' | 'or', operands: readonly WhereNode[]): WhereNode {
  return { kind, start: operands[0]?.start ?? 0, end: operands.at(-1)?.end ?? 0, operands };
}

function readOperand(scan: Scan, depth: number): WhereNode | undefined {
  skipBlanks(scan);
  if (scan.text.charAt(scan.at) === '(') return readGroup(scan, depth);
  return readCondition(scan);
}

function readGroup(scan: Scan, depth: number): WhereNode | undefined {
  const open = scan.at;
  if (depth >= maximumDepth) {
    const range = originalRange(scan, open, scan.text.length);
    scan.faults.push({ code: 'too-deep', message: `more than ${maximumDepth} nested parentheses`, ...range });
    scan.at = scan.text.length;
    return undefined;
  }
  scan.at += 1;
  const inner = readOr(scan, depth + 1);
  skipBlanks(scan);
  if (scan.text.charAt(scan.at) === ')') {
    scan.at += 1;
  } else if (isAtEnd(scan)) {
    const insertAt = originalOffset(scan.readable, scan.text.trimEnd().length);
    const message = 'the parenthesis is not closed: expected ")"';
    scan.faults.push({
      code: 'unclosed-parenthesis',
      message,
      ...originalRange(scan, open, open + 1),
      insertAt,
    });
  }
  return inner;
}

function readCondition(scan: Scan): WhereCondition | undefined {
  const from = scan.at;
  const name = readName(scan);
  if (name === undefined) {
    addMissingCondition(scan, from);
    return undefined;
  }
  const faultsBefore = scan.faults.length;
  skipBlanks(scan);
  const operator = readOperator(scan);
  if (operator === undefined && scan.faults.length === faultsBefore) addMissingOperator(scan, name);
  const values = operator === undefined ? [] : readValues(scan, operator.operator, operator);
  const end = values.at(-1)?.end ?? operator?.end ?? name.end;
  const isPseudo = pseudoNames.has(name.name.toLowerCase());
  const condition: WhereCondition = {
    kind: 'condition',
    start: name.start,
    end,
    name,
    operator,
    values,
    isPseudo,
  };
  scan.conditions.push(condition);
  return condition;
}

function addMissingCondition(scan: Scan, from: number): void {
  const isStopped = from < scan.text.length && !test(/\)|(?:and|or)\b/iy, scan.text, from);
  // Whatever stands here instead is reported as unexpected text by whoever reads on.
  if (isStopped) return;
  const to = Math.min(scan.text.length, Math.max(from, 1));
  const message = 'a condition is missing: expected name, operator and value';
  scan.faults.push({ code: 'missing-condition', message, ...originalRange(scan, Math.max(0, to - 1), to) });
}

function addMissingOperator(scan: Scan, name: WhereName): void {
  const message = `"${excerpt(name.text)}" has no operator: expected = != < > <= >= LIKE, IN or IS NULL`;
  scan.faults.push({ code: 'missing-operator', message, start: name.start, end: name.end });
}

/** A placeholder such as `<UpdateColumnName>` may stand for a name. */
const bareName = /<[\w -]+>|[^\s=!<>()'"`,&]+/y;
const junctionWord = /(?:and|or)(?=\s|$)/iy;

function readName(scan: Scan): WhereName | undefined {
  const from = scan.at;
  const quote = scan.text.charAt(from);
  if (quote === "'" || quote === '`' || quote === '"') return readQuotedName(scan, quote);
  if (test(junctionWord, scan.text, from)) return undefined;
  bareName.lastIndex = from;
  const found = bareName.exec(scan.text)?.[0];
  if (found === undefined) return undefined;
  scan.at = from + found.length;
  const range = originalRange(scan, from, scan.at);
  const text = scan.source.slice(range.start, range.end);
  return { text, name: text, quote: undefined, ...range };
}

function readQuotedName(scan: Scan, quote: "'" | '`' | '"'): WhereName | undefined {
  const from = scan.at;
  const close = scan.text.indexOf(quote, from + 1);
  if (close === -1) return undefined;
  scan.at = close + 1;
  const range = originalRange(scan, from, scan.at);
  const inner = originalRange(scan, from + 1, close);
  const text = scan.source.slice(range.start, range.end);
  return { text, name: scan.source.slice(inner.start, inner.end), quote, ...range };
}

const symbol = /[=!<>]+/y;
const word = /is\s+not\s+null\b|is\s+null\b|like\b|in\b/iy;
const misspelt: Readonly<Record<string, WhereOperator>> = {
  '==': '=',
  '<>': '!=',
  '=>': '>=',
  '=<': '<=',
  '=!': '!=',
  '===': '=',
};
const foreignWord = /(?:eq|ne|gte?|lte?|ge|le|not\s+in|not\s+like|between|contains|is)\b/iy;
const foreign: Readonly<Record<string, WhereOperator>> = {
  eq: '=',
  ne: '!=',
  gt: '>',
  gte: '>=',
  ge: '>=',
  lt: '<',
  lte: '<=',
  le: '<=',
  contains: 'LIKE',
};

function readOperator(scan: Scan): WhereCondition['operator'] {
  const from = scan.at;
  const found = match(symbol, scan.text, from) ?? match(word, scan.text, from);
  const written = found ?? match(foreignWord, scan.text, from);
  if (written === undefined) return undefined;
  scan.at = from + written.length;
  const range = originalRange(scan, from, scan.at);
  const text = scan.source.slice(range.start, range.end);
  const normal = written.toUpperCase().replaceAll(/\s+/g, ' ');
  const operator = whereOperators.find((known) => known === normal);
  if (operator !== undefined) return { text, operator, ...range };
  const suggestion = misspelt[written] ?? foreign[written.toLowerCase()];
  const hint =
    suggestion === undefined
      ? `expected one of ${whereOperators.join(', ')}`
      : `did you mean "${suggestion}"`;
  const message = `unknown operator "${excerpt(written)}": ${hint}`;
  scan.faults.push({ code: 'unknown-operator', message, ...range, operator: written, suggestion });
  return { text, operator: undefined, ...range };
}

function readValues(scan: Scan, operator: WhereOperator | undefined, place: Span): readonly WhereValue[] {
  if (operator === 'IS NULL' || operator === 'IS NOT NULL') return [];
  skipBlanks(scan);
  if (operator === 'IN' && scan.text.charAt(scan.at) === '(') return readList(scan);
  const value = readValue(scan);
  if (value !== undefined) return [value];
  const message = `"${place.text}" has no value: expected a value in single quotes, or a number`;
  scan.faults.push({ code: 'missing-value', message, start: place.start, end: place.end });
  return [];
}

function readList(scan: Scan): readonly WhereValue[] {
  const open = scan.at;
  const values: WhereValue[] = [];
  do {
    scan.at += 1;
    skipBlanks(scan);
    const value = readValue(scan);
    if (value !== undefined) values.push(value);
    skipBlanks(scan);
  } while (scan.text.charAt(scan.at) === ',');
  if (scan.text.charAt(scan.at) === ')') {
    scan.at += 1;
  } else {
    const insertAt = originalOffset(scan.readable, scan.at);
    const message = 'the list is not closed: expected ")"';
    scan.faults.push({
      code: 'unclosed-parenthesis',
      message,
      ...originalRange(scan, open, open + 1),
      insertAt,
    });
  }
  return values;
}

const bareValue = /[^\s()',`"&]+/y;

function readValue(scan: Scan): WhereValue | undefined {
  const quote = scan.text.charAt(scan.at);
  if (quote === "'" || quote === '"') return readQuotedValue(scan, quote);
  if (test(junctionWord, scan.text, scan.at)) return undefined;
  const found = match(bareValue, scan.text, scan.at);
  if (found === undefined) return undefined;
  const from = scan.at;
  scan.at = from + found.length;
  return makeValue(scan, from, scan.at, false, from, scan.at);
}

function readQuotedValue(scan: Scan, quote: string): WhereValue {
  const from = scan.at;
  const { close, isClosed, next } = findValueEnd(scan, from, quote);
  scan.at = next;
  if (!isClosed) addUnclosedQuote(scan, from, close, quote);
  return makeValue(scan, from, isClosed ? close + 1 : close, true, from + 1, close);
}

interface ValueEnd {
  /** Where the closing quote is, or should be. */
  readonly close: number;
  readonly isClosed: boolean;
  readonly next: number;
}

/** What ends with an operator and a name before it can only be the beginning of the next condition. */
const nextCondition = /\s+(?:and|or)\s+[\w.`<>@$[\]-]+\s*(?:[=!<>]+|like|in\s*\(?)\s*$/i;
const afterValue = /\s*(?:$|[),])|\s+(?:and|or)\b/iy;

/**
 * Finds the closing quote. The next quote is not always the one: `''` is a quote within a value, or a closing quote
 * typed twice; and when the closing quote was forgotten, the next quote is the opening one of the next condition.
 */
function findValueEnd(scan: Scan, from: number, quote: string): ValueEnd {
  const { text } = scan;
  let close = text.indexOf(quote, from + 1);
  while (close !== -1) {
    const isDoubled = text.charAt(close + 1) === quote;
    if (!isDoubled) break;
    if (test(afterValue, text, close + 2)) {
      addDoubledQuote(scan, close + 1);
      return { close, isClosed: true, next: close + 2 };
    }
    close = text.indexOf(quote, close + 2);
  }
  if (close === -1) {
    const end = text.trimEnd().length;
    const cut = findForgottenEnd(text.slice(from + 1, end));
    const to = cut === undefined ? end : from + 1 + cut;
    return { close: to, isClosed: false, next: to };
  }
  const swallowed = nextCondition.exec(text.slice(from + 1, close));
  if (swallowed === null) return { close, isClosed: true, next: close + 1 };
  const end = from + 1 + swallowed.index;
  return { close: end, isClosed: false, next: end };
}

/** A value that runs to the end may hold further conditions without quotes: `'2026 and page=2`. */
function findForgottenEnd(rest: string): number | undefined {
  const found = /\s+(?:and|or)\s+[\w.`-]+\s*[=!<>]/i.exec(rest);
  return found?.index;
}

function addDoubledQuote(scan: Scan, at: number): void {
  const message = 'the value has two closing quotes: remove one';
  scan.faults.push({ code: 'doubled-quote', message, ...originalRange(scan, at, at + 1) });
}

function addUnclosedQuote(scan: Scan, from: number, close: number, quote: string): void {
  const range = originalRange(scan, from, close);
  const text = scan.source.slice(range.start, range.end);
  const message = `the value ${excerpt(text)} has no closing quote: expected ${quote} at its end`;
  scan.faults.push({ code: 'unclosed-quote', message, ...range, quote, insertAt: range.end });
}

function makeValue(
  scan: Scan,
  from: number,
  to: number,
  isQuoted: boolean,
  innerFrom: number,
  innerTo: number,
): WhereValue {
  const range = originalRange(scan, from, to);
  const inner = originalRange(scan, innerFrom, innerTo);
  const templates = scan.templates.filter(({ start, end }) => start < range.end && end > range.start);
  const text = scan.source.slice(range.start, range.end);
  return { text, value: scan.source.slice(inner.start, inner.end), isQuoted, templates, ...range };
}

function takeWord(scan: Scan, pattern: RegExp): boolean {
  skipBlanks(scan);
  const found = match(pattern, scan.text, scan.at);
  if (found === undefined) return false;
  scan.at += found.length;
  return true;
}

function skipBlanks(scan: Scan): void {
  while (isBlank(scan.text.charAt(scan.at))) scan.at += 1;
}

function isBlank(char: string): boolean {
  return char !== '' && char.trim() === '';
}

function isAtEnd(scan: Scan): boolean {
  skipBlanks(scan);
  return scan.at >= scan.text.length;
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function test(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

function originalRange(
  scan: Scan,
  from: number,
  to: number,
): { readonly start: number; readonly end: number } {
  return { start: originalOffset(scan.readable, from), end: originalOffset(scan.readable, to) };
}

function excerpt(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
