import { describe, expect, it } from 'vitest';
import { floorToPattern, readRecordDate } from '../../../src/runtime/poll/record-date.ts';

const nowMs = Date.UTC(2026, 10, 23);
const field = { field: 'at', pattern: "yyyy-MM-dd'T'HH:mm:ss'Z'", zone: 'GMT' };

describe('readRecordDate', () => {
  it.each([
    ['a date', { at: '2026-11-23T09:00:00Z' }, field, { kind: 'date', epochMs: Date.UTC(2026, 10, 23, 9) }],
    [
      'a date of another zone',
      { at: '2026-11-23 09:00' },
      { ...field, pattern: 'yyyy-MM-dd HH:mm', zone: 'EST' },
      { kind: 'date', epochMs: Date.UTC(2026, 10, 23, 14) },
    ],
    [
      'epoch milliseconds',
      { at: 1_700_000_000_123 },
      { ...field, pattern: 'milliseconds' },
      { kind: 'date', epochMs: 1_700_000_000_123 },
    ],
    [
      'epoch seconds',
      { at: '1700000000' },
      { ...field, pattern: 'timestamp' },
      { kind: 'date', epochMs: 1_700_000_000_000 },
    ],
    ['a null', { at: null }, field, { kind: 'absent' }],
    ['blanks', { at: '  ' }, field, { kind: 'absent' }],
    ['nothing', {}, field, { kind: 'absent' }],
    ['prose', { at: 'yesterday' }, field, { kind: 'unreadable' }],
    ['an object', { at: {} }, field, { kind: 'unreadable' }],
  ])('reads %s', (_case, record, dateField, expected) => {
    expect(readRecordDate(record, dateField, nowMs)).toEqual(expected);
  });
});

describe('floorToPattern', () => {
  const atMs = Date.UTC(2026, 10, 23, 9, 30, 15, 250);

  it.each([
    ["yyyy-MM-dd'T'HH:mm:ss'Z'", 'GMT', Date.UTC(2026, 10, 23, 9, 30, 15)],
    ['yyyy-MM-dd', 'GMT', Date.UTC(2026, 10, 23)],
    ['yyyy-MM-dd', 'EST', Date.UTC(2026, 10, 23, 5)],
    ["yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", 'GMT', atMs],
    ['milliseconds', 'GMT', atMs],
  ])('drops what %s in %s cannot write', (pattern, zone, expected) => {
    expect(floorToPattern(atMs, { field: 'at', pattern, zone }, nowMs)).toBe(expected);
  });
});
