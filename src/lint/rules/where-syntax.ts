import type { Leaf } from '../../model/model.ts';
import type { Fix } from '../../problem/problem.ts';
import { parsePollUrl } from '../../template/parse-poll-url.ts';
import type { PollUrlFault } from '../../template/poll-url.ts';
import type { WhereFault, WhereValue } from '../../template/where-clause.ts';
import { excerpt } from '../../template/excerpt.ts';
import { pollUrlOf } from '../poll-url.ts';
import type { Rule, RuleReport } from '../rule.ts';

export default {
  id: 'where-syntax',
  severity: 'error',
  summary: 'a where clause that is not one: an operator, a value or a word is missing or too many',
  why: "A where clause is `name operator value`, joined by `and` or `or`, with text and dates in single quotes: `updated>='${gmtDate:…}' and status='open'`. Operators are `= != < > <= >= LIKE IN` and `IS NULL`. Anything else is refused by the platform, or dropped by the connector together with the filter.",
  fixable: true,
  examples: [
    {
      bad: "contacts:\n  url: /hubs/crm/contacts?where=updated=>'${gmtDate:yyyy-MM-dd}'\n",
      says: ['unknown operator "=>": did you mean ">="?'],
      good: "contacts:\n  url: /hubs/crm/contacts?where=updated>='${gmtDate:yyyy-MM-dd}'\n",
    },
    {
      bad: "contacts:\n  url: /hubs/crm/contacts?where=(a='1' or b='2' and updated>'${epoch}'\n",
      says: ['the parenthesis is not closed: expected ")"'],
      good: "contacts:\n  url: /hubs/crm/contacts?where=(a='1' or b='2' and updated>'${epoch}')\n",
    },
    {
      bad: "contacts:\n  url: /hubs/crm/contacts?where=updated '${epoch}'\n",
      says: ['"updated" has no operator: expected = != < > <= >= LIKE, IN or IS NULL'],
      good: "contacts:\n  url: /hubs/crm/contacts?where=updated>'${epoch}'\n",
    },
    {
      bad: "contacts:\n  url: /hubs/crm/contacts?where=updated>'${epoch}' and\n",
      says: ['a condition is missing: expected name, operator and value'],
      good: "contacts:\n  url: /hubs/crm/contacts?where=updated>'${epoch}'\n",
    },
    {
      bad: `contacts:\n  url: '/hubs/crm/contacts?where=updated>"\${epoch}"'\n`,
      says: ['the value "${epoch}" stands in double quotes: expected single quotes'],
      good: `contacts:\n  url: '/hubs/crm/contacts?where=updated>''\${epoch}'''\n`,
    },
    {
      bad: "contacts:\n  url: /hubs/crm/contacts?where=updated>datetime'${gmtDate:yyyy-MM-dd}'\n",
      says: [
        "\"datetime'${gmtDate:yyyy-MM-dd}'\" is a literal of the provider's own language: expected the text in single quotes alone",
      ],
      good: "contacts:\n  url: /hubs/crm/contacts?where=updated>'${gmtDate:yyyy-MM-dd}'\n",
    },
    {
      bad: "contacts:\n  url: /hubs/crm/contacts?where=updated>'${epoch}' && active='true'\n",
      says: ['"&&" joins no conditions: expected and'],
      good: "contacts:\n  url: /hubs/crm/contacts?where=updated>'${epoch}' and active='true'\n",
    },
  ],
  *checkEntries({ poller, elementKey }) {
    for (const { url } of poller?.entries ?? []) {
      for (const fault of url === undefined ? [] : pollUrlOf(url).faults) {
        if (url !== undefined && fault.code === 'double-ampersand') yield doubleAmpersand(url, fault);
        if (url === undefined || !isSyntaxFault(fault)) continue;
        const fix = fixOf(url, fault);
        yield {
          leaf: url,
          span: fault,
          message: fault.message,
          // Some connectors hand the clause to the provider as it is; Sage's does not.
          ...(isOfProvider(fault) && elementKey?.value !== 'sageone' && { severity: 'warning' }),
          help: helps[fault.code],
          ...(fix && { fix }),
        };
      }
      const conditions = url === undefined ? [] : (pollUrlOf(url).where?.conditions ?? []);
      for (const value of conditions.flatMap(({ values }) => values))
        if (url !== undefined && /^(["`])[^]*\1$/.test(value.text)) yield otherQuotes(url, value);
    }
  },
} satisfies Rule;

function doubleAmpersand(url: Leaf<string>, { message, start, end }: PollUrlFault): RuleReport {
  return {
    leaf: url,
    span: { start, end },
    message,
    help: 'An "&" ends the where clause, and what follows is a parameter that nobody reads.',
    fix: { safe: true, title: 'write "and"', edits: [url.editOf(start, end, 'and')] },
  };
}

/** No page has it, so that it works with some connectors cannot be ruled out. */
function otherQuotes(url: Leaf<string>, { start, end, text, templates }: WhereValue): RuleReport {
  const inner = url.value.slice(start + 1, templates[0]?.start ?? end - 1);
  return {
    leaf: url,
    span: { start, end },
    severity: 'warning',
    message: `the value ${excerpt(text)} stands in ${text.startsWith('"') ? 'double quotes' : 'backticks'}: expected single quotes`,
    help: 'Text and dates of a where clause stand in single quotes; anything else may be taken for the name of a field.',
    ...(!inner.includes("'") && {
      fix: {
        safe: true,
        title: 'write single quotes',
        edits: [url.editOf(start, start + 1, "'"), url.editOf(end - 1, end, "'")],
      },
    }),
  };
}

function isOfProvider(fault: SyntaxFault): boolean {
  if (fault.code === 'provider-syntax') return true;
  return fault.code === 'unknown-operator' && operatorsOfProviders.test(fault.operator);
}

/** Of OData, SQL and the like; a sign such as `=>` is nobody's. */
const operatorsOfProviders = /^(?:eq|ne|gte?|ge|lte?|le|between|contains|not\s+(?:in|like)|<>)$/i;

const helps = {
  'missing-operator': 'Without one the condition compares nothing.',
  'unknown-operator':
    'Only the operators of the query language of the platform work, whatever the provider itself has.',
  'missing-value': 'Text and dates stand in single quotes, numbers alone.',
  'missing-condition': 'Write a condition there, or take the word beside it out.',
  'unclosed-parenthesis': 'What it groups must end somewhere; the end of the clause is only a guess.',
  'provider-syntax':
    'Only a connector that hands the clause on as it is can do anything with it: the query language of the platform has names, operators and values.',
  'too-deep': 'Nobody needs that many. Take the superfluous ones out.',
  'unexpected-text':
    'Conditions are joined by "and" or "or". A value with a blank in it stands in single quotes.',
} as const satisfies Partial<Record<WhereFault['code'], string>>;

type SyntaxFault = Extract<WhereFault, { code: keyof typeof helps }>;

function isSyntaxFault(fault: PollUrlFault): fault is SyntaxFault {
  return Object.hasOwn(helps, fault.code);
}

function fixOf(url: Leaf<string>, fault: SyntaxFault): Fix | undefined {
  if (fault.code === 'unknown-operator' && fault.suggestion !== undefined) {
    const safe = !/\w/.test(fault.operator); // `=>` can only be `>=`; a word may be the provider's own language
    // Words need their blanks, signs do not: `a eq 1` becomes `a = 1`.
    const edits = [url.editOf(fault.start, fault.end, fault.suggestion)];
    return { safe, title: `write "${fault.suggestion}"`, edits };
  }
  if (fault.code === 'unclosed-parenthesis') {
    const { insertAt } = fault;
    const closed = `${url.value.slice(0, insertAt)})${url.value.slice(insertAt)}`;
    if (parsePollUrl(closed).faults.length > 0) return undefined;
    return { safe: false, title: 'add ")" at the end', edits: [url.editOf(insertAt, insertAt, ')')] };
  }
  return undefined;
}
