import type { FaultPlace } from './fault-place.ts';
import type { ParsedTemplate } from './parse-template.ts';
import type { Span, TemplateFault, TemplatePart } from './template-part.ts';
import type { WhereClause, WhereFault } from './where-clause.ts';

/** What is wrong with the URL around its templates and its where clause. */
export type UrlFault = FaultPlace &
  (
    | { readonly code: 'empty-url' }
    /** A blank at either end, or a line break or tab anywhere. */
    | { readonly code: 'stray-blank' }
    /** A quote or brace that closes nothing. */
    | { readonly code: 'trailing-junk'; readonly text: string }
    /** A raw `&` within a quoted value: it would end the parameter; `%26` is meant. */
    | { readonly code: 'ampersand-in-value' }
    /** The query begins without its `?`, which belongs at `insertAt`. */
    | { readonly code: 'missing-question-mark'; readonly insertAt: number }
    /** A placeholder in the path has no closing brace; it belongs at `insertAt`. */
    | { readonly code: 'unclosed-placeholder'; readonly insertAt: number }
    /** `where` is not followed by its `=`, which belongs at `insertAt`. */
    | { readonly code: 'missing-equals'; readonly insertAt: number }
    /** A quoted value of a parameter other than `where` never ends; the quote belongs at `insertAt`. */
    | { readonly code: 'unclosed-quote'; readonly insertAt: number; readonly quote: string }
    /** A parameter that is nearly `where`, and so is not read: `Where`, `?where`. */
    | { readonly code: 'where-name' }
    /** What would be a template if its `${` were whole. */
    | { readonly code: 'unopened-template'; readonly replacement: string }
    /** See `findSlips`. */
    | { readonly code: 'template-slip'; readonly replacement: string }
    /** `&&` between conditions. */
    | { readonly code: 'double-ampersand' }
    /** A second parameter of that name. */
    | { readonly code: 'where-twice' }
  );

export type PollUrlFault = TemplateFault | WhereFault | UrlFault;

/** `name=value` behind the question mark. */
export interface QueryParameter {
  readonly start: number;
  readonly end: number;
  readonly name: Span;
  /** Undefined when there is no equals sign. As written: neither decoded nor filled in. */
  readonly value: Span | undefined;
  readonly templates: readonly TemplatePart[];
}

/** The URL of a poller entry, taken apart. All offsets are those of the URL given. */
export interface PollUrl {
  readonly source: string;
  readonly path: Span & { readonly templates: readonly TemplatePart[] };
  readonly parameters: readonly QueryParameter[];
  /** The clause of the first parameter named `where`. */
  readonly where: WhereClause | undefined;
  readonly template: ParsedTemplate;
  readonly templates: readonly TemplatePart[];
  /** Of the templates, the clause and the URL itself, in order of place. */
  readonly faults: readonly PollUrlFault[];
}
