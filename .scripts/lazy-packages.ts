import type { Plugin } from 'esbuild';

/**
 * Packages that most runs do without. Each becomes a file of its own, which is loaded when the first of its exports is
 * used: reading and starting `yaml` alone costs as much as checking a small file.
 */
export const lazyPackages = ['diff', 'tinyglobby', 'yaml'];

/** For the files of `dist/commands`: imports of the packages above become getters. */
export const loadPackagesLazily: Plugin = {
  name: 'load-packages-lazily',
  setup(build) {
    const names = new RegExp(`^(${lazyPackages.join('|')})$`);
    build.onResolve({ filter: names }, ({ path }) => ({ path, namespace: 'lazy' }));
    build.onResolve({ filter: /^\.\.\/packages\// }, ({ path }) => ({ path, external: true }));
    build.onLoad({ filter: names, namespace: 'lazy' }, async ({ path }) => ({
      contents: gettersOf(path, Object.keys((await import(path)) as object)), // a module is an object
      loader: 'js',
    }));
  },
};

function gettersOf(name: string, exported: readonly string[]): string {
  const names = exported.filter((each) => /^\w+$/.test(each));
  const getters = names.map((each) => `get ${each}() { return load().${each}; }`);
  return `const load = () => require('../packages/${name}.cjs');\nmodule.exports = { ${getters.join(', ')} };`;
}
