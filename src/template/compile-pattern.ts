import { SagecfgError } from '../problem/sagecfg-error.ts';
import { createLetterWriter, readMoment } from './format-letters.ts';
import type { WriteText } from './format-letters.ts';
import { parseEpoch, parsePieces } from './parse-date.ts';
import type { ParsedDate } from './parse-date.ts';
import { maximumPatternLength, readPattern } from './read-pattern.ts';
import type { PatternFault, PatternPiece } from './read-pattern.ts';
import { resolveZone } from './resolve-zone.ts';
import type { Zone } from './resolve-zone.ts';

/**
 * The words that stand for a whole pattern in the date format of a record: the field is the time since 1970 in
 * milliseconds or in seconds. They are no Java patterns, and a URL template has `${epoch}` for them.
 */
export const patternKeywords = ['milliseconds', 'timestamp'] as const;
export type PatternKeyword = (typeof patternKeywords)[number];

/** One piece of a pattern and what it became. */
export interface ExplainedPiece {
  readonly source: string;
  readonly text: string;
  readonly meaning: string;
  readonly start: number;
  readonly end: number;
}

/** A Java date pattern, ready to format and to parse. A zone may be given by its name. */
export interface CompiledPattern {
  readonly source: string;
  readonly keyword: PatternKeyword | undefined;
  /** Empty for a keyword. */
  readonly pieces: readonly PatternPiece[];
  readonly format: (epochMs: number, zone: Zone | string) => string;
  /** Reads as much of `text` as the pattern wants, and says how much; undefined when the text does not fit. */
  readonly parse: (text: string, zone: Zone | string, options?: ParseOptions) => ParsedDate | undefined;
  /** The pieces with what each becomes: `yyyy` → `2026`. */
  readonly explain: (epochMs: number, zone: Zone | string) => readonly ExplainedPiece[];
}

export interface ParseOptions {
  /** The instant (epoch milliseconds) that two-digit years are counted from: 80 years back, 20 ahead. Default: now. */
  readonly now?: number;
}

/** A pattern is either compiled or has at least one fault. The pieces that could be read are there in both cases. */
export type PatternResult =
  | {
      readonly ok: true;
      readonly pattern: CompiledPattern;
      readonly pieces: readonly PatternPiece[];
      readonly faults: readonly [];
    }
  | {
      readonly ok: false;
      readonly pieces: readonly PatternPiece[];
      readonly faults: readonly PatternFault[];
    };

const cache = new Map<string, PatternResult>();
const cacheSize = 500;

/** Compiles a Java date pattern (`java.text.SimpleDateFormat`, Locale.US) or a keyword. Results are kept and shared. */
export function compilePattern(source: string): PatternResult {
  const cached = cache.get(source);
  if (cached !== undefined) return cached;
  const result = compile(source);
  if (source.length > maximumPatternLength) return result;
  if (cache.size >= cacheSize) cache.clear();
  cache.set(source, result);
  return result;
}

/**
 * Formats an instant (epoch milliseconds) as Java does, in a zone by Java's name.
 * @throws SagecfgError `usage` when Java would refuse the pattern; `compilePattern` gives the faults as values.
 */
export function formatDate(pattern: string, epochMs: number, zone: Zone | string): string {
  return requirePattern(pattern).format(epochMs, zone);
}

/**
 * Parses the beginning of a text as Java does, leniently; undefined when the text does not fit.
 * @throws SagecfgError `usage` when Java would refuse the pattern; `compilePattern` gives the faults as values.
 */
export function parseDate(
  pattern: string,
  text: string,
  zone: Zone | string,
  options?: ParseOptions,
): ParsedDate | undefined {
  return requirePattern(pattern).parse(text, zone, options);
}

function requirePattern(source: string): CompiledPattern {
  const result = compilePattern(source);
  if (result.ok) return result.pattern;
  throw new SagecfgError('usage', `invalid date pattern: ${result.faults[0]?.message ?? source}`);
}

function compile(source: string): PatternResult {
  const keyword = patternKeywords.find((word) => word === source);
  if (keyword !== undefined) return { ok: true, pattern: createKeyword(keyword), pieces: [], faults: [] };
  const { pieces, faults } = readPattern(source);
  if (faults.length > 0) return { ok: false, pieces, faults };
  return { ok: true, pattern: createPattern(source, pieces), pieces, faults: [] };
}

function createPattern(source: string, pieces: readonly PatternPiece[]): CompiledPattern {
  const writers = pieces.map(createWriter);
  return {
    source,
    keyword: undefined,
    pieces,
    format: (epochMs, zone) => {
      const moment = readMoment(requireInstant(epochMs), toZone(zone));
      let text = '';
      for (const write of writers) text += write(moment);
      return text;
    },
    parse: (text, zone, options) => parsePieces(pieces, text, toZone(zone), options?.now ?? Date.now()),
    explain: (epochMs, zone) => {
      const moment = readMoment(requireInstant(epochMs), toZone(zone));
      return pieces.map(({ source: run, meaning, start, end }, index) => {
        return { source: run, text: writers[index]?.(moment) ?? '', meaning, start, end };
      });
    },
  };
}

function createWriter(piece: PatternPiece): WriteText {
  if (piece.kind === 'letters') return createLetterWriter(piece.letter, piece.count);
  const { text } = piece;
  return () => text;
}

function createKeyword(keyword: PatternKeyword): CompiledPattern {
  const unitMs = keyword === 'milliseconds' ? 1 : 1000;
  const format = (epochMs: number): string => String(Math.floor(requireInstant(epochMs) / unitMs));
  const meaning = `${keyword === 'milliseconds' ? 'milliseconds' : 'seconds'} since 1970-01-01T00:00:00Z`;
  return {
    source: keyword,
    keyword,
    pieces: [],
    format,
    parse: (text) => parseEpoch(text, unitMs),
    explain: (epochMs) => [
      { source: keyword, text: format(epochMs), meaning, start: 0, end: keyword.length },
    ],
  };
}

function toZone(zone: Zone | string): Zone {
  return typeof zone === 'string' ? resolveZone(zone) : zone;
}

/** The range of JavaScript dates; beyond it, and for NaN, every answer would be wrong. */
const largestInstantMs = 8.64e15;

function requireInstant(epochMs: number): number {
  if (Math.abs(epochMs) <= largestInstantMs) return Math.floor(epochMs);
  throw new SagecfgError('usage', `"${epochMs}" is no instant: expected milliseconds since 1970`);
}
