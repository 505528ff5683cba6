import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { Plugin } from 'esbuild';
import { documentKinds } from '../src/schema/document-kind.ts';
import { createAjv, schemas, type SchemaName } from '../src/schema/validators.ts';

// The package's own types do not name the module that writes standalone code as a callable default.
const standaloneCode = createRequire(import.meta.url)('ajv/dist/standalone').default as (
  ajv: unknown,
  exports: Readonly<Record<string, string>>,
) => string;

/** What commands validate, by the module that it is compiled to: each is loaded when it is first needed. */
const compiled: Readonly<Record<string, readonly SchemaName[]>> = {
  './documents.cjs': documentKinds,
  './settings.cjs': ['settings'],
};

/** Puts what can be worked out now in place of the modules that do so at run time: ajv costs more than all the rest. */
export const compileSchemas: Plugin = {
  name: 'compile-schemas',
  setup(build) {
    const folder = resolve('src/schema');
    const isCompiled = /^\.\/(documents|settings)\.cjs$/;
    build.onResolve({ filter: isCompiled }, ({ path }) => ({ path, namespace: 'schemas' }));
    build.onLoad({ filter: isCompiled, namespace: 'schemas' }, ({ path }) => ({
      contents: standaloneValidators(compiled[path] ?? []),
      loader: 'js',
      resolveDir: folder,
    }));
    build.onLoad({ filter: /src\/schema\/validators\.ts$/ }, () => ({
      contents: validatorsModule(),
      loader: 'ts',
      resolveDir: folder,
    }));
    build.onLoad({ filter: /src\/schema\/(configuration|secret)-keys\.ts$/ }, async ({ path }) => ({
      contents: constantsOf((await import(path)) as object), // a module is an object
      loader: 'ts',
    }));
  },
};

function standaloneValidators(names: readonly SchemaName[]): string {
  const exported = Object.fromEntries(names.map((name) => [exportName(name), schemas[name].$id]));
  return parsedSchemas(withoutCopies(standaloneCode(createAjv({ source: true }), exported)));
}

/**
 * ajv copies all errors found so far whenever a part of a schema adds its own: with 20,000 wrong entries that takes longer
 * than everything else. Here they are added to the list that there is; nobody else looks at it.
 */
function withoutCopies(code: string): string {
  const copy = /vErrors === null ?\? ?(\w+)\.errors ?: ?vErrors\.concat\(\1\.errors\)/g;
  const appending = code.replaceAll(copy, 'vErrors === null ? $1.errors : append(vErrors, $1.errors)');
  if (appending.includes('vErrors.concat'))
    throw new Error('ajv writes other code than it did: see withoutCopies');
  return `${appending}\nfunction append(all, more) { for (const each of more) all.push(each); return all; }`;
}

/** Faster to read as JSON than as an object literal of this size, of which V8 keeps a second copy. */
function parsedSchemas(code: string): string {
  const parsed = code.replaceAll(
    /^const (schema\d+) = (\{.*\});$/gm,
    (_, name: string, schema: string) => `const ${name} = JSON.parse(${JSON.stringify(schema)});`,
  );
  if (/\bschema\d+ = \{/.test(parsed))
    throw new Error('ajv writes other code than it did: see parsedSchemas');
  return parsed;
}

function validatorsModule(): string {
  const names = Object.keys(schemas);
  const validators = Object.entries(compiled).flatMap(([module, of]) =>
    of.map((name) => `${JSON.stringify(name)}: () => require('${module}').${exportName(name)}`),
  );
  return [
    ...names.map((name) => `import ${exportName(name)} from '../../schemas/${name}.schema.json';`),
    `export const schemas = { ${names.map((name) => `${JSON.stringify(name)}: ${exportName(name)}`).join(', ')} };`,
    `const validators = { ${validators.join(', ')} };`,
    `export function validatorOf(name) { return validators[name](); }`,
  ].join('\n');
}

/** What a module exports, without what it was made from. */
function constantsOf(module: object): string {
  const constants = Object.entries(module);
  return constants.map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`).join('\n');
}

function exportName(name: string): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
