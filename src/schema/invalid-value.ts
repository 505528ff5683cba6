import type { ErrorObject } from 'ajv';

export interface InvalidValue {
  readonly rule: 'wrong-type' | 'invalid-value';
  readonly message: string;
  readonly help?: string;
}

export function isSecretSchema(schema: ErrorObject['parentSchema']): boolean {
  return schema?.['x-secret'] === true;
}

/** Says what was expected, in the schema's own words where it has some (`x-expected`), and what was found. */
export function describeInvalidValue(error: ErrorObject, isSecret: boolean): InvalidValue {
  const expected = String(error.parentSchema?.['x-expected'] ?? expectationOf(error));
  const found = isSecret ? kindOf(error.data) : quote(error.data);
  const description: unknown = error.parentSchema?.['description'];
  return {
    rule: isWrongType(error) ? 'wrong-type' : 'invalid-value',
    message: `expected ${expected}, found ${found}`,
    ...(typeof description === 'string' && { help: description }),
  };
}

/** Text where a number or a boolean belongs is a wrong type, even where a string that holds one would do. */
function isWrongType(error: ErrorObject): boolean {
  if (error.keyword === 'type') return true;
  const types: unknown = error.parentSchema?.['type'];
  return (
    Array.isArray(types) && types.length > 1 && (error.keyword === 'enum' || error.keyword === 'pattern')
  );
}

const typeNames: Record<string, string> = {
  array: 'a list',
  boolean: 'true or false',
  integer: 'a whole number',
  null: 'nothing',
  number: 'a number',
  object: 'an object',
  string: 'text',
};

function expectationOf({ keyword, params }: ErrorObject): string {
  if (keyword === 'type')
    return [params['type']]
      .flat()
      .map((type) => typeNames[String(type)])
      .join(' or ');
  if (keyword === 'enum') return [params['allowedValues']].flat().map(quote).join(' or ');
  if (keyword === 'const') return quote(params['allowedValue']);
  if (keyword === 'minLength' || keyword === 'minProperties' || keyword === 'minItems')
    return 'something that is not empty';
  if (keyword === 'maxLength') return `at most ${params['limit']} characters`;
  if (keyword === 'minimum') return `at least ${params['limit']}`;
  if (keyword === 'exclusiveMinimum') return `more than ${params['limit']}`;
  return 'another value';
}

/** A secret is not quoted. */
function kindOf(value: unknown): string {
  if (typeof value === 'number') return 'a number';
  if (typeof value === 'boolean') return 'true or false';
  return typeof value === 'string' ? 'something else' : quote(value);
}

function quote(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'an empty object' : 'an object';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
