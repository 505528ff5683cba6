import { excerpt } from './excerpt.ts';
import { matchAt } from './match-at.ts';
import { whereOperators } from './where-clause.ts';
import type { WhereCondition, WhereOperator } from './where-clause.ts';
import { originalRange } from './where-scan.ts';
import type { Scan } from './where-scan.ts';

const symbol = /[=!<>]+(?: +[=!<>]+)?|[≥≤≠]/y;
const word = /is\s+not\s+null\b|is\s+null\b|like\b|in\b/iy;
const misspelt: Readonly<Record<string, WhereOperator>> = {
  '==': '=',
  '<>': '!=',
  '=>': '>=',
  '=<': '<=',
  '=!': '!=',
  '===': '=',
  '> =': '>=',
  '< =': '<=',
  '! =': '!=',
  '≥': '>=',
  '≤': '<=',
  '≠': '!=',
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

/** Reads an operator, known or not; undefined when nothing like one stands next. */
export function readOperator(scan: Scan): WhereCondition['operator'] {
  const from = scan.at;
  const found = matchAt(symbol, scan.text, from) ?? matchAt(word, scan.text, from);
  const written = found ?? matchAt(foreignWord, scan.text, from);
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
      : `did you mean "${suggestion}"?`;
  const message = `unknown operator "${excerpt(written)}": ${hint}`;
  scan.faults.push({ code: 'unknown-operator', message, ...range, operator: written, suggestion });
  return { text, operator: undefined, ...range };
}
