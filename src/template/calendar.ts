/**
 * The calendar of `java.util.GregorianCalendar`: Julian up to 1582-10-04, Gregorian from the day after, 1582-10-15.
 * Days are counted from 1970-01-01; a year is astronomical (0 is 1 BC); a month is 0 to 11; weeks start on Sunday and
 * the week of January 1 is the first, as in Java's Locale.US.
 */
export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const firstGregorianDay = -141_427;
const cutoverYear = 1582;

/** Splits a day number into year, month and day. */
export function dateOfDay(day: number): CivilDate {
  return day >= firstGregorianDay ? gregorianDate(day) : julianDate(day);
}

// Both count years from March 1 (so that the leap day is the last of its year) in cycles of 400 and of 4 years.
const marchToEpoch = 719_468;

function gregorianDate(day: number): CivilDate {
  const shifted = day + marchToEpoch;
  const cycle = Math.floor(shifted / 146_097);
  const inCycle = shifted - cycle * 146_097;
  const yearInCycle = Math.floor(
    (inCycle - Math.floor(inCycle / 1460) + Math.floor(inCycle / 36_524) - Math.floor(inCycle / 146_096)) /
      365,
  );
  const inYear = inCycle - (365 * yearInCycle + Math.floor(yearInCycle / 4) - Math.floor(yearInCycle / 100));
  return dateFromMarch(yearInCycle + cycle * 400, inYear);
}

function julianDate(day: number): CivilDate {
  const shifted = day + marchToEpoch + 2;
  const cycle = Math.floor(shifted / 1461);
  const inCycle = shifted - cycle * 1461;
  const yearInCycle = Math.floor((inCycle - Math.floor(inCycle / 1460)) / 365);
  return dateFromMarch(yearInCycle + cycle * 4, inCycle - 365 * yearInCycle);
}

function dateFromMarch(marchYear: number, dayInYear: number): CivilDate {
  const marchMonth = Math.floor((5 * dayInYear + 2) / 153);
  const day = dayInYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 2 : marchMonth - 10;
  return { year: month < 2 ? marchYear + 1 : marchYear, month, day };
}

/** The day number of a Gregorian date; `month` must be 0 to 11, `day` may be anything. */
export function dayOfGregorian(year: number, month: number, day: number): number {
  const marchYear = month < 2 ? year - 1 : year;
  const cycle = Math.floor(marchYear / 400);
  const yearInCycle = marchYear - cycle * 400;
  const leapDays = Math.floor(yearInCycle / 4) - Math.floor(yearInCycle / 100);
  return cycle * 146_097 + yearInCycle * 365 + leapDays + dayFromMarch(month, day) - marchToEpoch;
}

/** The day number of a Julian date; `month` must be 0 to 11, `day` may be anything. */
export function dayOfJulian(year: number, month: number, day: number): number {
  const marchYear = month < 2 ? year - 1 : year;
  return marchYear * 365 + Math.floor(marchYear / 4) + dayFromMarch(month, day) - marchToEpoch - 2;
}

function dayFromMarch(month: number, day: number): number {
  const marchMonth = month < 2 ? month + 10 : month - 2;
  return Math.floor((153 * marchMonth + 2) / 5) + day - 1;
}

export function isGregorianDay(day: number): boolean {
  return day >= firstGregorianDay;
}

/** Which calendar a whole year belongs to; the year of the change belongs to both. */
export function calendarOfYear(year: number): 'julian' | 'gregorian' | 'both' {
  if (year === cutoverYear) return 'both';
  return year > cutoverYear ? 'gregorian' : 'julian';
}

/** 1 (Sunday) to 7, as Java counts weekdays. */
export function weekdayOfDay(day: number): number {
  return ((((day + 4) % 7) + 7) % 7) + 1;
}

/** The last day on or before `day` that is the weekday 1 (Sunday) to 7. */
export function weekdayOnOrBefore(day: number, weekday: number): number {
  return day - ((((weekdayOfDay(day) - weekday) % 7) + 7) % 7);
}

/** The first day of a month: of October 1582 it is the Julian one. */
function firstDayOfMonth(date: CivilDate): number {
  return date.year > cutoverYear || (date.year === cutoverYear && date.month > 9)
    ? dayOfGregorian(date.year, date.month, 1)
    : dayOfJulian(date.year, date.month, 1);
}

function firstDayOfYear(year: number): number {
  return year > cutoverYear ? dayOfGregorian(year, 0, 1) : dayOfJulian(year, 0, 1);
}

/** 1 to 366. */
export function dayOfYear(date: CivilDate, day: number): number {
  return day - firstDayOfYear(date.year) + 1;
}

export function weekOfYear(date: CivilDate, day: number): number {
  return isInFirstWeekOfNextYear(date, day) ? 1 : weekSince(firstDayOfYear(date.year), day);
}

/** The year whose numbered weeks a day belongs to: from the Sunday before January 1 that is the next year. */
export function weekYear(date: CivilDate, day: number): number {
  return isInFirstWeekOfNextYear(date, day) ? date.year + 1 : date.year;
}

export function weekOfMonth(date: CivilDate, day: number): number {
  return weekSince(firstDayOfMonth(date), day);
}

/** 2 for the second Wednesday of its month. */
export function weekdayInMonth(date: CivilDate, day: number): number {
  return Math.floor((day - firstDayOfMonth(date)) / 7) + 1;
}

function isInFirstWeekOfNextYear(date: CivilDate, day: number): boolean {
  return date.month === 11 && day >= weekdayOnOrBefore(firstDayOfYear(date.year + 1), 1);
}

/** The number of the week that holds `day`, when the week that holds `first` is 1. */
function weekSince(first: number, day: number): number {
  return Math.floor((day - weekdayOnOrBefore(first, 1)) / 7) + 1;
}
