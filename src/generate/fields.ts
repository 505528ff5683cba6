import type { Value } from '../document/to-value.ts';

/** One key of an object, as the templates take it. */
export interface Field {
  readonly key: string;
  readonly value: Value;
  /** The keys below it; undefined for what stands on one line. */
  readonly fields: readonly Field[] | undefined;
}

export interface ObjectValue {
  readonly [key: string]: Value;
}

export function toFields(object: ObjectValue): Field[] {
  return Object.entries(object).map(([key, value]) => {
    const isNested = isObject(value) && Object.keys(value).length > 0;
    return { key, value, fields: isNested ? toFields(value) : undefined };
  });
}

export function isObject(value: Value): value is ObjectValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
