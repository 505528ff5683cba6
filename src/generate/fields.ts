import type { Value } from '../document/to-value.ts';

/** One key of an object, as the templates take it. */
export interface Field {
  readonly key: string;
  readonly value: Value;
  readonly isNested: boolean;
  /** The keys below it; none for what stands on one line. */
  readonly fields: readonly Field[];
}

export interface ObjectValue {
  readonly [key: string]: Value;
}

export function toFields(object: ObjectValue): Field[] {
  return Object.entries(object).map(([key, value]) => {
    const fields = isObject(value) ? toFields(value) : [];
    return { key, value, isNested: fields.length > 0, fields };
  });
}

export function isObject(value: Value): value is ObjectValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Equal in keys and values, whatever the order of the keys and the prototypes of the objects. */
export function isSameValue(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right))
    return (
      left.length === right.length && left.every((item: Value, index) => isSameValue(item, right[index]))
    );
  if (!isObject(left) || !isObject(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => {
      const [inner, other] = [left[key], right[key]];
      return (
        Object.hasOwn(right, key) && inner !== undefined && other !== undefined && isSameValue(inner, other)
      );
    })
  );
}
