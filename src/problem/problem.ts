/**
 * How bad, and how sure. *error*: the platform or our runtime refuses it, or certainly does something else than was meant.
 * *warning*: legal and probably wrong, or unsafe. *info*: worth knowing. From worst to mildest.
 */
export const severities = ['error', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** A half-open span of an input's text, in UTF-16 units from 0. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Replaces the text of `range` by `text`. An insertion has an empty range. */
export interface Edit {
  readonly range: Range;
  readonly text: string;
}

/** A repair. A safe fix cannot change what the author meant; an unsafe one is a guess that wants a look. */
export interface Fix {
  readonly safe: boolean;
  /** What the fix does, as an imperative phrase: `add the missing closing quote`. */
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** Another place that explains the problem: the first definition of a duplicate, the alias that led here. */
export interface RelatedRange {
  readonly range: Range;
  readonly message: string;
}

/** One thing found at one place of one input, before the rule's severity, settings and suppressions are applied. */
export interface Finding {
  /** Rule id, kebab-case. */
  readonly rule: string;
  /** Only where it differs from the rule's own. */
  readonly severity?: Severity;
  /** One line, lower case: quotes the value and says what was expected. Never holds a secret. */
  readonly message: string;
  /** Why it matters and what to do, in a sentence or two. */
  readonly help?: string;
  readonly range: Range;
  /** JSON Pointer (RFC 6901) of the value in its document. */
  readonly pointer: string;
  readonly related?: readonly RelatedRange[];
  readonly fix?: Fix;
}

/** A finding that counts, as it is reported. */
export interface Problem extends Finding {
  readonly severity: Severity;
}

const rank: Record<Severity, number> = { error: 0, warning: 1, info: 2 };

/** True when `severity` is as bad as `threshold` or worse. */
export function isAtLeast(severity: Severity, threshold: Severity): boolean {
  return rank[severity] <= rank[threshold];
}

/** By place, then by severity: the order in which every report lists problems. */
export function compareProblems(left: Problem, right: Problem): number {
  return (
    left.range.start - right.range.start ||
    left.range.end - right.range.end ||
    rank[left.severity] - rank[right.severity] ||
    // Not `localeCompare`: to start it takes as long as to check a small file.
    (left.rule < right.rule ? -1 : Number(left.rule > right.rule))
  );
}
