import type { Leaf } from '../../model/model.ts';
import type { Fix } from '../../problem/problem.ts';
import { parsePollUrl } from '../../template/parse-poll-url.ts';
import type { PollUrlFault } from '../../template/poll-url.ts';
import { pollUrlOf } from '../poll-url.ts';
import { findHtmlEscapes, findOuterQuotes } from '../url-characters.ts';
import type { Rule, RuleReport } from '../rule.ts';

export default {
  id: 'url-syntax',
  severity: 'error',
  summary: 'a URL that lacks its question mark, an equals sign or a brace',
  why: 'A URL is a path, a question mark and `name=value` pairs joined by `&`. Without the question mark the query becomes a part of the path, and without its equals sign `where` is no filter: the platform looks for a resource of a strange name, or reads the whole list.',
  fixable: true,
  examples: [
    {
      bad: "contacts:\n  url: /hubs/crm/contacts&where=updated>'${epoch}'\n",
      says: ['the query is part of the path: expected "?" before it'],
      good: "contacts:\n  url: /hubs/crm/contacts?where=updated>'${epoch}'\n",
    },
    {
      bad: "contacts:\n  url: /hubs/crm/contacts?where updated>'${epoch}'\n",
      says: ['the where clause has no equals sign: expected "where="'],
      good: "contacts:\n  url: /hubs/crm/contacts?where=updated>'${epoch}'\n",
    },
    {
      bad: "records:\n  url: /hubs/db/{objectName?where=updated>'${epoch}'\n",
      says: ['the placeholder "{objectName" is not closed: expected "}"'],
      good: "records:\n  url: /hubs/db/{objectName}?where=updated>'${epoch}'\n",
    },
    {
      bad: "contacts:\n  url: /hubs/crm/contacts??where=updated>'${epoch}'\n",
      says: ['"?where" is no parameter: expected "where"'],
      good: "contacts:\n  url: /hubs/crm/contacts?where=updated>'${epoch}'\n",
    },
    {
      bad: "contacts:\n  url: /hubs/crm/contacts?Where=updated>'${epoch}'\n",
      says: ['"Where" is no parameter: expected "where"'],
      good: "contacts:\n  url: /hubs/crm/contacts?where=updated>'${epoch}'\n",
    },
    {
      bad: "contacts:\n  url: /hubs/crm/contacts?wher=updated>'${epoch}'\n",
      says: ['"wher" is no parameter: expected "where"'],
      good: "contacts:\n  url: /hubs/crm/contacts?where=updated>'${epoch}'\n",
    },
    {
      bad: "contacts:\n  url: /hubs/crm/contacts?where=updated>'${epoch}'&where=active='true'\n",
      says: ['a second "where": only one of the two is read'],
      good: "contacts:\n  url: /hubs/crm/contacts?where=updated>'${epoch}' and active='true'\n",
    },
    {
      bad: 'contacts:\n  url: /hubs/crm/contacts?where=updated&gt;&#39;${epoch}&#39;&amp;pageSize=50\n',
      says: ['"&gt;" is an escape of HTML: expected >'],
      good: "contacts:\n  url: /hubs/crm/contacts?where=updated>'${epoch}'&pageSize=50\n",
    },
    {
      bad: 'contacts:\n  url: |-\n    "/hubs/crm/contacts?where=updated>\'${epoch}\'"\n',
      says: ['the URL stands in quotes of its own: expected it to begin with "/"'],
      good: "contacts:\n  url: |-\n    /hubs/crm/contacts?where=updated>'${epoch}'\n",
    },
  ],
  *checkEntries({ poller }) {
    for (const { url } of poller?.entries ?? []) {
      if (url !== undefined) {
        yield* checkQuotes(url);
        yield* checkEscapes(url);
      }
      for (const fault of url === undefined ? [] : pollUrlOf(url).faults) {
        if (url !== undefined && fault.code === 'where-name') yield misspeltWhere(url, fault);
        if (url !== undefined && fault.code === 'where-twice') yield secondWhere(url, fault);
        if (url === undefined || !isSyntaxFault(fault)) continue;
        const fix = fixOf(url, fault);
        const help = 'The platform looks for a resource of that name, or reads the whole list.';
        yield { leaf: url, span: fault, message: fault.message, help, ...(fix && { fix }) };
      }
    }
  },
} satisfies Rule;

function* checkQuotes(url: Leaf<string>): Iterable<RuleReport> {
  const quotes = findOuterQuotes(url.value);
  const [first] = quotes;
  if (first === undefined) return;
  yield {
    leaf: url,
    span: first,
    message: `the URL stands in quotes of its own: expected it to begin with "/"`,
    help: 'The quotes of the file are outside of the value; these are a part of it, and no path begins with one.',
    fix: {
      safe: true,
      title: 'remove them',
      edits: quotes.map(({ start, end }) => url.editOf(start, end, '')),
    },
  };
}

function* checkEscapes(url: Leaf<string>): Iterable<RuleReport> {
  const escapes = findHtmlEscapes(url.value);
  const [first] = escapes;
  if (first === undefined) return;
  yield {
    leaf: url,
    span: first,
    message: `"${first.written}" is an escape of HTML: expected ${first.meant}`,
    help: 'The URL was copied from a web page or an XML file. Nobody turns its escapes back.',
    fix: {
      safe: true,
      title: escapes.length === 1 ? `write ${first.meant}` : 'write the characters that are meant',
      edits: escapes.map(({ start, end, meant }) => url.editOf(start, end, meant)),
    },
  };
}

/** Whether the platform minds the case is not known; that nobody reads `?where` is. */
function misspeltWhere(url: Leaf<string>, { message, start, end }: PollUrlFault): RuleReport {
  const isSpelt = url.value.slice(start, end).toLowerCase() === 'where';
  return {
    leaf: url,
    span: { start, end },
    severity: isSpelt ? 'warning' : 'error',
    message,
    help: 'A parameter of another name is passed over, and the whole list is read at every poll.',
    fix: { safe: true, title: 'write "where"', edits: [url.editOf(start, end, 'where')] },
  };
}

function secondWhere(url: Leaf<string>, { message, start, end }: PollUrlFault): RuleReport {
  return {
    leaf: url,
    span: { start, end },
    message,
    help: 'Which one, nobody says. Join the conditions of both with and, in one where clause.',
    fix: {
      safe: false,
      title: 'join both with and',
      edits: [url.editOf(start - 1, end + 1, ' and ')],
    },
  };
}

const missing = { 'missing-question-mark': '?', 'missing-equals': '=', 'unclosed-placeholder': '}' } as const;

type SyntaxFault = Extract<PollUrlFault, { code: keyof typeof missing }>;

function isSyntaxFault(fault: PollUrlFault): fault is SyntaxFault {
  return Object.hasOwn(missing, fault.code);
}

/** The sign goes where it is missing, in place of whatever was typed instead of it. */
function fixOf(url: Leaf<string>, { code, insertAt }: SyntaxFault): Fix | undefined {
  const text = missing[code];
  const instead = code === 'missing-question-mark' ? /^&/ : /^ (?=\S)/;
  const length =
    code === 'unclosed-placeholder' ? 0 : (instead.exec(url.value.slice(insertAt))?.[0].length ?? 0);
  const mended = url.value.slice(0, insertAt) + text + url.value.slice(insertAt + length);
  if (parsePollUrl(mended).faults.length >= pollUrlOf(url).faults.length) return undefined;
  const edits = [url.editOf(insertAt, insertAt + length, text)];
  return { safe: parsePollUrl(mended).faults.length === 0, title: `write "${text}"`, edits };
}
