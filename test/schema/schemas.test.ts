import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { appendToPointer } from '../../src/document/json-pointer.ts';
import { createAjv, schemas, validatorOf, type SchemaName } from '../../src/schema/validators.ts';

const folder = resolve(import.meta.dirname, '../../schemas');

interface Property {
  readonly path: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

/** Every subschema that describes a value of its own, by its place: those under properties and patternProperties. */
function* propertiesOf(schema: unknown, path: string): Iterable<Property> {
  if (typeof schema !== 'object' || schema === null) return;
  for (const [keyword, value] of Object.entries(schema)) {
    if (['examples', 'enum', 'const', 'if'].includes(keyword)) continue;
    const below = appendToPointer(path, keyword);
    if (keyword !== 'properties' && keyword !== 'patternProperties') yield* propertiesOf(value, below);
    else yield* namedProperties(value as Readonly<Record<string, Property['schema']>>, below); // JSON Schema says so
  }
}

function* namedProperties(
  named: Readonly<Record<string, Property['schema']>>,
  path: string,
): Iterable<Property> {
  for (const [name, schema] of Object.entries(named)) {
    const pointer = appendToPointer(path, name);
    if (!('$ref' in schema)) yield { path: pointer, schema };
    yield* propertiesOf(schema, pointer);
  }
}

describe('the schemas', () => {
  it('are all registered', () => {
    const files = readdirSync(folder).map((file) => file.replace('.schema.json', ''));
    expect(Object.keys(schemas).sort()).toEqual(files.sort());
  });

  describe.each(Object.keys(schemas) as SchemaName[])('%s', (name) => {
    it('names itself by its file', () => {
      expect(schemas[name].$id.endsWith(`/${name}.schema.json`)).toBe(true);
      expect(JSON.parse(readFileSync(resolve(folder, `${name}.schema.json`), 'utf8'))).toEqual(schemas[name]);
    });

    it('follows draft 7, which editors read', () => {
      expect(new Ajv().validateSchema(schemas[name])).toBe(true);
    });

    it('describes every property and gives examples that are valid', () => {
      const ajv = createAjv({ source: false });
      for (const { path, schema } of propertiesOf(schemas[name], '')) {
        expect(schema['description'], `${path} has a description`).toMatch(/\S/);
        const examples = schema['examples'] as readonly unknown[] | undefined;
        expect(examples?.length, `${path} has examples`).toBeGreaterThan(0);
        const validate = ajv.compile({ $ref: `${schemas[name].$id}#${encodeURI(path)}` });
        for (const example of examples ?? [])
          expect(validate(example), `${path}: ${JSON.stringify(example)}`).toBe(true);
      }
    });
  });

  it('take the vendor’s own sample', () => {
    const sample: unknown = JSON.parse(
      readFileSync(resolve(folder, '../fixtures/seed/instance-example.json'), 'utf8'),
    );
    expect(validatorOf('instance')(sample)).toBe(true);
  });
});
