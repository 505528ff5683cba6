import { schemas } from './validators.ts';

/** Keys that the schemas mark with `x-secret`. */
export const secretKeys: readonly string[] = [
  ...new Set(Object.values(schemas).flatMap((schema) => secretsOf(schema))),
];

function secretsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const properties = 'properties' in schema ? Object.entries(schema.properties ?? {}) : [];
  const own = properties.filter(([, property]) => isSecret(property)).map(([key]) => key);
  return [...own, ...Object.values(schema).flatMap(secretsOf)];
}

function isSecret(property: unknown): boolean {
  return (
    typeof property === 'object' &&
    property !== null &&
    'x-secret' in property &&
    property['x-secret'] === true
  );
}
