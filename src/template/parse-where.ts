import type { Range } from '../problem/problem.ts';
import { excerpt } from './excerpt.ts';
import { isMatchAt, matchAt } from './match-at.ts';
import { addSuffix, readCall } from './read-provider-syntax.ts';
import { readOperator } from './read-where-operator.ts';
import { readValues } from './read-where-value.ts';
import type { TemplatePart } from './template-part.ts';
import type { WhereClause, WhereCondition, WhereFault, WhereName, WhereNode } from './where-clause.ts';
import { isAtEnd, isBlank, junctionWord, originalRange, skipBlanks, takeWord } from './where-scan.ts';
import type { Scan } from './where-scan.ts';
import { makeReadable, originalOffset } from './where-tokens.ts';

export type { WhereCondition, WhereNode } from './where-clause.ts';

/** Names that connectors take as instructions, not as fields. */
const pseudoNames = new Set(['attributes', 'fetchchanges', 'direction', 'rows', 'start', 'search', 'q']);

const maximumDepth = 50;

/**
 * Reads the where clause at `source.slice(start, end)`; `templates` are the templates of the whole source, and `opaque`
 * are the ranges whose characters are no syntax of the clause.
 * Total: one mistake is one fault, and what comes after it is still read.
 */
export function parseWhere(
  source: string,
  start = 0,
  end: number = source.length,
  templates: readonly TemplatePart[] = [],
  opaque: readonly Range[] = templates,
): WhereClause {
  const readable = makeReadable(source, start, end, opaque);
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
  while (scan.at < scan.text.length && !isMatchAt(nextJunction, scan.text, scan.at)) scan.at += 1;
  const to = from + scan.text.slice(from, scan.at).trimEnd().length;
  if (to > from && !addSuffix(scan, from, to)) {
    const range = originalRange(scan, from, to);
    const text = scan.source.slice(range.start, range.end);
    const message = `unexpected "${excerpt(text)}": expected and, or, or the end of the clause`;
    scan.faults.push(
      unopenedQuote(scan, text, range) ??
        quoteOfUrl(scan, text, range) ?? { code: 'unexpected-text', message, ...range, text },
    );
  }
  skipBlanks(scan);
}

/** A quote that only closes, right behind a value: its opening one was forgotten. */
function unopenedQuote(scan: Scan, text: string, { start, end }: Range): WhereFault | undefined {
  const value = scan.conditions.at(-1)?.values.at(-1);
  if (text !== "'" || value === undefined || value.isQuoted || value.end !== start) return undefined;
  const message = `the value ${excerpt(value.text)}' has no opening quote: expected ' before it`;
  return { code: 'unclosed-quote', message, start: value.start, end, quote: "'", insertAt: value.start };
}

/** The quote that closes the URL, without the one that should open it. */
function quoteOfUrl(scan: Scan, text: string, range: Range): WhereFault | undefined {
  if (text !== '"' || range.end < scan.source.trimEnd().length) return undefined;
  return { code: 'trailing-junk', message: 'the " at the end closes nothing: remove it', ...range, text };
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
  } else if (isAtEnd(scan) && scan.faults.at(-1)?.code !== 'too-deep') {
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
  const faultsBefore = scan.faults.length;
  const name = readName(scan);
  if (name === undefined) {
    addMissingCondition(scan, from);
    return undefined;
  }
  skipBlanks(scan);
  const operator = readOperator(scan);
  if (operator === undefined && scan.faults.length === faultsBefore) addMissingOperator(scan, name);
  const isValueNext = operator !== undefined || scan.text.charAt(scan.at) === "'";
  const values = isValueNext ? readValues(scan, operator?.operator, operator ?? name) : [];
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
  const next = matchAt(/\)|(?:and|or)\b/iy, scan.text, from);
  // Whatever else stands here is reported as unexpected text by whoever reads on.
  if (next === undefined && from < scan.text.length) return;
  const before = scan.text.slice(0, from).trimEnd().length;
  const word = /(?:and|or|\()$/i.exec(scan.text.slice(Math.max(0, before - 3), before))?.[0];
  const range =
    word === undefined
      ? originalRange(scan, from, from + (next?.length ?? 0))
      : originalRange(scan, before - word.length, before);
  const message = 'a condition is missing: expected name, operator and value';
  scan.faults.push({ code: 'missing-condition', message, ...range });
}

function addMissingOperator(scan: Scan, name: WhereName): void {
  const message = `"${excerpt(name.text)}" has no operator: expected = != < > <= >= LIKE, IN or IS NULL`;
  scan.faults.push({ code: 'missing-operator', message, start: name.start, end: name.end });
}

/** A placeholder such as `<UpdateColumnName>` may stand for a name. */
const bareName = /<[\w -]+>|[^\s=!<>≥≤≠()'"`,&]+/y;

function readName(scan: Scan): WhereName | undefined {
  const from = scan.at;
  const quote = scan.text.charAt(from);
  if (quote === "'" || quote === '`' || quote === '"') return readQuotedName(scan, quote);
  if (isMatchAt(junctionWord, scan.text, from)) return undefined;
  if (!readCall(scan)) {
    const found = matchAt(bareName, scan.text, from);
    if (found === undefined) return undefined;
    scan.at = from + found.length;
  }
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
