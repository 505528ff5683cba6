import type { Severity } from '../problem/problem.ts';
import type { PatternPiece } from '../template/read-pattern.ts';

/** A run of letters that Java takes, and that says something else than it was most likely meant to. */
export interface MistakenLetters {
  readonly run: { readonly source: string; readonly start: number; readonly end: number };
  readonly severity: Severity;
  /** What the run is, and what was expected. */
  readonly says: string;
  readonly help: string;
  /** The letters to write in its place. */
  readonly instead?: string;
  /** Nothing else can have been meant. */
  readonly isCertain: boolean;
}

/**
 * The mistaken runs of a sound pattern, in order; their offsets are those of the pattern. `reads` tells that dates are
 * read by it, not written.
 */
export function findMistakenLetters(
  pieces: readonly PatternPiece[],
  { reads }: { readonly reads: boolean },
): readonly MistakenLetters[] {
  const cache = reads ? knownReading : knownWriting;
  const known = cache.get(pieces);
  if (known !== undefined) return known;
  const runs = listRuns(pieces);
  const mistakes = runs.flatMap((run): MistakenLetters[] => {
    const found = finders[run.letter]?.(run, runs, reads);
    return found === undefined ? [] : [{ run, ...found }];
  });
  cache.set(pieces, mistakes);
  return mistakes;
}

/** A big file has thousands of entries and two or three patterns, whose pieces are shared. */
const knownReading = new WeakMap<readonly PatternPiece[], readonly MistakenLetters[]>();
const knownWriting = new WeakMap<readonly PatternPiece[], readonly MistakenLetters[]>();

/** A run of one letter with what stands around it: the letters of its neighbours and the text between. */
interface LetterRun {
  readonly letter: string;
  readonly count: number;
  readonly source: string;
  readonly start: number;
  readonly end: number;
  readonly before: string;
  readonly gapBefore: string;
  readonly after: string;
  readonly gapAfter: string;
}

function listRuns(pieces: readonly PatternPiece[]): readonly LetterRun[] {
  return pieces.flatMap((piece, index): LetterRun[] => {
    if (piece.kind === 'literal') return [];
    const { letter, count, source, start, end } = piece;
    const { letter: before, gap: gapBefore } = neighbour(pieces, index, -1);
    const { letter: after, gap: gapAfter } = neighbour(pieces, index, 1);
    return [{ letter, count, source, start, end, before, gapBefore, after, gapAfter }];
  });
}

function neighbour(
  pieces: readonly PatternPiece[],
  index: number,
  step: 1 | -1,
): { readonly letter: string; readonly gap: string } {
  const next = pieces[index + step];
  if (next?.kind !== 'literal') return { letter: next?.letter ?? '', gap: '' };
  const beyond = pieces[index + step * 2];
  return { letter: beyond?.kind === 'letters' ? beyond.letter : '', gap: next.text };
}

type Finding = Omit<MistakenLetters, 'run'>;
type Finder = (run: LetterRun, all: readonly LetterRun[], reads: boolean) => Finding | undefined;

const hour = /[HhKk]/;
const dateLetter = /[yYudDE]/;

/** By letter: what this run of it most likely should have been. */
const finders: Readonly<Record<string, Finder>> = {
  m: ({ before, after, gapBefore, count }, all) => {
    if (hour.test(before) || after === 's') {
      const padded = wrong('is the minute with leading zeros', 'mm');
      return count > 2 ? { ...padded, isCertain: false } : undefined;
    }
    if (before === 'm' && gapBefore === ':') return wrong('is the minute again', 'ss', 'the second');
    if (!dateLetter.test(before) && !dateLetter.test(after)) return undefined;
    if (all.some(isMonth) && count < 3) return undefined;
    // Beside a weekday the month may have been meant as a name.
    const isCertain = count > 2 || all.every(({ letter }) => letter !== 'E');
    return { ...wrong('is the minute', 'M'.repeat(Math.max(2, count)), 'the month'), isCertain };
  },
  M: ({ before, gapBefore, after, gapAfter, count }) => {
    if (count > 2) return undefined;
    if (before === 'm' && (gapBefore === ':' || gapBefore === '')) {
      return wrong('is the month', 'ss', 'the second');
    }
    const isBehindHour =
      hour.test(before) && (gapBefore === '' || gapBefore.includes(':') || /[sS]/.test(after));
    const isBeforeSecond = after === 's' && gapAfter.includes(':');
    return isBehindHour || isBeforeSecond ? wrong('is the month', 'mm', 'the minute') : undefined;
  },
  Y: ({ count }, all) =>
    all.some(({ letter }) => letter === 'w')
      ? undefined
      : wrong(
          'is the year of the week',
          'y'.repeat(count),
          undefined,
          'In the last days of December it is often the next year already.',
        ),
  u: ({ count }, all) =>
    count > 1 && all.every(({ letter }) => letter !== 'y')
      ? wrong('is the number of the weekday', 'y'.repeat(count), 'the year')
      : undefined,
  y: ({ count }) => {
    if (count === 3) return mild('is written with four digits all the same', 'yyyy');
    return count > 4 ? wrong('is the year with leading zeros', 'yyyy') : undefined;
  },
  D: ({ count }, all) =>
    all.some((run) => isMonth(run) || run.letter === 'm') && all.every(({ letter }) => letter !== 'd')
      ? { ...wrong('is the day of the year', 'd'.repeat(Math.min(count, 2))), isCertain: count < 3 }
      : undefined,
  d: ({ count, before, after, gapBefore, gapAfter }, all) => {
    if (count < 3) return before === 'y' && after === 'M' && gapBefore === gapAfter ? dayFirst : undefined;
    const isNextToDay = all.some(({ letter, count: other }) => letter === 'd' && other < 3);
    return isNextToDay
      ? wrong('is the day of the month with leading zeros', 'E'.repeat(count), 'the weekday')
      : { ...wrong('is the day of the month with leading zeros', 'dd'), isCertain: false };
  },
  h: withoutHalf,
  // The zone of .NET, which stands behind the seconds.
  K: (run, all) =>
    /[sS]/.test(run.before)
      ? { ...wrong('is the hour to 11', 'XXX', 'the zone'), isCertain: false }
      : withoutHalf(run, all),
  k: ({ count }) =>
    wrong(
      'counts from 1 to 24',
      'H'.repeat(count),
      undefined,
      'Midnight is then 24 o’clock of the wrong day.',
    ),
  a: (_run, all) =>
    all.some(({ letter }) => letter === 'H')
      ? {
          ...mild('has no effect beside "HH", which counts to 23', undefined, '"hh" for the hour'),
          severity: 'warning',
        }
      : undefined,
  s: ({ count, gapBefore, before }) => {
    if (before === 's') return wrong('is the second again', 'SSS', 'the millisecond');
    return count > 2 && gapBefore === ':' ? wrong('is the second with leading zeros', 'ss') : undefined;
  },
  S: ({ count, gapBefore, before }, all, reads) => {
    const isSecond = gapBefore === ':' || (gapBefore === '' && before === 'm' && count === 2);
    if (isSecond && all.every(({ letter }) => letter !== 's')) {
      return wrong('is the millisecond', 'ss', 'the second');
    }
    if (reads) return count > 3 ? fractionRead : undefined;
    return count === 3 ? undefined : fractionWritten;
  },
  z: (_run, all) =>
    all.some(({ letter }) => letter === 'E')
      ? undefined
      : mild('writes the name of the zone, such as PST', undefined, '"XXX", which every reader understands'),
};

function isMonth({ letter }: LetterRun): boolean {
  return letter === 'M' || letter === 'L';
}

function withoutHalf({ count }: LetterRun, all: readonly LetterRun[]): Finding | undefined {
  if (all.some(({ letter }) => letter === 'a')) return undefined;
  return wrong(
    'counts to 12 and there is no AM or PM',
    'H'.repeat(count),
    undefined,
    'Three in the afternoon becomes three in the morning.',
  );
}

const dayFirst: Finding = {
  severity: 'warning',
  says: 'stands between the year and the month: expected the month before the day',
  help: 'No provider is known that writes dates like this; with day and month swapped, most dates are wrong.',
  isCertain: false,
};

const fractionWritten: Finding = {
  severity: 'warning',
  says: 'is a whole number of milliseconds, not a fraction: expected "SSS"',
  help: 'Seven milliseconds become .000007 with six letters, and .7 with one. Only SSS writes .007.',
  instead: 'SSS',
  isCertain: false,
};

const fractionRead: Finding = {
  severity: 'warning',
  says: 'is a whole number of milliseconds, not a fraction: expected a pattern that ends with "ss"',
  help: '.451000 is read as 451,000 ms, so the record looks more than seven minutes newer than it is. A pattern that ends with ss skips the rest of the date; name its zone with updatedDateTimezone then, such as GMT.',
  isCertain: false,
};

function wrong(what: string, instead: string, meant?: string, help?: string): Finding {
  return {
    severity: 'error',
    says: `${what}: expected "${instead}"${meant === undefined ? '' : ` for ${meant}`}`,
    help: help ?? 'Capitals count in a pattern. Java takes it as it is and writes a wrong date.',
    instead,
    isCertain: true,
  };
}

function mild(what: string, instead?: string, expected = `"${instead}"`): Finding {
  return {
    severity: 'info',
    says: `${what}: expected ${expected}`,
    help: 'It works, but it is not what a reader takes it for.',
    ...(instead !== undefined && { instead }),
    isCertain: instead !== undefined,
  };
}
