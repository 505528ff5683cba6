import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { Plugin } from 'esbuild';
import { createAjv, schemas } from '../src/schema/validators.ts';

// The package's own types do not name the module that writes standalone code as a callable default.
const standaloneCode = createRequire(import.meta.url)('ajv/dist/standalone').default as (
  ajv: unknown,
  exports: Readonly<Record<string, string>>,
) => string;

/** Puts validators compiled now in place of the module that compiles them at run time: ajv costs more than all the rest. */
export const compileSchemas: Plugin = {
  name: 'compile-schemas',
  setup(build) {
    const folder = resolve('src/schema');
    build.onResolve({ filter: /^\.\/standalone-validators\.cjs$/ }, () => ({
      path: 'standalone-validators.cjs',
      namespace: 'schemas',
    }));
    build.onLoad({ filter: /.*/, namespace: 'schemas' }, () => ({
      contents: standaloneValidators(),
      loader: 'js',
      resolveDir: folder,
    }));
    build.onLoad({ filter: /src\/schema\/validators\.ts$/ }, () => ({
      contents: validatorsModule(),
      loader: 'ts',
      resolveDir: folder,
    }));
  },
};

function standaloneValidators(): string {
  const names = Object.fromEntries(Object.entries(schemas).map(([name, { $id }]) => [exportName(name), $id]));
  return standaloneCode(createAjv({ source: true }), names);
}

function validatorsModule(): string {
  const names = Object.keys(schemas);
  return [
    `import validators from './standalone-validators.cjs';`,
    ...names.map((name) => `import ${exportName(name)} from '../../schemas/${name}.schema.json';`),
    `export const schemas = { ${names.map((name) => `${JSON.stringify(name)}: ${exportName(name)}`).join(', ')} };`,
    `const byName = { ${names.map((name) => `${JSON.stringify(name)}: validators.${exportName(name)}`).join(', ')} };`,
    `export function validatorOf(name) { return byName[name]; }`,
  ].join('\n');
}

function exportName(name: string): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
