import { compilePattern } from './compile-pattern.ts';
import type { CompiledPattern, ExplainedPiece } from './compile-pattern.ts';
import { encodeLiteral, encodeValue } from './encode-url.ts';
import { parseTemplate } from './parse-template.ts';
import type { ParsedTemplate } from './parse-template.ts';
import type { TemplateFault, TemplatePart } from './template-part.ts';
import { resolveZone } from './resolve-zone.ts';
import type { Zone } from './resolve-zone.ts';
import { templateVariables } from './template-variables.ts';

export interface ExpandOptions {
  /** The time of the last poll, less the entry's `pollDelay`, in epoch milliseconds. */
  readonly sinceMs: number;
  /** The time of this poll, in epoch milliseconds. */
  readonly nowMs: number;
  /** The zone of the platform's servers, in which `date` and `now` are written. Default: UTC. */
  readonly zone?: string;
  /** The pattern of a template without one. Default: `yyyy-MM-dd'T'HH:mm:ss'Z'`, the format of every sample. */
  readonly updatedDateFormat?: string | undefined;
}

/** One part of the template and what it became. Offsets are those of the template. */
export type ExpandedPiece =
  | {
      readonly kind: 'literal';
      readonly source: string;
      readonly text: string;
      readonly start: number;
      readonly end: number;
    }
  | {
      readonly kind: 'template';
      readonly source: string;
      readonly text: string;
      readonly start: number;
      readonly end: number;
      /** The instant written, in epoch milliseconds. */
      readonly epochMs: number;
      /** What the variable stands for, in plain words. */
      readonly meaning: string;
      /** Undefined for a number since 1970. */
      readonly zone: Zone | undefined;
      /** The pattern used: the template's own, or the entry's date format. */
      readonly pattern: string | undefined;
      /** The pattern piece by piece, with what each became. Offsets are those of the pattern. */
      readonly explained: readonly ExplainedPiece[];
    }
  /** A template with faults: it is left as it was written. */
  | {
      readonly kind: 'broken';
      readonly source: string;
      readonly text: string;
      readonly start: number;
      readonly end: number;
    };

export interface ExpandedUrl {
  /** With templates filled in, and otherwise byte for byte as it was. */
  readonly expanded: string;
  /** The same, percent-encoded, ready to be requested. */
  readonly encoded: string;
  readonly pieces: readonly ExpandedPiece[];
  readonly faults: readonly TemplateFault[];
}

export const defaultDateFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

/**
 * Fills in the templates of a URL, exactly as the platform's poller would. Total: a broken template stays as it is.
 * @throws SagecfgError `usage` when `sinceMs` or `nowMs` is no instant.
 */
export function expandUrl(template: string | ParsedTemplate, options: ExpandOptions): ExpandedUrl {
  const parsed = typeof template === 'string' ? parseTemplate(template) : template;
  const context = createContext(options);
  const pieces = parsed.parts.map((part): ExpandedPiece => {
    if (part.kind === 'template') return expandTemplate(part, context);
    return { kind: 'literal', source: part.text, text: part.text, start: part.start, end: part.end };
  });
  return {
    expanded: pieces.map(({ text }) => text).join(''),
    encoded: pieces
      .map((piece) => (piece.kind === 'template' ? encodeValue : encodeLiteral)(piece.text))
      .join(''),
    pieces,
    faults: parsed.faults,
  };
}

interface Context {
  readonly sinceMs: number;
  readonly nowMs: number;
  readonly platformZone: Zone;
  readonly dateFormat: CompiledPattern | undefined;
}

const gmt = resolveZone('GMT');

function createContext({ sinceMs, nowMs, zone = 'UTC', updatedDateFormat }: ExpandOptions): Context {
  const result = compilePattern(updatedDateFormat || defaultDateFormat);
  return {
    sinceMs,
    nowMs,
    platformZone: resolveZone(zone),
    dateFormat: result.ok ? result.pattern : undefined,
  };
}

function expandTemplate(part: TemplatePart, context: Context): ExpandedPiece {
  const place = { source: part.source, start: part.start, end: part.end };
  const meaning = templateVariables[part.name.text];
  const pattern = part.pattern === undefined ? context.dateFormat : part.pattern.compiled;
  const isDate = meaning?.takes === 'pattern' || meaning?.takes === 'zone-and-pattern';
  if (meaning === undefined || part.faults.length > 0 || (isDate && pattern === undefined)) {
    return { kind: 'broken', text: part.source, ...place };
  }
  const epochMs = meaning.instant === 'now' ? context.nowMs : context.sinceMs;
  const common = { kind: 'template', ...place, epochMs, meaning: meaning.meaning } as const;
  if (!isDate || pattern === undefined) {
    return {
      ...common,
      text: formatEpoch(epochMs, part.unit),
      zone: undefined,
      pattern: undefined,
      explained: [],
    };
  }
  const zone = zoneOf(part, context);
  const explained = pattern.explain(epochMs, zone);
  return { ...common, text: pattern.format(epochMs, zone), zone, pattern: pattern.source, explained };
}

function zoneOf(part: TemplatePart, context: Context): Zone {
  if (part.variable === 'date' || part.variable === 'now') return context.platformZone;
  return part.zone?.zone ?? gmt;
}

function formatEpoch(epochMs: number, unit: TemplatePart['unit']): string {
  if (unit === 's') return String(Math.floor(epochMs / 1000));
  return unit === 'us' ? String(Math.floor(epochMs) * 1000) : String(Math.floor(epochMs));
}
