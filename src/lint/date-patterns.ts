import type { Entry, Leaf } from '../model/model.ts';
import type { Range } from '../problem/problem.ts';
import { compilePattern, type CompiledPattern } from '../template/compile-pattern.ts';
import type { PatternPiece } from '../template/read-pattern.ts';
import { resolveZone, type Zone } from '../template/resolve-zone.ts';
import type { TemplatePart } from '../template/template-part.ts';
import { offsetAt } from '../template/zone-offset.ts';
import { pollUrlOf } from './poll-url.ts';

/** A sound date pattern of an entry: one of its URL, or one that reads its records. */
export interface DatePattern {
  readonly leaf: Leaf<string>;
  /** As indices of the leaf's value. */
  readonly span: Range;
  readonly compiled: CompiledPattern;
  /** The zone it is written or read in: undefined for the platform's own. */
  readonly zone: Zone | undefined;
  /** The template that it belongs to; undefined for a record's date. */
  readonly template: TemplatePart | undefined;
  /** How the text says which zone it is in; undefined when it does not. */
  readonly mark: ZoneMark | undefined;
}

/** `letters` follow the zone (`XXX`); `utc` and `offset` are fixed text (`'Z'`, `-0800`), true or not. */
export interface ZoneMark {
  readonly kind: 'letters' | 'utc' | 'offset';
  /** Milliseconds east of UTC that the text claims; undefined for letters. */
  readonly offsetMs: number | undefined;
  readonly text: string;
  /** As indices of the leaf's value, with the quotes around it. */
  readonly span: Range;
}

const known = new WeakMap<Entry, readonly DatePattern[]>();

/** All sound patterns of an entry, in the order URL, updated, created. Broken ones are other rules' business. */
export function datePatternsOf(entry: Entry): readonly DatePattern[] {
  const found = known.get(entry);
  if (found !== undefined) return found;
  const { url, dates } = entry;
  const patterns = [
    ...(url === undefined ? [] : patternsOfUrl(url)),
    ...patternOfRecord(dates?.updatedDateFormat, dates?.updatedDateTimezone),
    ...patternOfRecord(dates?.createdDateFormat, dates?.createdDateTimezone),
  ];
  known.set(entry, patterns);
  return patterns;
}

function patternsOfUrl(url: Leaf<string>): readonly DatePattern[] {
  return pollUrlOf(url).templates.flatMap((template): DatePattern[] => {
    const { pattern, variable, zone } = template;
    if (pattern?.compiled === undefined || template.faults.length > 0) return [];
    const isPlatformZone = variable === 'date' || variable === 'now';
    return [
      {
        leaf: url,
        span: pattern,
        compiled: pattern.compiled,
        zone: isPlatformZone ? undefined : (zone?.zone ?? resolveZone('GMT')),
        template,
        mark: markIn(pattern.compiled.pieces, pattern.start) ?? findMarkBehind(url.value, template.end),
      },
    ];
  });
}

/** Without a time zone of its own a record's date is read as GMT; a blank one is none. */
function patternOfRecord(
  format: Leaf<string> | undefined,
  timezone: Leaf<string> | undefined,
): readonly DatePattern[] {
  const result = format === undefined ? undefined : compilePattern(format.value);
  if (format === undefined || result?.ok !== true || result.pattern.keyword !== undefined) return [];
  if (format.value.trim() === '') return [];
  const span = { start: 0, end: format.value.length };
  const zone = resolveZone(timezone === undefined || isBlank(timezone) ? 'GMT' : timezone.value);
  const mark = markIn(result.pieces, 0);
  return [{ leaf: format, span, compiled: result.pattern, zone, template: undefined, mark }];
}

export function isBlank(leaf: Leaf<string> | undefined): boolean {
  return leaf === undefined || leaf.value.trim() === '';
}

const timeLetters = new Set(['H', 'h', 'k', 'K', 'm', 's', 'S', 'a']);

/** One pattern stands in many entries, and its pieces are the same then. */
const marks = new WeakMap<readonly PatternPiece[], ZoneMark | 'none'>();

function markIn(pieces: readonly PatternPiece[], offset: number): ZoneMark | undefined {
  let mark = marks.get(pieces);
  if (mark === undefined) {
    mark = findMark(pieces) ?? 'none';
    marks.set(pieces, mark);
  }
  if (mark === 'none') return undefined;
  const { start, end } = mark.span;
  return { ...mark, span: { start: start + offset, end: end + offset } };
}

function findMark(pieces: readonly PatternPiece[]): ZoneMark | undefined {
  let isAfterTime = false;
  for (const piece of pieces) {
    if (piece.kind === 'literal') {
      const mark = isAfterTime ? readMark(piece) : undefined;
      if (mark !== undefined) return mark;
    } else if (piece.letter === 'X' || piece.letter === 'Z' || piece.letter === 'z') {
      const span = { start: piece.start, end: piece.end };
      return { kind: 'letters', offsetMs: undefined, text: piece.source, span };
    } else if (timeLetters.has(piece.letter)) isAfterTime = true;
  }
  return undefined;
}

const utcText = /(?<=^|[\s.\d])(?:Z|UTC|GMT)$/;
const offsetText = /(?<=^|[\s.\d])[+-]\d{2}(?::?\d{2})?$/;

function readMark(piece: Extract<PatternPiece, { kind: 'literal' }>): ZoneMark | undefined {
  const isUtc = utcText.test(piece.text);
  const text = (isUtc ? utcText : offsetText).exec(piece.text)?.[0];
  if (text === undefined) return undefined;
  // Quoted with other text (`'.000Z'`) it cannot be told apart by its place, so the whole piece is shown.
  const written = [`'${text}'`, text].find(
    (form) => piece.source.endsWith(form) && isWhole(piece.source, form),
  );
  const start = written === undefined ? piece.start : piece.end - written.length;
  const span = { start, end: piece.end };
  return { kind: isUtc ? 'utc' : 'offset', offsetMs: isUtc ? 0 : readOffset(text), text, span };
}

/** What stands before it has its quotes in pairs. */
function isWhole(source: string, form: string): boolean {
  return source.slice(0, source.length - form.length).split("'").length % 2 === 1;
}

/** The zone may also be written behind the template: `${gmtDate:yyyy-MM-dd'T'HH:mm:ss}Z`. */
function findMarkBehind(url: string, end: number): ZoneMark | undefined {
  const [text] = /^ ?(?:Z|[+-]\d{2}(?::?\d{2})?)(?=['"&\s]|$)/.exec(url.slice(end, end + 12)) ?? [];
  if (text === undefined) return undefined;
  const mark = text.trim();
  const span = { start: end + text.length - mark.length, end: end + text.length };
  const kind = mark === 'Z' ? 'utc' : 'offset';
  return { kind, offsetMs: kind === 'utc' ? 0 : readOffset(mark), text: mark, span };
}

function readOffset(text: string): number {
  const digits = text.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (text.startsWith('-') ? -minutes : minutes) * 60_000 || 0;
}

/** A January and a July: where there is summer time, one of them has it. */
const seasons = [Date.UTC(2026, 0, 15), Date.UTC(2026, 6, 15)];

/** The offsets, in milliseconds east of UTC, that a zone has through a year. */
export function yearlyOffsets(zone: Zone): readonly number[] {
  return seasons.map((instant) => offsetAt(zone, instant));
}

export function isUtc(zone: Zone): boolean {
  return yearlyOffsets(zone).every((offset) => offset === 0);
}
