import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { Plugin } from 'esbuild';

/** Names of the commands among the files of `src/commands`. */
export function commandModules(files: readonly string[]): readonly string[] {
  return moduleNames(files).filter((name) => name !== 'command');
}

/** Modules that read their folder at run time; a bundle has no folder, so it gets the list of today. */
const registries: Record<string, (files: readonly string[]) => string> = {
  'src/commands/index.ts': (files) => {
    const names = commandModules(files);
    const loaders = names.map(
      (name) => `${JSON.stringify(name)}: () => loadBundle(join(folder, '${name}.cjs')).default,`,
    );
    return [
      `import { basename, join } from 'node:path';`,
      // `completion` is a command itself, and stands among the others.
      `const folder = basename(__dirname) === 'commands' ? __dirname : join(__dirname, 'commands');`,
      `import { loadBundle } from ${JSON.stringify(resolve('.scripts/load-bundle.ts'))};`,
      lazyRegistry('commandNames', 'loadCommand', loaders),
    ].join('\n');
  },
  'src/report/formats/index.ts': (files) => {
    const names = moduleNames(files);
    return [
      // Not `import()`: esbuild would then keep all of what the formats have in common with the rest of the command.
      ...names.map((name, index) => `import format${index} from './${name}.ts';`),
      `const formats = { ${names.map((name, index) => `${JSON.stringify(name)}: format${index}`).join(', ')} };`,
      `export const formatNames = Object.keys(formats);`,
      `export async function loadFormat(name) { return formats[name]; }`,
    ].join('\n');
  },
  'src/lint/rules/index.ts': (files) => {
    const names = moduleNames(files);
    return [
      ...names.map((name, index) => `import rule${index} from './${name}.ts';`),
      `export const rules = [${names.map((_, index) => `rule${index}`).join(', ')}];`,
    ].join('\n');
  },
};

export const bundleFolders: Plugin = {
  name: 'bundle-folders',
  setup(build) {
    build.onLoad({ filter: /index\.ts$/ }, ({ path }) => {
      const registry = Object.entries(registries).find(([module]) => resolve(module) === path)?.[1];
      if (registry === undefined) return undefined;
      return { contents: registry(readdirSync(dirname(path))), loader: 'ts', resolveDir: dirname(path) };
    });
  },
};

/** Only `explain` shows them: behind a function they are not compiled, let alone cached, by anybody else. */
export const lazyExamples: Plugin = {
  name: 'lazy-examples',
  setup(build) {
    build.onLoad({ filter: /src\/lint\/rules\/[a-z0-9-]+\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(
        /^ {2}examples: (\[\n.*?^ {2}\]),$/ms,
        '  get examples() { return $1; },',
      ),
      loader: 'ts',
    }));
  },
};

function moduleNames(files: readonly string[]): readonly string[] {
  const modules = files.filter((file) => file.endsWith('.ts') && file !== 'index.ts');
  return modules.map((file) => basename(file, '.ts')).sort((left, right) => left.localeCompare(right));
}

function lazyRegistry(namesExport: string, loadExport: string, loaders: readonly string[]): string {
  return [
    `const loaders = {`,
    ...loaders,
    `};`,
    `export const ${namesExport} = Object.keys(loaders);`,
    `export async function ${loadExport}(name) { return loaders[name](); }`,
  ].join('\n');
}
