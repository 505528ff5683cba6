import { readdir } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Plugin } from 'esbuild';

/** Modules that read their folder at run time; a bundle has no folder, so it gets the list of today. */
const registries: Record<string, (names: readonly string[]) => string> = {
  'src/commands/index.ts': (names) => lazyRegistry('commandNames', 'loadCommand', without(names, 'command')),
  'src/report/formats/index.ts': (names) => lazyRegistry('formatNames', 'loadFormat', names),
  'src/lint/rules/index.ts': (names) =>
    [
      ...names.map((name, index) => `import rule${index} from './${name}.ts';`),
      `export const rules = [${names.map((_, index) => `rule${index}`).join(', ')}];`,
    ].join('\n'),
};

export const bundleFolders: Plugin = {
  name: 'bundle-folders',
  setup(build) {
    build.onLoad({ filter: /index\.ts$/ }, async ({ path }) => {
      const entry = Object.entries(registries).find(([module]) => resolve(module) === path);
      if (entry === undefined) return undefined;
      const folder = dirname(path);
      const files = (await readdir(folder)).filter((file) => file.endsWith('.ts') && file !== 'index.ts');
      const contents = entry[1](files.map((file) => basename(file, '.ts')).sort());
      return { contents, loader: 'ts', resolveDir: folder };
    });
  },
};

function without(names: readonly string[], unwanted: string): readonly string[] {
  return names.filter((name) => name !== unwanted);
}

function lazyRegistry(namesExport: string, loadExport: string, names: readonly string[]): string {
  const loaders = names.map((name) => `  ${JSON.stringify(name)}: () => import('./${name}.ts'),`);
  return [
    `const loaders = {`,
    ...loaders,
    `};`,
    `export const ${namesExport} = Object.keys(loaders);`,
    `export async function ${loadExport}(name) { return (await loaders[name]()).default; }`,
  ].join('\n');
}
