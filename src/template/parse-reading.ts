import type { Fields } from './resolve-fields.ts';
import type { Zone } from './resolve-zone.ts';

/** The reading of one text: where it is, and what was found so far. */
export interface Reading {
  readonly text: string;
  readonly fields: Fields;
  readonly century: Century;
  zone: Zone;
  /** True when the two-digit year is the one that ends the century window, and the rest of the date decides. */
  isYearAmbiguous: boolean;
}

/** Two-digit years lie in the hundred years from here. */
export interface Century {
  readonly startMs: number;
  readonly startYear: number;
}

/** `lowerCase` must be in lower case. */
export function startsWithIgnoringCase(text: string, start: number, lowerCase: string): boolean {
  return text.slice(start, start + lowerCase.length).toLowerCase() === lowerCase;
}
