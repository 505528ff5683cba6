/**
 * The public API. Nothing here reads a file or the network; `parseDate` alone reads the clock, for two-digit years, when
 * it is not given `now`.
 */
export { lintText, type LintedText, type LintOptions } from './lint/lint-text.ts';
export { fixText, type FixedText, type FixOptions } from './lint/fix-text.ts';
export type { Edit, Finding, Fix, Problem, Range, RelatedRange, Severity } from './problem/problem.ts';
export { SagecfgError, type ErrorCode } from './problem/sagecfg-error.ts';

export {
  compilePattern,
  formatDate,
  parseDate,
  patternKeywords,
  type PatternKeyword,
} from './template/compile-pattern.ts';
export { defaultDateFormat, expandUrl, type ExpandedPiece } from './template/expand-url.ts';
export { parsePollUrl } from './template/parse-poll-url.ts';
export type { UrlFault } from './template/poll-url.ts';
export { parseTemplate } from './template/parse-template.ts';
export { resolveZone, type ZoneKind } from './template/resolve-zone.ts';
export type { WhereJunction } from './template/where-clause.ts';

export type { Entry, Instance, PollerConfiguration } from './model/model.ts';
