export type TemplateVariable =
  | 'date'
  | 'gmtDate'
  | 'dateTimeZone'
  | 'now'
  | 'nowTimeZone'
  | 'epoch'
  | 'milliseconds';

export type EpochUnit = 's' | 'ms' | 'us';

export interface VariableMeaning {
  readonly variable: TemplateVariable;
  readonly takes: 'pattern' | 'zone-and-pattern' | 'unit' | 'nothing';
  /** `since` is the time of the last poll, `now` that of this one. */
  readonly instant: 'since' | 'now';
  readonly meaning: string;
}

/** Every name that may follow `${`. `DateTimeZone` is in use, though documented nowhere. */
export const templateVariables: Readonly<Record<string, VariableMeaning>> = {
  date: {
    variable: 'date',
    takes: 'pattern',
    instant: 'since',
    meaning: "the time of the last poll, in the platform's own zone",
  },
  gmtDate: {
    variable: 'gmtDate',
    takes: 'pattern',
    instant: 'since',
    meaning: 'the time of the last poll, in GMT',
  },
  dateTimeZone: {
    variable: 'dateTimeZone',
    takes: 'zone-and-pattern',
    instant: 'since',
    meaning: 'the time of the last poll, in the zone named',
  },
  DateTimeZone: {
    variable: 'dateTimeZone',
    takes: 'zone-and-pattern',
    instant: 'since',
    meaning: 'the time of the last poll, in the zone named',
  },
  now: {
    variable: 'now',
    takes: 'pattern',
    instant: 'now',
    meaning: "the time of this poll, in the platform's own zone",
  },
  nowTimeZone: {
    variable: 'nowTimeZone',
    takes: 'zone-and-pattern',
    instant: 'now',
    meaning: 'the time of this poll, in the zone named',
  },
  epoch: {
    variable: 'epoch',
    takes: 'unit',
    instant: 'since',
    meaning: 'the time of the last poll, as a number since 1970',
  },
  milliseconds: {
    variable: 'milliseconds',
    takes: 'nothing',
    instant: 'since',
    meaning: 'the time of the last poll, in milliseconds since 1970',
  },
};

/** The variable that was most likely meant: the same letters in another case, or at most two typing mistakes away. */
export function suggestVariable(name: string): TemplateVariable | undefined {
  if (name.length > 20) return undefined;
  const other = otherNames.find(([names]) => names.test(name.trim()))?.[1];
  if (other !== undefined) return other;
  const candidates = Object.keys(templateVariables).map((known) => ({
    known,
    distance: editDistance(name.trim().toLowerCase(), known.toLowerCase()),
  }));
  candidates.sort((left, right) => left.distance - right.distance);
  const [best] = candidates;
  if (best === undefined || best.distance > Math.min(2, Math.floor(best.known.length / 3))) return undefined;
  return templateVariables[best.known]?.variable;
}

/** What other systems call them. */
const otherNames: readonly (readonly [RegExp, TemplateVariable])[] = [
  [
    /^(?:utc|gmt)_?(?:date|time|datetime)?$|^last_?(?:poll|run|sync|polled|check)(?:_?(?:date|time))?$/i,
    'gmtDate',
  ],
  [/^(?:unix|epoch)?_?(?:timestamp|time|seconds|millis)$/i, 'epoch'],
];

/** Insertions, deletions and replacements between two words. */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
