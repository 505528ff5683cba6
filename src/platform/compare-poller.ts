import type { Value } from '../document/to-value.ts';
import { readPollerValue } from './live-instance.ts';

/** One difference inside two poller configurations. */
export interface PollerDifference {
  /** Resource, then key by key: `['customers', 'datesConfiguration', 'updatedDateField']`; empty for the whole. */
  readonly path: readonly string[];
  readonly before: Value | undefined;
  readonly after: Value | undefined;
}

/** What a key stands for where it is left out. */
const defaults: ReadonlyMap<string, string> = new Map([
  ['filterByUpdatedDate', 'true'],
  ['pollDelay', '0'],
]);

/**
 * Compares what two poller configurations mean: an object or the same as JSON in a string, keys in any order, booleans and
 * numbers also as strings, defaults also left out.
 */
export function comparePollers(before: Value, after: Value): readonly PollerDifference[] {
  const left = readPollerValue(before);
  const right = readPollerValue(after);
  return isObject(left) && isObject(right)
    ? compareObjects(left, right, [])
    : isSameScalar(left, right)
      ? []
      : [{ path: [], before: left, after: right }];
}

/** Equal as the platform reads it, which keeps every value as a string. */
export function isSameScalar(left: Value | undefined, right: Value | undefined): boolean {
  return textOf(left) === textOf(right);
}

type ObjectValue = Readonly<Record<string, Value>>;

function compareObjects(
  before: ObjectValue,
  after: ObjectValue,
  path: readonly string[],
): readonly PollerDifference[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => {
    const place = [...path, key];
    const [left, right] = [ownValue(before, key), ownValue(after, key)];
    if (isObject(left) && isObject(right)) return compareObjects(left, right, place);
    const assumed = path.length === 1 ? defaults.get(key) : undefined;
    return isSameScalar(left ?? assumed, right ?? assumed)
      ? []
      : [{ path: place, before: left, after: right }];
  });
}

/** A resource may be called `constructor`, which every object has. */
function ownValue(object: ObjectValue, key: string): Value | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function isObject(value: Value | undefined): value is ObjectValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: Value | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
