import { parsePollUrl } from '../../template/parse-poll-url.ts';
import type { PollUrl, QueryParameter } from '../../template/poll-url.ts';
import type { WhereCondition, WhereNode, WhereValue } from '../../template/where-clause.ts';
import { formatInstant } from './parse-instant.ts';
import type { EntryExpansion } from './expand-entry.ts';

/**
 * What a URL asks for, in plain words: what is listed first, then one line for each thing that narrows, orders or
 * divides it.
 */
export function describeUrl(expansion: EntryExpansion): readonly string[] {
  const url = parsePollUrl(expansion.url);
  const conditions = url.where?.root === undefined ? [] : describeNode(url.where.root, expansion);
  const others = url.parameters.flatMap((parameter) => describeParameter(parameter, expansion));
  const listed = [...conditions, ...others];
  const isNarrowed =
    conditions.length > 0 || url.parameters.some(({ name }) => !(name.text in knownParameters));
  return [whatIsListed(url, expansion, isNarrowed), ...listed];
}

function whatIsListed({ path }: PollUrl, expansion: EntryExpansion, isNarrowed: boolean): string {
  const text = fillIn(path, expansion).trim();
  const slash = text.lastIndexOf('/');
  const name = text.slice(slash + 1);
  const place = slash > 0 ? ` in ${text.slice(0, slash)}` : '';
  return `${isNarrowed ? '' : 'all '}${name === '' ? text : name}${name === '' ? '' : place}`;
}

function describeNode(node: WhereNode, expansion: EntryExpansion): readonly string[] {
  if (node.kind === 'condition') return [describeCondition(node, expansion)];
  const parts = node.operands.map((operand) => describeNode(operand, expansion));
  return node.kind === 'and'
    ? parts.flat()
    : [`either ${parts.map((part) => part.join(' and ')).join(', or ')}`];
}

function describeCondition(condition: WhereCondition, expansion: EntryExpansion): string {
  const { name, operator, values } = condition;
  const [value] = values;
  const pseudo = condition.isPseudo ? pseudoConditions[name.name.toLowerCase()] : undefined;
  if (pseudo !== undefined) return pseudo(value === undefined ? '' : valueText(value, expansion));
  const written = values.map((each) => showValue(each, expansion)).join(', ');
  const isTime = values.some(({ templates }) => templates.length > 0);
  const words = { ...operatorWords, ...(isTime && timeWords) }[operator?.operator ?? '='] ?? 'is …';
  return `whose "${name.name}" ${words.replace('…', written)}`;
}

const operatorWords: Readonly<Record<string, string>> = {
  '=': 'is …',
  '!=': 'is not …',
  '>': 'is more than …',
  '>=': 'is … or more',
  '<': 'is less than …',
  '<=': 'is … or less',
  LIKE: 'looks like …',
  IN: 'is one of …',
  'IS NULL': 'is empty',
  'IS NOT NULL': 'is not empty',
};

const timeWords: Readonly<Record<string, string>> = {
  '>': 'is after …',
  '>=': 'is … or later',
  '<': 'is before …',
  '<=': 'is … or earlier',
};

const pseudoConditions: Readonly<Record<string, (value: string) => string>> = {
  attributes: (value) => `with ${listOf('the field', value)} of each`,
  fetchchanges: (value) =>
    value === 'true' ? 'that the provider itself has noted as changed' : 'changed or not',
  direction: (value) => `in ${value === 'desc' ? 'descending' : 'ascending'} order`,
  rows: (value) => `${value} at a time`,
  start: (value) => `from number ${value} on`,
  search: (value) => `that a search for "${value}" finds`,
  q: (value) => `that a search for "${value}" finds`,
};

function describeParameter(parameter: QueryParameter, expansion: EntryExpansion): readonly string[] {
  const { name, value } = parameter;
  if (name.text === 'where' || value === undefined) return [];
  const text = fillIn(value, expansion).replace(/^'(.*)'$/, '$1');
  const known = knownParameters[name.text];
  return [known === undefined ? `with ${name.text} = ${text}` : known(text)];
}

const knownParameters: Readonly<Record<string, (value: string) => string>> = {
  orderBy: (value) => {
    const [field = '', direction = 'asc'] = value.split(/(?:\s|%20|\+)+/);
    return `sorted by "${field}", ${direction.toLowerCase() === 'desc' ? 'the largest or latest first' : 'the smallest or earliest first'}`;
  },
  fields: (value) => `with ${listOf('the field', value)} of each`,
  attributes: (value) => `with ${listOf('the field', value)} of each`,
  pageSize: (value) => `${value} at a time`,
  page: (value) => `page ${value} only`,
};

function listOf(what: string, commaSeparated: string): string {
  const names = commaSeparated.split(',').map((name) => name.trim());
  const last = names.pop() ?? '';
  return names.length === 0 ? `${what} ${last}` : `${what}s ${names.join(', ')} and ${last}`;
}

/** With the time in a form that everyone can read, where the URL's own is another. */
function showValue(value: WhereValue, expansion: EntryExpansion): string {
  const text = valueText(value, expansion);
  const template = value.templates[0];
  const piece = expansion.pieces.find(({ start, kind }) => kind === 'template' && start === template?.start);
  if (piece?.kind !== 'template') return text;
  const readable = formatInstant(piece.epochMs);
  return text === readable ? text : `${text} (${readable})`;
}

function valueText(value: WhereValue, expansion: EntryExpansion): string {
  const quote = value.isQuoted ? 1 : 0;
  return fillIn({ start: value.start + quote, end: value.end - quote }, expansion);
}

/** A part of the URL with its templates filled in. */
function fillIn(
  { start, end }: { readonly start: number; readonly end: number },
  { pieces, url }: EntryExpansion,
): string {
  return pieces
    .filter((piece) => piece.start < end && start < piece.end)
    .map((piece) =>
      piece.kind === 'literal'
        ? url.slice(Math.max(piece.start, start), Math.min(piece.end, end))
        : piece.text,
    )
    .join('');
}
