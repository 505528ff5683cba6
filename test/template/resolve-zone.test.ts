import { describe, expect, test } from 'vitest';

import { resolveZone } from '../../src/template/resolve-zone.ts';
import { listZoneNames } from '../../src/template/zone-names.ts';
import { daylightAt, offsetAt, offsetAtWall } from '../../src/template/zone-offset.ts';

const hour = 3_600_000;

describe('resolveZone', () => {
  test.each([
    ['UTC', 'region', 'UTC', 0],
    ['GMT', 'region', 'GMT', 0],
    ['GMT0', 'region', 'GMT0', 0],
    ['Etc/GMT+5', 'region', 'Etc/GMT+5', -5 * hour],
    ['Etc/GMT-14', 'region', 'Etc/GMT-14', 14 * hour],
    ['EST', 'abbreviation', 'EST', -5 * hour],
    ['MST', 'abbreviation', 'MST', -7 * hour],
    ['HST', 'abbreviation', 'HST', -10 * hour],
    ['GMT-8', 'offset', 'GMT-08:00', -8 * hour],
    ['GMT-8:00', 'offset', 'GMT-08:00', -8 * hour],
    ['GMT+530', 'offset', 'GMT+05:30', 5.5 * hour],
    ['GMT+0530', 'offset', 'GMT+05:30', 5.5 * hour],
    ['GMT-0', 'offset', 'GMT-00:00', 0],
  ])('takes %s as a fixed offset', (name, kind, javaId, fixedOffsetMs) => {
    expect(resolveZone(name)).toMatchObject({ kind, javaId, fixedOffsetMs, isKnown: true });
  });

  test.each([
    ['America/Denver', 'region', 'America/Denver'],
    ['PST', 'abbreviation', 'America/Los_Angeles'],
    ['CST', 'abbreviation', 'America/Chicago'],
    ['CTT', 'abbreviation', 'Asia/Shanghai'],
    ['IST', 'abbreviation', 'Asia/Kolkata'],
    ['BST', 'abbreviation', 'Asia/Dhaka'],
    ['EST5EDT', 'region', 'EST5EDT'],
  ])('takes %s as the rules of a place', (name, kind, intlId) => {
    expect(resolveZone(name)).toMatchObject({ kind, intlId, fixedOffsetMs: undefined, isKnown: true });
  });

  test.each([
    ['-8:00', 'bare-offset', 'GMT-08:00'],
    ['+06:00', 'bare-offset', 'GMT+06:00'],
    ['UTC+1', 'bare-offset', 'GMT+01:00'],
    ['{TimeZone}', 'placeholder', undefined],
    ['%{time_zone}', 'placeholder', undefined],
    ['<zone>', 'placeholder', undefined],
    ['', 'blank', undefined],
    [' ', 'blank', undefined],
    ['europe/london', 'unknown', 'Europe/London'],
    ['America/New York', 'unknown', 'America/New_York'],
    ['utc', 'unknown', 'UTC'],
    ['pst', 'unknown', 'PST'],
    ['EDT', 'unknown', 'America/New_York'],
    ['Nowhere/Land', 'unknown', undefined],
    ['GMT+24:00', 'unknown', undefined],
    ['GMT+5:3', 'unknown', undefined],
    ['toString', 'unknown', undefined],
    ['x'.repeat(100_000), 'unknown', undefined],
  ])('takes "%.30s" as GMT, as Java does, and says so', (name, kind, suggestion) => {
    const zone = resolveZone(name);
    expect(zone).toMatchObject({ kind, javaId: 'GMT', fixedOffsetMs: 0, isKnown: false, suggestion });
    expect(zone.hint).toContain('Java');
  });

  test('warns of abbreviations that mean another place to most people', () => {
    expect(resolveZone('BST').hint).toBe(
      'Java\'s "BST" is Asia/Dhaka, not British Summer Time, with whatever daylight saving that place has',
    );
    expect(resolveZone('EST').hint).toBe('Java\'s "EST" is GMT-05:00 all year, without daylight saving');
  });

  test('has nothing to say about a plain region', () => {
    expect(resolveZone('Europe/London').hint).toBeUndefined();
  });

  test('has an offset for every zone that Java names', () => {
    for (const { firstId } of listZoneNames()) {
      const zone = resolveZone(firstId);
      expect([firstId, zone.isKnown]).toEqual([firstId, true]);
      expect(Math.abs(offsetAt(zone, Date.UTC(2020, 0)))).toBeLessThanOrEqual(14 * hour);
    }
  });
});

/** Reads a zone's wall clock from `Intl`, by another way than the code under test. */
function createClock(timeZone: string): (epochMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (epochMs) => {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(epochMs)) part[type] = Number(value);
    const { year = 0, month = 0, day = 0, hour: hours = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hours, minute, second) - Math.floor(epochMs / 1000) * 1000;
  };
}

function findChanges(clock: (epochMs: number) => number, from: number, to: number): readonly number[] {
  const changes: number[] = [];
  const day = 24 * hour;
  for (let start = from; start < to; start += day) {
    if (clock(start) === clock(start + day)) continue;
    let low = start;
    let high = start + day;
    while (high - low > 1000) {
      const middle = Math.floor((low + high) / 2000) * 1000;
      if (clock(middle) === clock(start)) low = middle;
      else high = middle;
    }
    changes.push(high);
  }
  return changes;
}

describe('offsets', () => {
  test.each([
    'America/New_York',
    'America/Los_Angeles',
    'America/St_Johns',
    'America/Santiago',
    'Europe/London',
    'Europe/Dublin',
    'Asia/Tehran',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'Africa/Cairo',
  ])('are those of %s around every change from 2000 to 2040', (name) => {
    const clock = createClock(name);
    const zone = resolveZone(name);
    const changes = findChanges(clock, Date.UTC(2000, 0), Date.UTC(2040, 0));
    expect(changes.length).toBeGreaterThan(10);
    for (const change of changes) {
      for (const distance of [-hour, -1000, -1, 0, 1, 999, 1000, hour]) {
        const at = change + distance;
        expect([new Date(at), offsetAt(zone, at)]).toEqual([new Date(at), clock(at)]);
      }
      const before = clock(change - 1);
      const after = clock(change);
      // A wall clock time is read with the new offset from the moment the clock first shows it under that offset.
      expect(offsetAtWall(zone, change + after)).toBe(after);
      expect(offsetAtWall(zone, change + Math.min(before, after) - 1)).toBe(before);
    }
  });

  test('are the present standard time before 1900, as in Java', () => {
    const amsterdam = resolveZone('Europe/Amsterdam');
    expect(offsetAt(amsterdam, Date.UTC(1899, 11, 31))).toBe(hour);
    expect(offsetAt(amsterdam, Date.UTC(1900, 0, 2))).not.toBe(hour);
  });

  test('go on by the same rules beyond the end of JavaScript dates', () => {
    const newYork = resolveZone('America/New_York');
    const cycle = 146_097 * 24 * hour;
    expect(offsetAt(newYork, Date.UTC(2100, 6) + 1000 * cycle)).toBe(-4 * hour);
    expect(offsetAt(newYork, Date.UTC(2100, 0) + 1000 * cycle)).toBe(-5 * hour);
  });

  test.each([
    ['Europe/Dublin', Date.UTC(2026, 6), hour],
    ['Europe/Dublin', Date.UTC(2026, 0), 0],
    ['America/Chihuahua', Date.UTC(2022, 10, 15), 0],
    ['Australia/Lord_Howe', Date.UTC(2026, 0), hour / 2],
    ['Asia/Tokyo', Date.UTC(2026, 6), 0],
  ])('of %s at %d are ahead of standard time by %d', (name, epochMs, saving) => {
    expect(daylightAt(resolveZone(name), epochMs)).toBe(saving);
  });
});
