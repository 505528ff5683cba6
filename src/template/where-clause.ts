import type { FaultPlace } from './fault-place.ts';
import type { Span, TemplatePart } from './template-part.ts';

export const whereOperators = [
  '=',
  '!=',
  '<',
  '>',
  '<=',
  '>=',
  'LIKE',
  'IN',
  'IS NULL',
  'IS NOT NULL',
] as const;
export type WhereOperator = (typeof whereOperators)[number];

/** A field name; `name` is without its quotes, `text` as written. */
export interface WhereName extends Span {
  readonly name: string;
  readonly quote: "'" | '`' | '"' | undefined;
}

/** A value; `value` is without its quotes. `templates` are those inside it. */
export interface WhereValue extends Span {
  readonly value: string;
  readonly isQuoted: boolean;
  readonly templates: readonly TemplatePart[];
}

/** `name operator value`. Whatever the author left out is undefined, with a fault that says so. */
export interface WhereCondition {
  readonly kind: 'condition';
  readonly start: number;
  readonly end: number;
  readonly name: WhereName;
  readonly operator: (Span & { readonly operator: WhereOperator | undefined }) | undefined;
  /** One for most operators, several for IN, none for IS NULL. */
  readonly values: readonly WhereValue[];
  /** True for a name that is an instruction to the connector and no field: `attributes='a,b'`. */
  readonly isPseudo: boolean;
}

/** `left and right and …`; `and` binds closer than `or`. */
export interface WhereJunction {
  readonly kind: 'and' | 'or';
  readonly start: number;
  readonly end: number;
  readonly operands: readonly WhereNode[];
}

export type WhereNode = WhereCondition | WhereJunction;

export type WhereFault = FaultPlace &
  (
    | { readonly code: 'empty-where' }
    /** From the quote that is there; the other one belongs at `insertAt`. */
    | { readonly code: 'unclosed-quote'; readonly quote: string; readonly insertAt: number }
    /** Covers the second one of two closing quotes. */
    | { readonly code: 'doubled-quote' }
    | { readonly code: 'missing-operator' }
    | {
        readonly code: 'unknown-operator';
        readonly operator: string;
        readonly suggestion: string | undefined;
      }
    | { readonly code: 'missing-value' }
    | { readonly code: 'missing-condition' }
    | { readonly code: 'unclosed-parenthesis'; readonly insertAt: number }
    | { readonly code: 'too-deep' }
    | { readonly code: 'unexpected-text'; readonly text: string }
    /** OData, SQL or a script, which the platform does not know and the provider may. */
    | { readonly code: 'provider-syntax' }
    | { readonly code: 'trailing-junk'; readonly text: string }
    | { readonly code: 'stray-blank' }
  );

export interface WhereClause extends Span {
  readonly root: WhereNode | undefined;
  /** All conditions, in the order in which they were written. */
  readonly conditions: readonly WhereCondition[];
  readonly faults: readonly WhereFault[];
}
