import { formatDate, parseDate } from '../../template/compile-pattern.ts';
import type { DateField } from '../poll-plan.ts';
import type { SourceRecord } from '../ports/source.ts';
import { readField } from './read-field.ts';

export type RecordDate =
  | { readonly kind: 'date'; readonly epochMs: number }
  /** No value: Sage writes empty dates as null, as an empty string and as blanks. */
  | { readonly kind: 'absent' }
  /** A value that the configured pattern does not read. */
  | { readonly kind: 'unreadable' };

export function readRecordDate(
  record: SourceRecord,
  { field, pattern, zone }: DateField,
  nowMs: number,
): RecordDate {
  const value = readField(record, field);
  if (value === undefined || value === null) return { kind: 'absent' };
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return { kind: 'unreadable' };
  if (text.trim() === '') return { kind: 'absent' };
  const parsed = parseDate(pattern, text, zone, { now: nowMs });
  return parsed === undefined ? { kind: 'unreadable' } : { kind: 'date', epochMs: parsed.epochMs };
}

/**
 * The latest instant, not after the given one, that the field's pattern can write. What is compared with a record's date
 * must be no finer than it: with `yyyy-MM-dd`, a record of today would otherwise look older than a time of today.
 */
export function floorToPattern(epochMs: number, { pattern, zone }: DateField, nowMs: number): number {
  const written = parseDate(pattern, formatDate(pattern, epochMs, zone), zone, { now: nowMs });
  return written === undefined ? epochMs : Math.min(written.epochMs, epochMs);
}
