import type { Leaf } from '../../model/model.ts';
import type { Fix, Range } from '../../problem/problem.ts';
import { pollUrlOf } from '../poll-url.ts';
import type { Rule, RuleReport } from '../rule.ts';
import { findInvisible } from '../url-characters.ts';

export default {
  id: 'url-whitespace',
  severity: 'warning',
  summary:
    'a blank around a URL, its where clause or the name of its entry, or a line break or an invisible character within',
  why: 'A blank at the edge is sent as `%20` and becomes a part of the path, or of the last value: the provider answers 404, or filters by another text than the one that can be read here. Nobody sees it in an editor. Some vendors ship such a URL, so the platform may trim it; others need not.',
  fixable: true,
  examples: [
    {
      bad: 'contacts:\n  url: " /hubs/crm/contacts?where=updated>\'${epoch}\' "\n',
      says: [
        'blank at the edge of the URL, or a line break within: expected none',
        'blank at the edge of the URL, or a line break within: expected none',
      ],
      good: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${epoch}\'"\n',
    },
    {
      bad: 'contacts:\n  url: "/hubs/crm/contacts?where= updated>\'${epoch}\'"\n',
      says: ['blank before the first condition: expected none'],
      good: 'contacts:\n  url: "/hubs/crm/contacts?where=updated>\'${epoch}\'"\n',
    },
    {
      bad: "contacts:\n  url: \"/hubs/crm/contacts?where=open='1'\\nand updated>'${epoch}'\"\n",
      says: ['blank at the edge of the URL, or a line break within: expected none'],
      good: "contacts:\n  url: \"/hubs/crm/contacts?where=open='1' and updated>'${epoch}'\"\n",
    },
    {
      bad: "'contacts ':\n  url: /hubs/crm/contacts\n",
      says: ['blank at the edge of the name "contacts ": expected "contacts"'],
      good: 'contacts:\n  url: /hubs/crm/contacts\n',
    },
    {
      bad: "contacts:\n  url: \"/hubs/crm/contacts?where=open='1'\\u00a0and updated>'${epoch}'\"\n",
      says: ['invisible character U+00A0: expected a blank'],
      good: "contacts:\n  url: \"/hubs/crm/contacts?where=open='1' and updated>'${epoch}'\"\n",
    },
  ],
  *checkEntries({ poller }) {
    for (const { url, resource } of poller?.entries ?? []) {
      yield* checkName(resource);
      if (url === undefined) continue;
      yield* checkInvisible(url);
      const { faults } = pollUrlOf(url);
      const empty = faults.find(({ code, end }) => goesToTheEnd(url.value, code, end));
      for (const fault of faults) {
        if (!/^\s*$/.test(url.value.slice(fault.start, fault.end))) continue;
        if (fault.code !== 'stray-blank' || (empty !== undefined && fault.start >= empty.start)) continue;
        const help = 'It is sent along as %20 and becomes a part of the path or of the value beside it.';
        yield { leaf: url, span: fault, message: fault.message, help, fix: fixOf(url, fault) };
      }
    }
  },
} satisfies Rule;

/** The blanks of `?where= ` go with the empty clause, and those behind a last `and` with what is missing there. */
function goesToTheEnd(url: string, code: string, end: number): boolean {
  return (
    code === 'empty-where' ||
    code === 'empty-url' ||
    (code === 'missing-condition' && end === url.trimEnd().length)
  );
}

function* checkInvisible(url: Leaf<string>): Iterable<RuleReport> {
  for (const { start, end, written, meant } of findInvisible(url.value)) {
    const code = written.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    yield {
      leaf: url,
      span: { start, end },
      message: `invisible character U+${code}: expected ${meant === ' ' ? 'a blank' : 'none'}`,
      help: 'No program takes it for a blank or for nothing. Text that is copied from a document or a chat often has one.',
      fix: {
        safe: true,
        title: meant === ' ' ? 'write a blank' : 'remove it',
        edits: [url.editOf(start, end, meant)],
      },
    };
  }
}

function* checkName(resource: Leaf<string>): Iterable<RuleReport> {
  const { value } = resource;
  const name = value.trim();
  if (name === value || name === '') return;
  yield {
    leaf: resource,
    message: `blank at the edge of the name ${JSON.stringify(value)}: expected "${name}"`,
    help: 'The name is what events call the records, and no receiver looks for one with a blank.',
  };
}

/** Between two words of a query a line break is as good as a blank; in the middle of a path nobody knows. */
function fixOf(url: Leaf<string>, { start, end }: Range): Fix {
  const { value } = url;
  const isInside = start > 0 && end < value.length && value.charAt(start - 1) !== '=';
  const isInQuery = value.lastIndexOf('?', start) !== -1;
  const hasBlank = value.charAt(start - 1) === ' ' || value.charAt(end) === ' ';
  return isInside && isInQuery && !hasBlank
    ? { safe: true, title: 'write a blank', edits: [url.editOf(start, end, ' ')] }
    : { safe: !isInside || isInQuery, title: 'remove it', edits: [url.editOf(start, end, '')] };
}
