/** What one letter of a Java date pattern stands for. */
export interface LetterMeaning {
  /** In plain words, without the width: `day of the month`. */
  readonly what: string;
  /** Set where a run of this length means something else than more zeros: `MMM` is a name. */
  readonly byCount?: Readonly<Record<number, string>>;
}

const zoneName = 'time zone abbreviation';

/** Every letter of `java.text.SimpleDateFormat`, and no other. */
export const patternLetters = {
  G: { what: 'era, BC or AD' },
  y: { what: 'year', byCount: { 2: 'year, last two digits' } },
  Y: {
    what: 'week year (in the last days of December often the next year)',
    byCount: { 2: 'week year, last two digits' },
  },
  M: { what: 'month number', byCount: { 3: 'short month name', 4: 'full month name' } },
  L: { what: 'month number', byCount: { 3: 'short month name', 4: 'full month name' } },
  w: { what: 'week of the year (weeks start on Sunday)' },
  W: { what: 'week of the month' },
  D: { what: 'day of the year' },
  d: { what: 'day of the month' },
  F: { what: 'which one of its weekday in the month (2 in "2nd Wednesday in July")' },
  E: { what: 'short weekday name', byCount: { 4: 'full weekday name' } },
  u: { what: 'weekday number, 1 is Monday' },
  a: { what: 'AM or PM' },
  H: { what: 'hour, 0 to 23' },
  k: { what: 'hour, 1 to 24' },
  K: { what: 'hour, 0 to 11 (needs AM or PM)' },
  h: { what: 'hour, 1 to 12 (needs AM or PM)' },
  m: { what: 'minute' },
  s: { what: 'second' },
  S: { what: 'millisecond, a whole number (never a decimal fraction)' },
  z: { what: zoneName, byCount: { 4: 'time zone name' } },
  Z: { what: 'offset from UTC as +hhmm' },
  X: {
    what: 'offset from UTC as +hh, or Z',
    byCount: { 2: 'offset from UTC as +hhmm, or Z', 3: 'offset from UTC as +hh:mm, or Z' },
  },
} as const satisfies Record<string, LetterMeaning>;

export type PatternLetter = keyof typeof patternLetters;

export function isPatternLetter(letter: string): letter is PatternLetter {
  return Object.hasOwn(patternLetters, letter);
}

/** What a run of `count` equal letters means: `MMM` is `short month name`. */
export function describeLetters(letter: PatternLetter, count: number): string {
  const meaning: LetterMeaning = patternLetters[letter];
  const named = meaning.byCount;
  if (named === undefined) return meaning.what;
  // A longer run than the longest one listed means the same as that one (`EEEEE` is `EEEE`), but `yyy` is no `yy`.
  const text = named[count] ?? (count > 4 ? named[4] : undefined);
  return text ?? meaning.what;
}
