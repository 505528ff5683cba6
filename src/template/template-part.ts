import type { CompiledPattern } from './compile-pattern.ts';
import type { FaultPlace } from './fault-place.ts';
import type { PatternFault } from './read-pattern.ts';
import type { Zone } from './resolve-zone.ts';
import type { EpochUnit, TemplateVariable } from './template-variables.ts';

/** A text longer than this (UTF-16 units) is refused: real URLs have under 300. */
export const maximumTemplateLength = 20_000;

/** Templates beyond this many in one text are refused. Real URLs have one or two. */
export const maximumTemplates = 100;

/** Text that is passed on as it is. Offsets are those of the text given, here and below. */
export interface LiteralPart {
  readonly kind: 'literal';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A run of a text that means something by itself: the zone of a template, its pattern. */
export interface Span {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** `${name:zone:pattern}`. One with faults is left as it is when the text is expanded. */
export interface TemplatePart {
  readonly kind: 'template';
  /** From `${` to the closing brace. */
  readonly source: string;
  readonly start: number;
  readonly end: number;
  /** `$<` is the platform's other notation for the same thing. */
  readonly opener: '${' | '$<';
  /** As written; see `variable` for what it means. */
  readonly name: Span;
  /** Undefined when no such variable exists. */
  readonly variable: TemplateVariable | undefined;
  readonly zone: (Span & { readonly zone: Zone }) | undefined;
  /** Undefined when none is given: then a date is written in the entry's `updatedDateFormat`. */
  readonly pattern: (Span & { readonly compiled: CompiledPattern | undefined }) | undefined;
  /** The unit of `epoch` and `milliseconds`. */
  readonly unit: EpochUnit | undefined;
  readonly faults: readonly TemplateFault[];
}

export type TextPart = LiteralPart | TemplatePart;

/** Why a template cannot be filled in. */
export type TemplateFault =
  | PatternFault
  | (FaultPlace &
      (
        | { readonly code: 'text-too-long' }
        | { readonly code: 'too-many-templates' }
        | { readonly code: 'unclosed-template'; readonly insertAt: number; readonly insert: '}' | '>' }
        | {
            readonly code: 'unknown-variable';
            readonly name: string;
            readonly suggestion: TemplateVariable | undefined;
          }
        /** A pattern without a variable before it; `insertAt` is where `date:` would go. */
        | { readonly code: 'missing-variable'; readonly insertAt: number }
        | { readonly code: 'missing-zone'; readonly insertAt: number }
        /** `gmtDate:PST:…`: of a zone where only a format may stand. */
        | { readonly code: 'unexpected-zone'; readonly suggestion: 'dateTimeZone' | 'nowTimeZone' }
        /** `dateTimeZone:FORMAT:ZONE`. */
        | { readonly code: 'swapped-zone'; readonly replacement: string }
        | { readonly code: 'empty-pattern' }
        | { readonly code: 'unknown-epoch-unit'; readonly unit: string }
        | { readonly code: 'unexpected-argument'; readonly argument: string }
        /** `milliseconds` or `timestamp` as a pattern: allowed as a date format, not here. */
        | { readonly code: 'keyword-as-pattern'; readonly keyword: string; readonly suggestion: string }
      ));
