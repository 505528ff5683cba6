import {
  calendarOfYear,
  dateOfDay,
  dayOfGregorian,
  dayOfJulian,
  isGregorianDay,
  weekdayOnOrBefore,
} from './calendar.ts';
import type { Zone } from './resolve-zone.ts';
import { daylightAt, offsetAtWall } from './zone-offset.ts';

/** What a text can say about a date. `hour` is that of a half day, `month` counts from 0, `weekday` from 1 (Sunday). */
export type Field =
  | 'era'
  | 'year'
  | 'weekYear'
  | 'month'
  | 'weekOfYear'
  | 'weekOfMonth'
  | 'dayOfMonth'
  | 'dayOfYear'
  | 'weekday'
  | 'weekdayInMonth'
  | 'dayPeriod'
  | 'hour'
  | 'hourOfDay'
  | 'minute'
  | 'second'
  | 'millisecond'
  | 'zoneOffset'
  | 'daylightOffset';

interface SetField {
  value: number;
  /** The higher, the later it was set: of two fields that contradict each other, the later one counts. */
  readonly stamp: number;
}

export interface Fields {
  readonly set: Map<Field, SetField>;
  nextStamp: number;
}

export function createFields(): Fields {
  return { set: new Map(), nextStamp: 1 };
}

export function setField(fields: Fields, field: Field, value: number): void {
  fields.set.set(field, { value, stamp: fields.nextStamp });
  fields.nextStamp += 1;
}

export function clearField(fields: Fields, field: Field): void {
  fields.set.delete(field);
}

/** Moves the year, in whichever of its two forms it was given. */
export function addYears(fields: Fields, years: number): void {
  for (const field of ['year', 'weekYear'] as const) {
    const set = fields.set.get(field);
    if (set !== undefined) set.value += years;
  }
}

const dayMs = 86_400_000;

/** The instant that the fields mean, in epoch milliseconds, by the rules of Java's lenient GregorianCalendar. */
export function resolveFields(fields: Fields, zone: Zone): number {
  const isWeekDate = stampOf(fields, 'weekYear') > stampOf(fields, 'year');
  const effective = isWeekDate ? replaceWeekDate(fields, zone) : fields;
  const timeMs = resolveTime(effective);
  const extraDays = Math.floor(timeMs / dayMs);
  const day = resolveDay(effective, extraDays);
  const timeOfDayMs = timeMs - extraDays * dayMs;
  return wrapLong(day, timeOfDayMs, zoneShift(effective, zone, day * dayMs + timeOfDayMs));
}

const stampOf = (fields: Fields, field: Field): number => fields.set.get(field)?.stamp ?? 0;
const valueOf = (fields: Fields, field: Field, otherwise = 0): number =>
  fields.set.get(field)?.value ?? otherwise;

/** Turns week year, week and weekday into year, month and day, which then count as set last. */
function replaceWeekDate(fields: Fields, zone: Zone): Fields {
  const plain: Fields = { set: new Map(fields.set), nextStamp: fields.nextStamp };
  plain.set.delete('weekYear');
  const isBeforeChrist = dateOfDay(Math.floor(resolveFields(plain, zone) / dayMs)).year <= 0;
  const { week, weekday } = normalizeWeek(valueOf(fields, 'weekOfYear', 1), valueOf(fields, 'weekday', 1));
  const weekYear = valueOf(fields, 'weekYear');
  const year = isBeforeChrist ? 1 - weekYear : weekYear;
  const firstSunday = weekdayOnOrBefore(firstDayOfWeekYear(year), 1);
  const date = dateOfDay(firstSunday + (weekday - 1) + 7 * (week - 1));
  setField(plain, 'era', date.year > 0 ? 1 : 0);
  setField(plain, 'year', date.year > 0 ? date.year : 1 - date.year);
  setField(plain, 'month', date.month);
  setField(plain, 'dayOfMonth', date.day);
  return plain;
}

function firstDayOfWeekYear(year: number): number {
  return calendarOfYear(year) === 'gregorian' ? dayOfGregorian(year, 0, 1) : dayOfJulian(year, 0, 1);
}

/** Weekdays beyond 1 to 7 are counted on into other weeks, in Java's own way. */
function normalizeWeek(week: number, weekday: number): { readonly week: number; readonly weekday: number } {
  if (weekday >= 1 && weekday <= 7) return { week, weekday };
  if (weekday >= 8) {
    const days = weekday - 1;
    return { week: week + Math.trunc(days / 7), weekday: fromIsoWeekday((days % 7) + 1) };
  }
  const weeks = Math.ceil((1 - weekday) / 7);
  return { week: week - weeks, weekday: fromIsoWeekday(weekday + 7 * weeks) };
}

function fromIsoWeekday(weekday: number): number {
  return weekday === 7 ? 1 : weekday + 1;
}

function resolveTime(fields: Fields): number {
  const halfDayStamp = aggregate(stampOf(fields, 'hour'), stampOf(fields, 'dayPeriod'));
  const hourOfDayStamp = stampOf(fields, 'hourOfDay');
  // Without a complete pair of fields, half an answer (an hour without AM or PM) is taken.
  const isFullDay = hourOfDayStamp > 0 && hourOfDayStamp >= halfDayStamp;
  const hours = isFullDay
    ? valueOf(fields, 'hourOfDay')
    : valueOf(fields, 'hour') + 12 * valueOf(fields, 'dayPeriod');
  const minutes = hours * 60 + valueOf(fields, 'minute');
  return (minutes * 60 + valueOf(fields, 'second')) * 1000 + valueOf(fields, 'millisecond');
}

/** Two fields that only count together: the later one of the two, or 0 when one is missing. */
function aggregate(left: number, right: number): number {
  return left === 0 || right === 0 ? 0 : Math.max(left, right);
}

function resolveDay(fields: Fields, extraDays: number): number {
  const isBeforeChrist = fields.set.get('era')?.value === 0;
  const given = valueOf(fields, 'year', 1970);
  const year = isBeforeChrist ? 1 - given : given;
  const selection = selectDayFields(fields);
  const julian = (): number => extraDays + dayInCalendar('julian', fields, year, selection);
  const calendar = calendarOfYear(year);
  if (calendar === 'julian') return julian();
  if (calendar === 'both' && (selection === 'dayOfYear' || selection === 'weekOfYear')) return julian();
  const day = extraDays + dayInCalendar('gregorian', fields, year, selection);
  return isGregorianDay(day) ? day : julian();
}

/** Which fields tell the day. Those of a week go with a weekday, if there is one. */
type DaySelection =
  | 'dayOfMonth'
  | 'weekOfMonth'
  | 'weekdayInMonth'
  | 'weekdayOfMonth'
  | 'dayOfYear'
  | 'weekOfYear';

/** The fields set last win; a group of two only counts when both are set, unless there is nothing better. */
function selectDayFields(fields: Fields): DaySelection {
  const weekday = stampOf(fields, 'weekday');
  const inMonth = stampOf(fields, 'weekOfMonth');
  const inYear = stampOf(fields, 'weekOfYear');
  const nth = stampOf(fields, 'weekdayInMonth');
  let day = stampOf(fields, 'dayOfMonth');
  const dayOfYear = stampOf(fields, 'dayOfYear');
  let weekOfMonth = aggregate(inMonth, weekday);
  let weekdayInMonth = aggregate(nth, weekday);
  let weekOfYear = aggregate(inYear, weekday);
  let best = Math.max(day, weekOfMonth, weekdayInMonth, dayOfYear, weekOfYear);
  if (best === 0) {
    weekOfMonth = inMonth;
    weekdayInMonth = Math.max(nth, weekday);
    weekOfYear = inYear;
    best = Math.max(weekOfMonth, weekdayInMonth, weekOfYear);
    if (best === 0) {
      day = stampOf(fields, 'month');
      best = day;
    }
  }
  if (best === day) return 'dayOfMonth';
  const isWeekOfMonth = best === weekOfMonth && inMonth >= inYear;
  const isWeekdayInMonth = best === weekdayInMonth && nth >= inYear;
  if (isWeekOfMonth || isWeekdayInMonth) {
    if (weekOfMonth === weekdayInMonth) return inMonth >= nth ? 'weekOfMonth' : 'weekdayInMonth';
    if (best === weekOfMonth) return 'weekOfMonth';
    return nth > 0 ? 'weekdayInMonth' : 'weekdayOfMonth';
  }
  return best === dayOfYear ? 'dayOfYear' : 'weekOfYear';
}

type CalendarName = 'gregorian' | 'julian';

function dayInCalendar(
  calendar: CalendarName,
  fields: Fields,
  givenYear: number,
  selection: DaySelection,
): number {
  const isYearOnly = selection === 'dayOfYear' || selection === 'weekOfYear';
  const givenMonth = isYearOnly ? 0 : valueOf(fields, 'month');
  const year = givenYear + Math.floor(givenMonth / 12);
  const month = givenMonth - Math.floor(givenMonth / 12) * 12;
  const first = calendar === 'gregorian' ? dayOfGregorian(year, month, 1) : dayOfJulian(year, month, 1);
  const weekday = fields.set.get('weekday')?.value;
  if (selection === 'dayOfMonth') return first + valueOf(fields, 'dayOfMonth', 1) - 1;
  if (selection === 'dayOfYear') return first + valueOf(fields, 'dayOfYear') - 1;
  if (selection === 'weekOfMonth' || selection === 'weekOfYear') {
    return dayInWeek(first, weekday) + weekDays(valueOf(fields, selection) - 1, selection);
  }
  const nth = selection === 'weekdayInMonth' ? valueOf(fields, 'weekdayInMonth') : 1;
  return nthWeekday(first, nth, weekday ?? 1, { year, month });
}

/** The weekday (default: Sunday) of the week that holds `first`. */
function dayInWeek(first: number, weekday: number | undefined): number {
  const sunday = weekdayOnOrBefore(first, 1);
  return weekday === undefined || weekday === 1 ? sunday : weekdayOnOrBefore(sunday + 6, weekday);
}

/** Java counts weeks of the year in 64 bits, but weeks of a month in 32, which a mistyped number overflows. */
function weekDays(weeks: number, counted: 'weekOfYear' | 'weekOfMonth' | 'weekdayInMonth'): number {
  return counted === 'weekOfYear' ? 7 * weeks : Math.imul(7, weeks);
}

/** The nth weekday from the first of a month, or from its last day when `nth` is negative. */
function nthWeekday(
  first: number,
  nth: number,
  weekday: number,
  { year, month }: { readonly year: number; readonly month: number },
): number {
  if (nth >= 0) return weekdayOnOrBefore(first + weekDays(nth, 'weekdayInMonth') - 1, weekday);
  return weekdayOnOrBefore(
    first + monthLength(year, month) + weekDays(nth + 1, 'weekdayInMonth') - 1,
    weekday,
  );
}

function monthLength(year: number, month: number): number {
  const start = calendarOfYear(year) === 'gregorian' ? dayOfGregorian : dayOfJulian;
  const [nextYear, nextMonth] = month === 11 ? [year + 1, 0] : [year, month + 1];
  return start(nextYear, nextMonth, 1) - start(year, month, 1);
}

/** What to subtract from the wall clock time to come to UTC. */
function zoneShift(fields: Fields, zone: Zone, wallMs: number): number {
  const offset = fields.set.get('zoneOffset')?.value;
  const daylight = fields.set.get('daylightOffset')?.value;
  if (offset !== undefined && daylight !== undefined) return offset + daylight;
  const wallOffset = offsetAtWall(zone, wallMs);
  if (daylight === undefined) return wallOffset;
  return wallOffset - daylightAt(zone, wallMs - wallOffset) + daylight;
}

/** Java counts in 64-bit integers, and a mistyped year such as `2E22` makes them overflow. */
function wrapLong(day: number, timeMs: number, shiftMs: number): number {
  const epochMs = day * dayMs + timeMs - shiftMs;
  if (Number.isSafeInteger(epochMs)) return epochMs;
  return Number(BigInt.asIntN(64, BigInt(day) * BigInt(dayMs) + BigInt(timeMs - shiftMs)));
}
