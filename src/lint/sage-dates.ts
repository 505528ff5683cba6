import type { Entry, Leaf } from '../model/model.ts';
import { compilePattern } from '../template/compile-pattern.ts';
import { datePatternsOf, isUtc } from './date-patterns.ts';
import { findMistakenLetters } from './mistaken-letters.ts';

/** As Sage writes when a record was changed: in UTC, to the second. */
export const sageDate = '2018-08-20T15:30:07Z';
const sageDateMs = Date.parse(sageDate);

/** Reads them whatever the zone of the entry is. */
export const sageFormat = "yyyy-MM-dd'T'HH:mm:ssXXX";

export interface MisreadDate {
  readonly format: Leaf<string>;
  /** Undefined where it cannot be read at all. */
  readonly readAsMs: number | undefined;
}

/** The date formats of an entry of Sage's that do not read what stands in their fields. */
export function misreadDatesOf(entry: Entry): readonly MisreadDate[] {
  const { dates } = entry;
  return [
    ...misread(entry, dates?.updatedDateField, dates?.updatedDateFormat),
    ...misread(entry, dates?.createdDateField, dates?.createdDateFormat),
  ];
}

/** Told at a glance, since nearly all have one of them. */
const usualFormats = new Set(["yyyy-MM-dd'T'HH:mm:ss'Z'", sageFormat]);

function misread(
  entry: Entry,
  field: Leaf<string> | undefined,
  format: Leaf<string> | undefined,
): readonly MisreadDate[] {
  if (format === undefined || !isInstant(field?.value) || usualFormats.has(format.value)) return [];
  const result = compilePattern(format.value);
  if (result.ok && result.pattern.keyword !== undefined) return [{ format, readAsMs: undefined }];
  const pattern = datePatternsOf(entry).find(({ leaf }) => leaf === format);
  if (pattern?.zone?.isKnown !== true) return [];
  const { compiled, mark, zone } = pattern;
  // Of these there are rules that know better what is wrong.
  if (mark?.kind === 'utc' && !isUtc(zone)) return [];
  if (findMistakenLetters(compiled.pieces, { reads: true }).length > 0) return [];
  const readAsMs = compiled.parse(sageDate, zone)?.epochMs;
  return readAsMs === sageDateMs ? [] : [{ format, readAsMs }];
}

/** Other dates of Sage, such as that of an invoice, have no time. */
function isInstant(field: string | undefined): boolean {
  return field === 'updated_at' || field === 'created_at' || field === 'deleted_at';
}
