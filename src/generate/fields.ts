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
