import { enUS } from 'date-fns/locale/en-US';

// Java's English names and those of date-fns agree.
const locale = enUS.localize;
const months = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as const;
const weekdays = [0, 1, 2, 3, 4, 5, 6] as const;

export const monthNames = months.map((month) => locale.month(month, { width: 'wide' }));
export const shortMonthNames = months.map((month) => locale.month(month, { width: 'abbreviated' }));
export const weekdayNames = weekdays.map((weekday) => locale.day(weekday, { width: 'wide' }));
export const shortWeekdayNames = weekdays.map((weekday) => locale.day(weekday, { width: 'abbreviated' }));
export const eraNames = [
  locale.era(0, { width: 'abbreviated' }),
  locale.era(1, { width: 'abbreviated' }),
] as const;
export const dayPeriodNames = ['AM', 'PM'] as const;
