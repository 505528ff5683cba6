import type { Plugin } from 'esbuild';

/**
 * Packages that most runs do without. Each becomes a file of its own, which is loaded when the first of its exports is
 * used: reading and starting `yaml` alone costs as much as checking a small file.
 */
export const lazyPackages = ['diff', 'pg', 'pg-boss', 'tinyglobby', 'yaml'];

/** Parts of Node that most runs of a command do without, and that are not in the snapshot that Node starts from. */
const lazyBuiltins = ['node:child_process', 'node:crypto', 'node:fs/promises', 'node:url', 'node:v8'];

/** For the files of `dist/commands`: imports of the modules above become getters. */
export const loadPackagesLazily: Plugin = {
  name: 'load-packages-lazily',
  setup(build) {
    const names = new RegExp(`^(${[...lazyPackages, ...lazyBuiltins].join('|')})$`);
    // Of the getters' own module there is nothing to put off.
    build.onResolve({ filter: names }, ({ path, namespace }) =>
      namespace === 'lazy' ? { path, external: true } : { path, namespace: 'lazy' },
    );
    build.onLoad({ filter: names, namespace: 'lazy' }, async ({ path }) => ({
      contents: gettersOf(path, Object.keys((await import(path)) as object)), // a module is an object
      loader: 'js',
    }));
  },
};

function gettersOf(name: string, exported: readonly string[]): string {
  const names = exported.filter((each) => /^\w+$/.test(each));
  const getters = names.map((each) => `get ${each}() { return load().${each}; }`);
  const source = lazyBuiltins.includes(name) ? `'${name}'` : `__dirname + '/../packages/${name}.cjs'`;
  return `const load = () => require(${source});\nmodule.exports = { ${getters.join(', ')} };`;
}
