/** The public API. Everything is pure: nothing here reads a file, a clock or the network. */
export { lintText, type LintedText, type LintOptions } from './lint/lint-text.ts';
export { fixText, type FixedText, type FixOptions } from './lint/fix-text.ts';
export type { Edit, Finding, Fix, Problem, Range, RelatedRange, Severity } from './problem/problem.ts';
export { SagecfgError, type ErrorCode } from './problem/sagecfg-error.ts';

export { compilePattern, formatDate, parseDate } from './template/compile-pattern.ts';
export { expandUrl } from './template/expand-url.ts';
export { parsePollUrl } from './template/parse-poll-url.ts';
export { parseTemplate } from './template/parse-template.ts';

export type { Entry, Instance, PollerConfiguration } from './model/model.ts';
