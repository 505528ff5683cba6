import type { WhereValue } from '../../template/where-clause.ts';
import { pollUrlOf } from '../poll-url.ts';
import type { Rule } from '../rule.ts';

export default {
  id: 'typographic-quote',
  severity: 'error',
  summary: 'a value between the quotes of a word processor',
  why: "Only the straight quote of the keyboard, `'`, begins and ends a value. The curly ones, which word processors and chats put in its place, become a part of the value: the provider gets `’2026-11-23’`, which is no date. They look nearly the same. Inside a value, as in `O’Brien`, they are what they are.",
  fixable: true,
  examples: [
    {
      bad: 'leads:\n  url: /hubs/crm/leads?where=changed>‘${epoch}’\n',
      says: ["the value ‘${epoch}’ stands between curly quotes: expected straight ones, '${epoch}'"],
      good: "leads:\n  url: /hubs/crm/leads?where=changed>'${epoch}'\n",
    },
  ],
  *checkEntries({ poller }) {
    for (const { url } of poller?.entries ?? []) {
      const parsed = url && pollUrlOf(url);
      // With a broken URL nobody can tell where a value ends.
      if (url === undefined || parsed === undefined || parsed.faults.length > 0) continue;
      for (const value of parsed.where?.conditions.flatMap(({ values }) => values) ?? []) {
        if (!isCurly(value)) continue;
        const { text, start, end } = value;
        const straight = `'${text.slice(1, -1)}'`;
        yield {
          leaf: url,
          span: value,
          message: `the value ${text} stands between curly quotes: expected straight ones, ${straight}`,
          help: 'They are sent along as a part of the value. Text that is copied from a document or a chat often has them.',
          fix: {
            safe: true,
            title: 'write straight quotes',
            edits: [url.editOf(start, start + 1, "'"), url.editOf(end - 1, end, "'")],
          },
        };
      }
    }
  },
} satisfies Rule;

function isCurly({ text, isQuoted }: WhereValue): boolean {
  return !isQuoted && /^[‘’‚‛“”„´`′].*[‘’‛“”´`′]$/su.test(text);
}
