import type { Leaf } from '../../model/model.ts';
import type { Fix } from '../../problem/problem.ts';
import { compilePattern } from '../../template/compile-pattern.ts';
import type { PatternFault } from '../../template/read-pattern.ts';
import { pollUrlOf } from '../poll-url.ts';
import type { Rule, RuleReport } from '../rule.ts';

export default {
  id: 'invalid-date-pattern',
  severity: 'error',
  summary: 'a date pattern that Java refuses',
  why: "Patterns are those of Java's SimpleDateFormat. A letter that means nothing there, or a quote that is never closed, makes the pattern invalid as a whole: no date is rendered or read, and nothing is polled. Letters that stand for themselves are quoted: `'T'`.",
  fixable: true,
  examples: [
    {
      bad: "contacts:\n  url: /hubs/crm/contacts\n  idField: id\n  datesConfiguration:\n    updatedDateField: updated\n    updatedDateFormat: yyyy-MM-dd'T'HH:mm:ss'\n",
      says: [`"yyyy-MM-dd'T'HH:mm:ss'" ends with a quote that opens nothing: remove it`],
      good: "contacts:\n  url: /hubs/crm/contacts\n  idField: id\n  datesConfiguration:\n    updatedDateField: updated\n    updatedDateFormat: yyyy-MM-dd'T'HH:mm:ss\n",
    },
    {
      bad: "contacts:\n  url: \"/hubs/crm/contacts?where=updated>'${gmtDate:yyyy-MM-dd'THH:mm:ss'Z'}'\"\n",
      says: [`a quote is missing in "yyyy-MM-dd'THH:mm:ss'Z'": expected "yyyy-MM-dd'T'HH:mm:ss'Z'"`],
      good: "contacts:\n  url: \"/hubs/crm/contacts?where=updated>'${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'\"\n",
    },
  ],
  *checkEntries({ poller }) {
    for (const { url, dates } of poller?.entries ?? []) {
      if (url !== undefined) yield* faultsOfUrl(url);
      for (const format of [dates?.updatedDateFormat, dates?.createdDateFormat]) {
        if (format !== undefined && format.value.trim() !== '') yield* faultsOfPattern(format);
      }
    }
  },
} satisfies Rule;

const patternFaults = new Set<string>([
  'pattern-too-long',
  'unterminated-quote',
  'unknown-letter',
  'too-many-letters',
  'not-a-pattern',
] satisfies PatternFault['code'][]);

function* faultsOfUrl(url: Leaf<string>): Iterable<RuleReport> {
  for (const fault of pollUrlOf(url).faults) if (isPatternFault(fault)) yield report(url, fault);
}

function isPatternFault(fault: { readonly code: string }): fault is PatternFault {
  return patternFaults.has(fault.code);
}

function* faultsOfPattern(format: Leaf<string>): Iterable<RuleReport> {
  const compiled = compilePattern(format.value);
  for (const fault of compiled.ok ? [] : compiled.faults) yield report(format, fault);
}

function report(leaf: Leaf<string>, fault: PatternFault): RuleReport {
  const fix = fixOf(leaf, fault);
  const help = 'Java refuses the whole pattern, so the poll fails or finds nothing.';
  return { leaf, span: fault, message: fault.message, help, ...(fix && { fix }) };
}

/** A quote at the very end is superfluous; one that opens a `T` or `Z` can only have been meant to close behind it. */
function fixOf(leaf: Leaf<string>, fault: PatternFault): Fix | undefined {
  if (fault.code === 'unterminated-quote') {
    const { start, end, insertAt } = fault;
    if (insertAt === undefined) {
      return { safe: true, title: 'remove the quote', edits: [leaf.editOf(start, end, '')] };
    }
    const isLetter = /^'?[TZ]'?$/.test(leaf.value.slice(start, end));
    return { safe: isLetter, title: 'add the missing quote', edits: [leaf.editOf(insertAt, insertAt, "'")] };
  }
  if (fault.code === 'not-a-pattern' && fault.suggestion !== undefined) {
    return {
      safe: true,
      title: `write "${fault.suggestion}"`,
      edits: [leaf.editOf(fault.start, fault.end, fault.suggestion)],
    };
  }
  // A bare T between date and time can only be meant as text.
  if (fault.code === 'unknown-letter' && fault.letter === 'T' && fault.end === fault.start + 1) {
    const isBetween =
      /[dD\d ]$/.test(leaf.value.slice(0, fault.start)) && /^[Hhk ]/.test(leaf.value.slice(fault.end));
    const edits = [leaf.editOf(fault.start, fault.end, "'T'")];
    return isBetween ? { safe: true, title: "write 'T'", edits } : undefined;
  }
  return undefined;
}
