import {
  dayPeriodNames,
  eraNames,
  monthNames,
  shortMonthNames,
  shortWeekdayNames,
  weekdayNames,
} from './calendar-names.ts';
import {
  dateOfDay,
  dayOfYear,
  weekdayInMonth,
  weekdayOfDay,
  weekOfMonth,
  weekOfYear,
  weekYear,
} from './calendar.ts';
import type { CivilDate } from './calendar.ts';
import type { PatternLetter } from './pattern-letters.ts';
import { formatGmtOffset } from './resolve-zone.ts';
import type { Zone } from './resolve-zone.ts';
import { findZoneNames } from './zone-names.ts';
import type { ZoneNames } from './zone-names.ts';
import { daylightAt, offsetAt } from './zone-offset.ts';

/** An instant, taken apart in one zone. */
export interface Moment {
  readonly epochMs: number;
  readonly zone: Zone;
  readonly offsetMs: number;
  /** Days since 1970-01-01 on the zone's own clock, and milliseconds since its midnight. */
  readonly day: number;
  readonly timeMs: number;
  readonly date: CivilDate;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;

export function readMoment(epochMs: number, zone: Zone): Moment {
  const offsetMs = offsetAt(zone, epochMs);
  const localMs = epochMs + offsetMs;
  const day = Math.floor(localMs / dayMs);
  return { epochMs, zone, offsetMs, day, timeMs: localMs - day * dayMs, date: dateOfDay(day) };
}

export type WriteText = (moment: Moment) => string;

/** The writer of a run of `count` equal letters. */
export function createLetterWriter(letter: PatternLetter, count: number): WriteText {
  if (!isNumberLetter(letter)) return textWriters[letter](count);
  const read = numberReaders[letter];
  return (moment) => padNumber(read(moment), count);
}

const hourOf = (moment: Moment): number => Math.floor(moment.timeMs / hourMs);

/** The letters that are always numbers, padded with zeros to the number of letters. */
const numberReaders = {
  d: (moment: Moment) => moment.date.day,
  H: hourOf,
  k: (moment: Moment) => hourOf(moment) || 24,
  K: (moment: Moment) => hourOf(moment) % 12,
  h: (moment: Moment) => hourOf(moment) % 12 || 12,
  m: (moment: Moment) => Math.floor(moment.timeMs / 60_000) % 60,
  s: (moment: Moment) => Math.floor(moment.timeMs / 1000) % 60,
  S: (moment: Moment) => moment.timeMs % 1000,
  D: (moment: Moment) => dayOfYear(moment.date, moment.day),
  w: (moment: Moment) => weekOfYear(moment.date, moment.day),
  W: (moment: Moment) => weekOfMonth(moment.date, moment.day),
  F: (moment: Moment) => weekdayInMonth(moment.date, moment.day),
  u: (moment: Moment) => ((weekdayOfDay(moment.day) + 5) % 7) + 1,
} as const satisfies Partial<Record<PatternLetter, (moment: Moment) => number>>;

type NumberLetter = keyof typeof numberReaders;

function isNumberLetter(letter: PatternLetter): letter is NumberLetter {
  return Object.hasOwn(numberReaders, letter);
}

/** The letters that are names, offsets or years, by their number. */
const textWriters: Record<Exclude<PatternLetter, NumberLetter>, (count: number) => WriteText> = {
  G: () => (moment) => eraNames[moment.date.year > 0 ? 1 : 0],
  y: (count) => createYearWriter(count, ({ date }) => (date.year > 0 ? date.year : 1 - date.year)),
  Y: (count) => createYearWriter(count, (moment) => weekYear(moment.date, moment.day)),
  M: createMonthWriter,
  L: createMonthWriter,
  E: createWeekdayWriter,
  a: () => (moment) => dayPeriodNames[hourOf(moment) < 12 ? 0 : 1],
  z: (count) => (moment) => writeZoneName(moment, count),
  Z: () => (moment) => writeOffset(moment.offsetMs, ''),
  X: createIsoOffsetWriter,
};

function createWeekdayWriter(count: number): WriteText {
  const names = count >= 4 ? weekdayNames : shortWeekdayNames;
  return (moment) => names[weekdayOfDay(moment.day) - 1] ?? '';
}

function createYearWriter(count: number, read: (moment: Moment) => number): WriteText {
  if (count !== 2) return (moment) => padNumber(read(moment), count);
  return (moment) => {
    const year = read(moment);
    return (year < 0 ? '-' : '') + padNumber(Math.abs(year) % 100, 2);
  };
}

function createMonthWriter(count: number): WriteText {
  if (count < 3) return (moment) => padNumber(moment.date.month + 1, count);
  const names = count >= 4 ? monthNames : shortMonthNames;
  return (moment) => names[moment.date.month] ?? '';
}

function writeZoneName({ epochMs, zone }: Moment, count: number): string {
  const names = findNames(zone);
  if (names === undefined)
    return zone.fixedOffsetMs === 0 ? zone.javaId : formatGmtOffset(zone.fixedOffsetMs ?? 0);
  const isDaylight = daylightAt(zone, epochMs) !== 0;
  if (count >= 4) return isDaylight ? names.longDaylight : names.long;
  return isDaylight ? names.shortDaylight : names.short;
}

/** `GMT0` and the like are called what GMT is called; `GMT+00:00` and `GMT-00:00` keep their signs. */
function findNames({ javaId, kind, fixedOffsetMs }: Zone): ZoneNames | undefined {
  const own = findZoneNames(javaId);
  return own === undefined && kind !== 'offset' && fixedOffsetMs === 0 ? findZoneNames('GMT') : own;
}

function createIsoOffsetWriter(count: number): WriteText {
  return ({ offsetMs }) => {
    if (offsetMs === 0) return 'Z';
    const text = writeOffset(offsetMs, count === 3 ? ':' : '');
    return count === 1 ? text.slice(0, 3) : text;
  };
}

/** Java cuts the seconds of old offsets off: -04:56:02 is `-0456`. */
function writeOffset(offsetMs: number, separator: string): string {
  const minutes = Math.trunc(offsetMs / 60_000);
  const size = Math.abs(minutes);
  return (
    (minutes < 0 ? '-' : '+') + padNumber(Math.floor(size / 60), 2) + separator + padNumber(size % 60, 2)
  );
}

function padNumber(value: number, width: number): string {
  if (value >= 0 && value < 10 && width === 2) return `0${value}`;
  if (value < 0) return `-${padNumber(-value, width)}`;
  const text = String(value);
  return text.length >= width ? text : text.padStart(width, '0');
}
