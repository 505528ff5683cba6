import { matchAt } from './match-at.ts';
import { startsWithIgnoringCase } from './parse-reading.ts';
import type { Reading } from './parse-reading.ts';
import { clearField, setField } from './resolve-fields.ts';
import type { Fields } from './resolve-fields.ts';
import { resolveZone } from './resolve-zone.ts';
import { findZoneNames, listZoneNames } from './zone-names.ts';
import type { ZoneNames } from './zone-names.ts';
import { daylightSaving } from './zone-offset.ts';

/** Reads what `z`, `Z` or `X` stands for. `start` is before the blanks that were skipped, `at` behind them. */
export function parseZoneLetters(
  reading: Reading,
  start: number,
  at: number,
  letter: 'z' | 'Z' | 'X',
  count: number,
): number | undefined {
  const { text, fields } = reading;
  const sign = readSign(text, at);
  if (letter === 'X') {
    if (text.charAt(at) === 'Z') return setOffset(fields, 0, at + 1);
    return sign === 0
      ? undefined
      : parseOffset(fields, text, at + 1, sign, { digits: count, hasColon: count === 3 });
  }
  if (sign !== 0) return parseOffset(fields, text, at + 1, sign, { digits: 0, hasColon: false });
  // Java looks for GMT before the blanks it skipped: behind a blank, GMT is found as a zone name instead.
  if (startsWithIgnoringCase(text, start, 'gmt')) return parseGmt(reading, start + 3);
  return parseZoneName(reading, at);
}

function readSign(text: string, at: number): -1 | 0 | 1 {
  const char = text.charAt(at);
  if (char === '+') return 1;
  return char === '-' ? -1 : 0;
}

function parseGmt({ text, fields }: Reading, at: number): number | undefined {
  const sign = readSign(text, at);
  if (sign === 0) return setOffset(fields, 0, at);
  return parseOffset(fields, text, at + 1, sign, { digits: 0, hasColon: true });
}

interface OffsetForm {
  /** The number of X: one reads hours only, and any forces two digits of hours. */
  readonly digits: number;
  readonly hasColon: boolean;
}

function parseOffset(
  fields: Fields,
  text: string,
  start: number,
  sign: number,
  { digits, hasColon }: OffsetForm,
): number | undefined {
  const hourDigits = digits > 0 || !hasColon ? /\d{2}/y : /\d{1,2}/y;
  const hours = matchAt(hourDigits, text, start);
  if (hours === undefined || Number(hours) > 23) return undefined;
  const afterHours = start + hours.length;
  if (digits === 1) return setOffset(fields, sign * Number(hours) * 60, afterHours);
  const minutes = matchAt(hasColon ? /:\d{2}/y : /\d{2}/y, text, afterHours);
  if (minutes === undefined) return undefined;
  const minute = Number(minutes.replace(':', ''));
  if (minute > 59) return undefined;
  return setOffset(fields, sign * (Number(hours) * 60 + minute), afterHours + minutes.length);
}

function setOffset(fields: Fields, minutes: number, end: number): number {
  setField(fields, 'zoneOffset', minutes * 60_000);
  setField(fields, 'daylightOffset', 0);
  return end;
}

/** The pattern's own zone is asked first, then Java's whole list in its order: `IST` is Israel's unless India asks. */
function parseZoneName(reading: Reading, at: number): number | undefined {
  const own = findZoneNames(reading.zone.javaId);
  const ownMatch = own === undefined ? undefined : matchNames(own, reading.text, at);
  const match = ownMatch ?? searchNames(reading.text, at);
  if (match === undefined) return undefined;
  if (ownMatch === undefined) reading.zone = resolveZone(match.names.firstId);
  const saving = match.isDaylight ? daylightSaving(reading.zone) : 0;
  // Names that do not tell summer from winter leave the offset to the zone's own rules.
  if (!match.isSameAllYear && !(match.isDaylight && saving === 0)) {
    clearField(reading.fields, 'zoneOffset');
    setField(reading.fields, 'daylightOffset', saving);
  }
  return at + match.length;
}

interface NameMatch {
  readonly names: ZoneNames;
  readonly length: number;
  readonly isDaylight: boolean;
  readonly isSameAllYear: boolean;
}

function searchNames(text: string, at: number): NameMatch | undefined {
  for (const names of listZoneNames()) {
    const match = matchNames(names, text, at);
    if (match !== undefined) return match;
  }
  return undefined;
}

function matchNames(names: ZoneNames, text: string, at: number): NameMatch | undefined {
  const { long, short, longDaylight, shortDaylight } = names;
  const order = [long, short, longDaylight, shortDaylight];
  const index = order.findIndex((name) => startsWithIgnoringCase(text, at, name.toLowerCase()));
  const found = order[index];
  if (found === undefined) return undefined;
  const isSameAllYear = index < 2 && found.toLowerCase() === order[index + 2]?.toLowerCase();
  return { names, length: found.length, isDaylight: index >= 2, isSameAllYear };
}
